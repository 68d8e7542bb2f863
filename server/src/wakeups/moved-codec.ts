/**
 * The hint `moved` as bytes: there is one entry for every finished task, so it has no JSON.
 *
 *   byte 0: version; then per task 16 bytes of its UUID and one byte, 1 if it has finished, else 0
 */
import type { TaskId } from '../rules/task.ts';
import type { TaskMoved } from './wakeups.ts';

const version = 1;
const entryBytes = 17;

/** Digits by character code. */
const digits = new Uint8Array(128);
for (let value = 0; value < 16; value += 1) {
  digits[value.toString(16).charCodeAt(0)] = value;
  digits[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
/** Text by byte. */
const texts = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Where the two digits of each of the 16 bytes stand in the text of a UUID. */
const places = Uint8Array.from([0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]);

/** As many messages as the bound asks for. */
export function encodeMoved(tasks: readonly TaskMoved[], bytesMax: number): Uint8Array[] {
  const perMessage = Math.floor((bytesMax - 1) / entryBytes);
  const messages: Uint8Array[] = [];
  if (perMessage < 1) return messages;
  for (let from = 0; from < tasks.length; from += perMessage)
    messages.push(encode(tasks, from, Math.min(tasks.length, from + perMessage)));
  return messages;
}

function encode(tasks: readonly TaskMoved[], from: number, to: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + (to - from) * entryBytes);
  bytes[0] = version;
  let at = 1;
  for (let index = from; index < to; index += 1) {
    const { taskId, finished } = tasks[index] as TaskMoved;
    for (let byte = 0; byte < 16; byte += 1) {
      const place = places[byte] as number;
      const high = digits[taskId.charCodeAt(place)] as number;
      bytes[at + byte] = (high << 4) | (digits[taskId.charCodeAt(place + 1)] as number);
    }
    bytes[at + 16] = finished ? 1 : 0;
    at += entryBytes;
  }
  return bytes;
}

/** The moves of one message; null: it is none of ours. */
export function decodeMoved(bytes: Uint8Array): readonly TaskMoved[] | null {
  if (bytes.length < 1 + entryBytes || (bytes.length - 1) % entryBytes !== 0) return null;
  if (bytes[0] !== version) return null;
  const tasks: TaskMoved[] = [];
  for (let at = 1; at < bytes.length; at += entryBytes) {
    const flag = bytes[at + 16] as number;
    if (flag > 1) return null;
    tasks.push({ taskId: uuidText(bytes, at) as TaskId, finished: flag === 1 });
  }
  return tasks;
}

function uuidText(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let byte = 0; byte < 16; byte += 1) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) text += '-';
    text += texts[bytes[at + byte] as number] as string;
  }
  return text;
}
