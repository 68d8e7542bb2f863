/**
 * The span of a submit, by OpenTelemetry's API alone: without an SDK in the process it costs next to nothing.
 *
 * Tasks that bring no trace of their own belong to this span, or, where nothing is recorded, to that of the caller.
 */
import {
  context as activeContext,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { isTraceparent } from '../../rules/names.ts';
import type { Caller } from '../edge.ts';

/** Runs a submit under its span; `traceparent` is '' where there is no trace. */
export async function traceSubmit<Result>(
  caller: Caller,
  taskCount: number,
  run: (traceparent: string) => Promise<Result>,
): Promise<Result> {
  const parent = remoteParent(caller.traceparent);
  const span = trace
    .getTracer('muster')
    .startSpan(
      'muster submit',
      { kind: SpanKind.SERVER, attributes: { 'muster.tasks': taskCount } },
      parent,
    );
  try {
    return await activeContext.with(trace.setSpan(parent, span), () =>
      run(traceparentOf(span) || caller.traceparent),
    );
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    span.end();
  }
}

function remoteParent(traceparent: string) {
  if (!isTraceparent(traceparent)) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!span.isRecording() || !isSpanContextValid(span.spanContext())) return '';
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
