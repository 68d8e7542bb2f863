// Answers of the operators' services as plain values: times as Dates, durations as `30s`, enums
// without their prefix. The contract's naming rules (§8 of the design) say which field is what.

import type { Duration__Output, Timestamp__Output } from '@muster/proto';
import { msToDuration, wireToDate, wireToMs } from '@muster/sdk/internal';

const timeName = /Time$/;
const durationName = /(Timeout|Delay|Interval|Ttl|Grace|Window)$/;
const enumPrefixes = /^(SESSION_STATE|TASK_STATE)_/;

/** A message as it should be printed for machines; unset messages and proto-loader's own marks are left out. */
export function plain(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((part) => plain(part));
  if (typeof value === 'string') return value.replace(enumPrefixes, '');
  if (typeof value !== 'object' || value === null) return value;
  if (timeName.test(name)) return wireToDate(value as Timestamp__Output);
  if (durationName.test(name)) return msToDuration(wireToMs(value as Duration__Output) ?? 0);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => part !== null && !key.startsWith('_'))
      .map(([key, part]) => [key, plain(part, key)]),
  );
}

/** All items of a list, page after page. `next` asks for the page behind a token. */
export async function* pages<Item>(
  next: (pageToken: string) => Promise<{ items: readonly Item[]; nextPageToken: string }>,
): AsyncIterable<Item> {
  let pageToken = '';
  do {
    const page = await next(pageToken);
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

/** What an async list holds. */
export async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
