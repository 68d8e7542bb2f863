// Ids of tasks: UUIDv7, made here so that a submit sent twice is stored once. Within a process
// they rise strictly, even when the clock stands still or is set back.

import { randomFillSync } from 'node:crypto';

/** Ids per millisecond before the next millisecond is borrowed: 12 bits of counter. */
const counterMax = 0xfff;

/** Random bytes that are drawn at a time: a draw costs 1 to 6 µs, however many bytes it gives. */
const poolBytes = 16 * 256;

/** Makes a source of ids from a clock (milliseconds since 1970) and a filler of random bytes. */
export function createIdSource(
  now: () => number,
  fillRandom: (bytes: Buffer) => void,
): () => string {
  // Not of the pool that Node shares out: `fillRandom` may use all of its memory.
  const pool = Buffer.allocUnsafeSlow(poolBytes);
  let at = poolBytes;
  let lastMs = 0;
  let counter = 0;
  return () => {
    if (at === poolBytes) {
      fillRandom(pool);
      at = 0;
    }
    const ms = Math.floor(now());
    if (ms > lastMs) {
      lastMs = ms;
      // The lower half of the counter's range, so that it can rise.
      counter = pool.readUInt16BE(at + 6) & (counterMax >> 1);
    } else if (counter < counterMax) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = 0;
    }
    pool.writeUIntBE(lastMs, at, 6);
    pool.writeUInt16BE(0x7000 | counter, at + 6);
    pool[at + 8] = 0x80 | ((pool[at + 8] ?? 0) & 0x3f);
    const hex = pool.toString('hex', at, at + 16);
    at += 16;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** A new id of this process. */
export const newTaskId = createIdSource(Date.now, (bytes) => randomFillSync(bytes));

/** True for the text form of a UUID. */
export function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);
}
