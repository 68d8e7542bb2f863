/**
 * Hints as messages between replicas, and back.
 *
 * `moved` is binary; the others are JSON with a version. A message holds so many bytes at most: long lists are cut into
 * several. What is read is checked wholly, because anyone who may publish on our subjects can send anything; fields that
 * are not known are passed over, so that a newer replica may add some.
 */
import { isUuid } from '../rules/ids.ts';
import { reportLimits } from '../rules/limits.ts';
import { decodeMoved, encodeMoved } from './moved-codec.ts';
import type { CancelOrder, HintName, Hints } from './wakeups.ts';

/** Most bytes of one message; a NATS server takes 1 MiB unless it is told otherwise. */
export const messageBytesMax = 256 * 1024;

const version = 1;
const dueInMaxMs = 10 * 365 * 24 * 3600 * 1000;

/** Messages that say the hint together. What does not fit a message of its own is left out. */
export function encodeHint<Name extends HintName>(
  name: Name,
  hint: Hints[Name],
  bytesMax: number = messageBytesMax,
): readonly Uint8Array[] {
  if (name === 'moved') return encodeMoved((hint as Hints['moved']).tasks, bytesMax);
  const bytes = Buffer.from(JSON.stringify({ version, ...hint }));
  if (bytes.length <= bytesMax) return [bytes];
  return halves(hint).flatMap((half) => encodeHint(name, half as Hints[Name], bytesMax));
}

/** Two hints, each with half of the list; none if there is no list to cut. */
function halves(hint: object): readonly object[] {
  const [key, list] = Object.entries(hint).find(([, value]) => Array.isArray(value)) ?? [];
  if (key === undefined || !Array.isArray(list) || list.length < 2) return [];
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)].map((part) => ({ ...hint, [key]: part }));
}

/** The hint that a message says; null: it is malformed, or not of ours. */
export function decodeHint<Name extends HintName>(
  name: Name,
  bytes: Uint8Array,
): Hints[Name] | null {
  if (bytes.length > messageBytesMax) return null;
  const message = name === 'moved' ? bytes : parse(bytes);
  if (message === null) return null;
  // Every reader answers the hint of its own name.
  return readers[name](message as never) as Hints[Name] | null;
}

type Fields = Readonly<Record<string, unknown>>;

function parse(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isFields(value) && value.version === version ? value : null;
  } catch {
    return null;
  }
}

const readers = {
  moved(bytes: Uint8Array) {
    const tasks = decodeMoved(bytes);
    return tasks && { tasks };
  },
  ready: ({ handlerIds, newest }: Fields) =>
    isListOf(handlerIds, isRowNumber) && (newest === undefined || typeof newest === 'boolean')
      ? { handlerIds, newest: newest === true }
      : null,
  delayed: ({ dueInMs }: Fields) => (isWithin(dueInMs, dueInMaxMs) ? { dueInMs } : null),
  scheduled: ({ lookInMs, watched = [] }: Fields) =>
    isWithin(lookInMs, dueInMaxMs) && isListOf(watched, isId) ? { lookInMs, watched } : null,
  cancel({ orders }: Fields) {
    if (!isListOf(orders, isCancelOrder)) return null;
    return {
      orders: orders.map(({ taskId, leaseEpoch, sessionId, cause, reason }) => ({
        ...{ taskId, leaseEpoch, sessionId, cause, reason },
      })),
    };
  },
  drain: ({ sessionIds, graceMs }: Fields) =>
    isListOf(sessionIds, isId) && (graceMs === null || isWithin(graceMs, dueInMaxMs))
      ? { sessionIds, graceMs }
      : null,
  detached: ({ sessionIds }: Fields) => (isListOf(sessionIds, isId) ? { sessionIds } : null),
  dictionaries: () => ({}),
};

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf<Item>(value: unknown, check: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(check);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}

function isRowNumber(value: unknown): value is number {
  return Number.isInteger(value) && isWithin(value, 0x7fff_ffff);
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= most;
}

function isCancelOrder(value: unknown): value is CancelOrder {
  if (!isFields(value)) return false;
  const { taskId, leaseEpoch, sessionId, cause, reason } = value;
  return (
    isId(taskId) &&
    isRowNumber(leaseEpoch) &&
    isId(sessionId) &&
    (cause === 'REQUESTED' || cause === 'DEADLINE') &&
    typeof reason === 'string' &&
    reason.length <= reportLimits.reasonMaxBytes
  );
}
