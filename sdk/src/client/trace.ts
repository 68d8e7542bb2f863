// The trace context that travels with a task, W3C form, taken from the active OpenTelemetry
// span. Only the API: without an SDK in the process there is no active span and nothing is sent.

import {
  context,
  createContextKey,
  isSpanContextValid,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** W3C trace context; empty strings: none. */
export interface TraceParts {
  /** `traceparent`. */
  readonly traceparent: string;
  /** `tracestate`, at most 512 bytes. */
  readonly tracestate: string;
}

const tracestateBytesMax = 512;

const noProvider = new ProxyTracerProvider().getDelegate();

/** Whether spans that are made now come to somebody: an SDK may be registered at any time. */
function hasProvider(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== noProvider;
}

const marked = ROOT_CONTEXT.setValue(createContextKey('muster'), true);
const isMarked = () => context.active() === marked;

/** Whether a span, or only the context that it carries on, would be noticed by anybody in this process. */
export function isTraced(): boolean {
  return hasProvider() || context.with(marked, isMarked);
}

/** The trace context of the active span; if there is none, `fallback`. */
export function activeTrace(
  fallback: TraceParts = { traceparent: '', tracestate: '' },
): TraceParts {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return fallback;
  const flags = (span.traceFlags & 0xff).toString(16).padStart(2, '0');
  const tracestate = span.traceState?.serialize() ?? '';
  return {
    traceparent: `00-${span.traceId}-${span.spanId}-${flags}`,
    tracestate: Buffer.byteLength(tracestate) <= tracestateBytesMax ? tracestate : '',
  };
}

/** Runs `submit` in a span of kind PRODUCER, whose context its tasks carry. */
export function inSubmitSpan<Result>(
  handler: string,
  count: number,
  submit: () => Promise<Result>,
): Promise<Result> {
  // A span of nobody has the context that is active anyway.
  if (!hasProvider()) return submit();
  const attributes = { 'muster.handler': handler, 'muster.tasks': count };
  const options = { kind: SpanKind.PRODUCER, attributes };
  return trace
    .getTracer('@muster/sdk')
    .startActiveSpan(`submit ${handler}`, options, async (span) => {
      try {
        return await submit();
      } catch (error) {
        if (error instanceof Error) span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}
