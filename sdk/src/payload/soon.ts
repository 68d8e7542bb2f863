// Values that are here already, or are promised. Most handlers, schemas and payloads of a busy
// process need no wait, and each `await` without one would cost a promise, a turn of the
// microtask queue and what both keep alive: six of them were a third of an attempt's price.

/** A value, or the promise of one. */
export type Soon<Value> = Value | PromiseLike<Value>;

/** True for what `await` would wait for. */
export function isPromised<Value>(value: Soon<Value>): value is PromiseLike<Value> {
  const kind = typeof value;
  if ((kind !== 'object' && kind !== 'function') || value === null) return false;
  return typeof (value as Partial<PromiseLike<Value>>).then === 'function';
}
