// Messages about tasks carry up to so many items or bytes, whichever is first, or one item.

import type { LogReport, ProgressReport } from '@muster/proto';
import type { Ended } from '../attempt/lease.ts';

/** What one message may hold. */
export interface PackLimits {
  readonly messageItemsMax: number;
  readonly messageBytesMax: number;
}

/** Room for ids, tags, lengths and durations of one item; generous. */
const itemBytes = 160;

/** Splits items, in order, into messages. Every item is in one, however large it is. */
export function pack<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  limits: PackLimits,
): Item[][] {
  const packed: Item[][] = [];
  let current: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = bytesOf(item);
    const full = current.length >= limits.messageItemsMax || bytes + more > limits.messageBytesMax;
    if (current.length > 0 && full) {
      packed.push(current);
      current = [];
      bytes = 0;
    }
    current.push(item);
    bytes += more;
  }
  if (current.length > 0) packed.push(current);
  return packed;
}

/** Bytes of an item without text or payload. */
export function refBytes(): number {
  return itemBytes;
}

/** At least the bytes of an outcome. */
export function outcomeBytes({ result }: Ended): number {
  if ('output' in result) return itemBytes + (result.output?.data.length ?? 0);
  if ('interrupted' in result) return itemBytes + textBytes(result.interrupted.reason);
  if ('cancelled' in result) return itemBytes;
  const { name, message, stack, details } = result.failure;
  const text = textBytes(name) + textBytes(message) + textBytes(stack);
  return itemBytes + text + (details?.data?.length ?? 0);
}

/** At least the bytes of a progress report. */
export function progressBytes({ progress, checkpoint }: ProgressReport): number {
  return itemBytes + textBytes(progress?.message) + (checkpoint?.data?.length ?? 0);
}

/** At least the bytes of a log report. */
export function logBytes({ lines }: LogReport): number {
  return (lines ?? []).reduce((sum, line) => sum + 32 + textBytes(line.message), itemBytes);
}

/** UTF-8 takes at most three bytes per UTF-16 unit. */
function textBytes(text: string | undefined): number {
  return (text?.length ?? 0) * 3;
}
