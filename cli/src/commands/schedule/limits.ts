// Long lists are cut: what people ask for is at the beginning.

import type { Options } from '../../command-line/command.ts';

/** Items that a list shows unless it is told how many. */
export const limitDefault = 50;

/** `--limit`. */
export const limitOption = {
  limit: {
    type: 'string',
    value: 'N',
    doc: `At most so many. Default ${limitDefault}; 0: all.`,
  },
} as const satisfies Options;

/** Items that are fetched at a time: no more than are shown, and one that tells whether there are more. */
export function pageSizeOf(limit: number): number {
  return limit === 0 ? 1_000 : Math.min(1_000, Math.max(1, limit + 1));
}

/** Hands the first `limit` items on, 0: all. True if there are more. */
export async function readLimited<Item>(
  items: AsyncIterable<Item>,
  limit: number,
  take: (item: Item) => void,
): Promise<boolean> {
  let count = 0;
  for await (const item of items) {
    if (limit > 0 && count === limit) return true;
    count += 1;
    take(item);
  }
  return false;
}
