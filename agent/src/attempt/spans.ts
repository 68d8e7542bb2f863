// One CONSUMER span per attempt, a child of the span that submitted the task. Only the
// OpenTelemetry API: without an SDK in the application there are no spans, and to make ones that
// do nothing would cost each attempt as much as its place in the outbox.

import { isTraced } from '@muster/sdk/internal';
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Assigned, Result } from './lease.ts';

/** The span of one attempt. */
export interface AttemptSpan {
  /** Runs the handler with the span as the active one. */
  run<Value>(action: () => Value): Value;
  /** The attempt has ended; undefined: its lease had lapsed. */
  end(result: Result | undefined): void;
}

const tracer = trace.getTracer('@muster/agent');

/** Begins the span of an attempt. Undefined: nobody would see it. */
export function startSpan(assigned: Assigned): AttemptSpan | undefined {
  if (!isTraced()) return undefined;
  const parent = submitterContext(assigned);
  const span = tracer.startSpan(
    `${assigned.handler} process`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'muster',
        'messaging.operation.type': 'process',
        'messaging.destination.name': assigned.handler,
        'messaging.message.id': assigned.ref.taskId,
        'muster.task.attempt': assigned.attempt,
        'muster.task.lease_epoch': assigned.ref.leaseEpoch,
      },
    },
    parent,
  );
  const inside = trace.setSpan(parent, span);
  return {
    run: (action) => context.with(inside, action),
    end(result) {
      describe(span, result);
      span.end();
    },
  };
}

function submitterContext({ traceparent, tracestate }: Assigned): Context {
  if (traceparent === '') return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, { traceparent, tracestate });
}

function describe(span: Span, result: Result | undefined): void {
  const outcome = result === undefined ? 'lapsed' : (Object.keys(result)[0] ?? '');
  span.setAttribute('muster.task.outcome', outcome);
  if (result && 'failure' in result) {
    const { name = '', message = '' } = result.failure;
    span.setAttribute('error.type', name);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
}
