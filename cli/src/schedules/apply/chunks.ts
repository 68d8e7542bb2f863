// Schedules in portions that one call can carry: the contract allows 10,000 and 4 MiB.

import { loadContract, type ScheduleSpec } from '@muster/proto';

/** What one call may carry. */
export interface ChunkLimits {
  readonly specsMax: number;
  readonly bytesMax: number;
}

/** The limits of a call, with room for what goes around the specs. */
export const chunkLimits: ChunkLimits = { specsMax: 10_000, bytesMax: 3.5 * 1_048_576 };

/** Bytes that a spec takes in a request besides its own: tag and length. */
const overheadBytes = 6;

/** The items in order, in as few calls as the limits allow. One that is too large by itself stands alone, to be refused. */
export function chunksOf<Item extends { readonly spec: ScheduleSpec }>(
  items: readonly Item[],
  { specsMax, bytesMax } = chunkLimits,
): Item[][] {
  const message = loadContract().messages['muster.v1.ScheduleSpec'];
  const chunks: Item[][] = [];
  let chunk: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = message.serialize(item.spec).length + overheadBytes;
    if (chunk.length > 0 && (chunk.length === specsMax || bytes + more > bytesMax)) {
      chunks.push(chunk);
      [chunk, bytes] = [[], 0];
    }
    chunk.push(item);
    bytes += more;
  }
  return chunk.length === 0 ? chunks : [...chunks, chunk];
}
