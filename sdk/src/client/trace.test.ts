// The trace context of a submit, with a context manager of a few lines instead of an SDK.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Context, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { activeTrace } from './trace.ts';

let active: Context = ROOT_CONTEXT;
context.setGlobalContextManager({
  active: () => active,
  with(given, run, self, ...args) {
    const before = active;
    active = given;
    try {
      return run.call(self, ...args);
    } finally {
      active = before;
    }
  },
  bind: (_given, target) => target,
  enable() {
    return this;
  },
  disable() {
    return this;
  },
});
after(() => context.disable());

describe('the trace context of a submit', () => {
  const traceId = 'a'.repeat(32);
  const spanId = 'b'.repeat(16);

  it('is that of the active span', () => {
    const span = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1 });
    const fallback = { traceparent: 'of the task', tracestate: 'x=1' };
    const found = context.with(span, () => activeTrace(fallback));
    assert.deepEqual(found, { traceparent: `00-${traceId}-${spanId}-01`, tracestate: '' });
  });

  it('is that of the submitting task where there is no valid span', () => {
    const fallback = { traceparent: 'of the task', tracestate: 'x=1' };
    assert.deepEqual(activeTrace(fallback), fallback);
    const invalid = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: '0'.repeat(32),
      spanId,
      traceFlags: 1,
    });
    assert.deepEqual(
      context.with(invalid, () => activeTrace()),
      { traceparent: '', tracestate: '' },
    );
  });
});
