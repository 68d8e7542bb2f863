// Points in time as the contract carries them. A Date holds milliseconds: finer parts are cut.

import type { Timestamp, Timestamp__Output } from '@muster/proto';

/** The contract's form of a Date. */
export function dateToWire(date: Date): Timestamp {
  const ms = date.getTime();
  const seconds = Math.floor(ms / 1_000);
  return { seconds, nanos: (ms - seconds * 1_000) * 1e6 };
}

/** A received point in time. Undefined: the field was not set. */
export function wireToDate(timestamp: Timestamp__Output | null | undefined): Date | undefined {
  return timestamp
    ? new Date(timestamp.seconds * 1_000 + Math.floor(timestamp.nanos / 1e6))
    : undefined;
}
