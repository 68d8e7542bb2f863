// Spans of attempts, with a context manager and a provider of a few lines instead of an SDK.
// They are registered one after the other, so that the order of these tests matters.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  type Span,
  trace,
} from '@opentelemetry/api';
import type { Assigned } from './lease.ts';
import { startSpan } from './spans.ts';

const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
const assigned = {
  ref: { taskId: 't1', leaseEpoch: 3 },
  handler: 'work',
  attempt: 1,
  traceparent: 'of the submitter',
  tracestate: '',
} as Assigned;

let active: Context = ROOT_CONTEXT;
const contextManager = {
  active: () => active,
  with<Args extends unknown[], Self, Result>(
    given: Context,
    run: (this: Self, ...args: Args) => Result,
    self?: Self,
    ...args: Args
  ): Result {
    const before = active;
    active = given;
    try {
      return run.call(self as Self, ...args);
    } finally {
      active = before;
    }
  },
  bind: <Target>(_given: Context, target: Target) => target,
  enable: () => contextManager,
  disable: () => contextManager,
};
const propagator = {
  inject() {},
  extract: (given: Context) => trace.setSpanContext(given, remote),
  fields: () => [],
};

describe('the span of an attempt', () => {
  after(() => {
    context.disable();
    propagation.disable();
    trace.disable();
  });

  test('is not made while nobody would notice it', () => {
    assert.equal(startSpan(assigned), undefined);
  });

  test('carries on the context of the submitter where there is only a context', () => {
    context.setGlobalContextManager(contextManager);
    propagation.setGlobalPropagator(propagator);
    const seen = startSpan(assigned)?.run(() => trace.getActiveSpan()?.spanContext());
    assert.equal(seen?.traceId, remote.traceId);
  });

  test('tells the outcome to a provider', () => {
    const told: unknown[] = [];
    const span = {
      spanContext: () => INVALID_SPAN_CONTEXT,
      setAttribute: (...attribute: unknown[]) => told.push(attribute),
      setStatus: ({ message }: { message: string }) => told.push(message),
      end: () => told.push('end'),
    } as unknown as Span;
    const tracer = {
      startSpan: (name: string) => {
        told.push(name);
        return span;
      },
      startActiveSpan: () => {
        throw new Error('Not used.');
      },
    };
    trace.setGlobalTracerProvider({ getTracer: () => tracer });
    const failure = { name: 'Late', message: 'too late', nonRetryable: false };
    startSpan(assigned)?.end({ failure });
    assert.deepEqual(told, [
      'work process',
      ['muster.task.outcome', 'failure'],
      ['error.type', 'Late'],
      'too late',
      'end',
    ]);
  });
});
