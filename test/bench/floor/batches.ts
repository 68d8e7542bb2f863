// What a run of the floor sends, made before its clock starts: batches of tasks with ids of now,
// an input each, and the outcomes that end them.

import { randomBytes } from 'node:crypto';
import { byteaArray, repeatedInt4, uuidArray } from './arrays.ts';

/** One batch of tasks, ready to be sent. */
export interface Batch {
  readonly count: number;
  /** `uuid[]`, ascending. */
  readonly ids: Buffer;
  readonly inputs: Buffer;
  readonly hashes: Buffer;
  /** Least and greatest id, as text. */
  readonly bounds: readonly [string, string];
}

/** Outcomes for a batch of this size: `int4[]` and `bytea[]`. */
export interface Outcomes {
  readonly epochs: Buffer;
  readonly outputs: Buffer;
}

/** As in the product: half of a SHA-256. */
const hashBytes = 16;
const output = Buffer.from('{"ok":true}');
/** Every first lease has this epoch. */
const firstEpoch = 1;

/** Deals `tasks` out in batches, in turn to each connection, so that their ids rise together. */
export function dealBatches(
  tasks: number,
  options: { readonly batch: number; readonly inputBytes: number; readonly connections: number },
): readonly (readonly Batch[])[] {
  const shares: Batch[][] = Array.from({ length: options.connections }, () => []);
  const nextId = idsOfNow();
  for (let made = 0, turn = 0; made < tasks; turn += 1) {
    const count = Math.min(options.batch, tasks - made);
    shares[turn % options.connections]?.push(makeBatch(count, options.inputBytes, nextId));
    made += count;
  }
  return shares;
}

const outcomesBySize = new Map<number, Outcomes>();

/** Outcomes are all the same, so each size is encoded once. */
export function outcomesOf(count: number): Outcomes {
  const known = outcomesBySize.get(count);
  if (known) return known;
  const outputs = byteaArray(new Array<Buffer>(count).fill(output));
  const made = { epochs: repeatedInt4(firstEpoch, count), outputs };
  outcomesBySize.set(count, made);
  return made;
}

function makeBatch(count: number, inputBytes: number, nextId: () => Buffer): Batch {
  const ids = Array.from({ length: count }, nextId);
  return {
    count,
    ids: uuidArray(ids),
    inputs: byteaArray(ids.map((id) => inputOf(id, inputBytes))),
    hashes: byteaArray(ids.map(() => randomBytes(hashBytes))),
    bounds: [idText(ids[0]), idText(ids.at(-1))],
  };
}

/** JSON of `bytes` bytes, another for each task. */
function inputOf(id: Buffer, bytes: number): Buffer {
  return Buffer.from(`{"filler":"${id.toString('hex')}"}`.padEnd(bytes).slice(0, bytes));
}

/** UUIDv7s that rise: time, then a counter that carries into the time, then chance. */
function idsOfNow(): () => Buffer {
  let ticks = Date.now() * 4096;
  return () => {
    ticks += 1;
    const id = randomBytes(16);
    id.writeUIntBE(Math.floor(ticks / 4096), 0, 6);
    id.writeUInt16BE(0x7000 | (ticks % 4096), 6);
    id.writeUInt8(0x80 | (id.readUInt8(8) & 0x3f), 8);
    return id;
  };
}

function idText(id: Buffer | undefined): string {
  const hex = (id ?? Buffer.alloc(16)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
