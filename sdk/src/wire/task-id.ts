// Ids of tasks: UUIDv7, made here so that a submit sent twice is stored once. Within a process
// they rise strictly, even when the clock stands still or is set back.

import { randomFillSync } from 'node:crypto';

/** Ids per millisecond before the next millisecond is borrowed: 12 bits of counter. */
const counterMax = 0xfff;

/** Makes a source of ids from a clock (milliseconds since 1970) and a filler of random bytes. */
export function createIdSource(
  now: () => number,
  fillRandom: (bytes: Buffer) => void,
): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const bytes = Buffer.alloc(16);
    fillRandom(bytes);
    const ms = Math.floor(now());
    if (ms > lastMs) {
      lastMs = ms;
      // The lower half of the counter's range, so that it can rise.
      counter = bytes.readUInt16BE(6) & (counterMax >> 1);
    } else if (counter < counterMax) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = 0;
    }
    bytes.writeUIntBE(lastMs, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** A new id of this process. */
export const newTaskId = createIdSource(Date.now, (bytes) => randomFillSync(bytes));

/** True for the text form of a UUID. */
export function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);
}
