/**
 * UUIDv7: 48 bits of milliseconds, a counter, then chance.
 *
 * Ids say nothing but time; partitions are cut by it. Time and chance come from outside, so that a seed replays.
 */

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const timeMax = 2 ** 48 - 1;
const counterMax = 0xfff;

/** Where ids take their time and their chance from. */
export type IdSource = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** So many random bytes. */
  readonly random: (count: number) => Buffer;
};

/** True for lower-case text of any UUID. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** True for lower-case text of a UUIDv7. */
export function isUuidV7(text: string): boolean {
  return uuidV7Pattern.test(text);
}

/** Milliseconds since 1970 inside a UUIDv7. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The least UUID of a moment: ids made at or after it are not smaller. Bounds of partitions and of time filters. */
export function leastIdAt(timeMs: number): string {
  const hex = clampTime(timeMs).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** A UUIDv7 of a time, a counter (12 bits) and 8 random bytes. */
export function makeId(timeMs: number, counter: number, random: Buffer): string {
  const time = clampTime(timeMs).toString(16).padStart(12, '0');
  const middle = (counter & counterMax).toString(16).padStart(3, '0');
  const tail = random.toString('hex', 0, 8);
  const variant = ((Number.parseInt(tail.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${middle}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
}

/**
 * A generator of ids that rise within its process: a clock that stands or steps back raises the counter, and a full
 * counter borrows the next millisecond.
 */
export function createIdGenerator(source: IdSource): () => string {
  let time = 0;
  let counter = 0;
  let pool: Buffer = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at + 8 > pool.length) {
      pool = source.random(1024);
      at = 0;
    }
    const random = pool.subarray(at, at + 8);
    at += 8;
    const now = Math.floor(source.now());
    if (now > time) {
      time = now;
      // Half of the counter's room is left to chance, so that two processes rarely share a prefix.
      counter = random.readUInt16BE(0) & 0x7ff;
    } else if (counter < counterMax) {
      counter += 1;
    } else {
      time += 1;
      counter = 0;
    }
    return makeId(time, counter, random);
  };
}

function clampTime(timeMs: number): number {
  return Math.min(timeMax, Math.max(0, Math.floor(timeMs)));
}
