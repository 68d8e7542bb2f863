/**
 * How large answers are, so that a page ends before it is too large for a client to read.
 */
import { callLimits } from '../rules/limits.ts';
import type { Payload, Task } from '../rules/task.ts';

/** What a task takes beside its payloads and free texts, roughly. */
const taskOverheadBytes = 600;

/** Bytes of a task in an answer, roughly. */
export function taskBytes(task: Task): number {
  const { failure, progress } = task;
  let bytes = taskOverheadBytes + payloadBytes(task.input) + payloadBytes(task.output);
  for (const [key, value] of Object.entries(task.labels))
    bytes += textBytes(key) + textBytes(value);
  if (failure !== null)
    bytes += textBytes(failure.message) + textBytes(failure.stack) + payloadBytes(failure.details);
  if (progress !== null) bytes += textBytes(progress.message);
  return bytes + textBytes(task.cancelReason) + textBytes(task.idempotencyKey);
}

/** The items that fit a page, in order: at least one. */
export function fitPage<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
): readonly Item[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += bytesOf(item);
    return index > 0 && bytes > callLimits.pageBytesMax;
  });
  return end < 0 ? items : items.slice(0, end);
}

/** Bytes of a message without payloads, roughly: its JSON is no shorter. */
export function messageBytes(message: object): number {
  return textBytes(JSON.stringify(message));
}

function payloadBytes(payload: Payload | null): number {
  return payload === null ? 0 : payload.data.length + payload.mediaType.length;
}

function textBytes(text: string): number {
  return text === '' ? 0 : Buffer.byteLength(text);
}
