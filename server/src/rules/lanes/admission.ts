/**
 * Which of the tasks that wait in the lanes of a handler may be handed over now.
 *
 * Lanes take turns. Each has a `turn`, what it has had divided by its weight, and the least comes next; so a lane of weight 2 gets
 * twice as many as one of weight 1, however many tasks either has waiting. (Start-time fair queueing: Goyal, Vin, Cheng 1996.) A
 * lane that could have had nothing while it was closed does not get it all at once when it opens: it starts among the others.
 */
import type { LaneId, TaskId } from '../task.ts';
import {
  type Bucket,
  type HandlerLimits,
  type RateLimit,
  spent,
  timeOfTokens,
  wholeTokensAt,
} from './limits.ts';

/** One of the first tasks of a lane, in order of priority, due time and id. */
export type Head = { readonly taskId: TaskId; readonly bytes: number };

/** A lane whose row is locked. */
export type WaitingLane = {
  readonly id: LaneId;
  readonly weight: number;
  readonly turn: number;
  /** It was among those whose turn it may be; false: it was closed until now. */
  readonly open: boolean;
  readonly bucket: Bucket;
  /** Tasks that run. */
  readonly running: number;
  readonly heads: readonly Head[];
  /** Tasks among the first that are too late to be handed over, and about to be ended. */
  readonly late: number;
  /** Nothing waits behind these. */
  readonly whole: boolean;
};

/** A limit that all lanes of the handler are under, whose row is locked. */
export type SharedLimit = {
  readonly id: number;
  /** '' is the handler's own. */
  readonly name: string;
  readonly concurrency: number | null;
  readonly rate: RateLimit | null;
  readonly bucket: Bucket;
  /** Tasks that run under it. */
  readonly running: number;
};

/** What one admission may hand over at most. */
export type Room = { readonly slots: number; readonly bytesMax: number; readonly now: number };

/** How a lane stands after it. */
export type LaneStanding = {
  readonly id: LaneId;
  readonly turn: number;
  readonly bucket: Bucket;
  /** OPEN: more may be taken. CLOSED: not before `lookAt`. EMPTY: nothing waits. GONE: so, and nothing is to be remembered. */
  readonly stands: 'OPEN' | 'CLOSED' | 'EMPTY' | 'GONE';
  readonly lookAt: number | null;
};

/** What was decided. */
export type Admission = {
  /** In the order in which they go to slots. */
  readonly taken: readonly { readonly taskId: TaskId; readonly laneId: LaneId }[];
  readonly lanes: readonly LaneStanding[];
  /** Buckets of shared limits that have changed. */
  readonly buckets: readonly { readonly id: number; readonly bucket: Bucket }[];
  /** More of these lanes could be handed over at once, to other slots or in another answer. */
  readonly more: boolean;
};

/** A lane that is full, or has none but late tasks, is looked at again after so long, whether or not anybody is told to. */
export const fullLookMs = 5_000;

/** How many more tasks the shared limits let pass; Infinity: there are none. */
export function sharedRoom(limits: readonly SharedLimit[], now: number): number {
  return Math.min(Number.POSITIVE_INFINITY, ...limits.map((limit) => roomOf(limit, now)));
}

/** When a rate among the shared limits lets one more pass; null: none of them is what holds tasks back. */
export function sharedLookAt(limits: readonly SharedLimit[], now: number): number | null {
  const times = limits.flatMap(({ rate, bucket }) =>
    rate !== null && wholeTokensAt(rate, bucket, now) < 1 ? [timeOfTokens(rate, bucket, 1)] : [],
  );
  return times.length === 0 ? null : Math.max(...times);
}

/** Decides over the lanes that were locked, in order of their turns. */
export function admit(
  lanes: readonly WaitingLane[],
  shared: readonly SharedLimit[],
  keys: Pick<HandlerLimits, 'keyConcurrency' | 'keyRate'>,
  { slots, bytesMax, now }: Room,
): Admission {
  const starts = startsOf(lanes);
  const line = lanes
    .flatMap((lane, at) => {
      const start = starts[at] ?? 0;
      return lane.heads
        .slice(0, keyRoom(lane, keys, now))
        .map((head, place) => ({ lane, head, at, turn: start + (place + 1) / lane.weight }));
    })
    .sort((a, b) => a.turn - b.turn || a.at - b.at);
  const sharedMost = sharedRoom(shared, now);
  const taken = line.slice(0, fitting(line, Math.min(slots, sharedMost), bytesMax));
  const counts = new Map<WaitingLane, number>();
  for (const { lane } of taken) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  const standings = lanes.map((lane, at) =>
    standingOf(lane, counts.get(lane) ?? 0, starts[at] ?? 0, keys, now),
  );
  return {
    taken: taken.map(({ lane, head }) => ({ taskId: head.taskId, laneId: lane.id })),
    lanes: standings,
    buckets: shared.flatMap(({ id, rate, bucket }) =>
      rate === null || taken.length === 0
        ? []
        : [{ id, bucket: spent(rate, bucket, now, taken.length) }],
    ),
    more: taken.length < sharedMost && standings.some(({ stands }) => stands === 'OPEN'),
  };
}

/** Where each lane begins: one that was closed no further back than those who have waited. */
function startsOf(lanes: readonly WaitingLane[]): readonly number[] {
  const waited = lanes.filter(({ open }) => open).map(({ turn }) => turn);
  const least = waited.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...waited);
  return lanes.map(({ turn, open }) => (open ? turn : Math.max(turn, least)));
}

/** How many of the line fit; the first always does, whatever its bytes. */
function fitting(line: readonly { readonly head: Head }[], most: number, bytesMax: number): number {
  let bytes = 0;
  let count = 0;
  for (const { head } of line) {
    if (count >= most || (count > 0 && bytes + head.bytes > bytesMax)) break;
    bytes += head.bytes;
    count += 1;
  }
  return count;
}

function roomOf(
  {
    concurrency,
    running,
    rate,
    bucket,
  }: Pick<SharedLimit, 'concurrency' | 'running' | 'rate' | 'bucket'>,
  now: number,
): number {
  const slots = concurrency === null ? Number.POSITIVE_INFINITY : concurrency - running;
  const tokens = rate === null ? Number.POSITIVE_INFINITY : wholeTokensAt(rate, bucket, now);
  return Math.max(0, Math.min(slots, tokens));
}

/** How many more tasks of one key the limits of keys let pass. */
export function keyRoom(
  { running, bucket }: Pick<WaitingLane, 'running' | 'bucket'>,
  { keyConcurrency, keyRate }: Pick<HandlerLimits, 'keyConcurrency' | 'keyRate'>,
  now: number,
): number {
  return roomOf({ concurrency: keyConcurrency, running, rate: keyRate, bucket }, now);
}

function standingOf(
  lane: WaitingLane,
  taken: number,
  start: number,
  { keyConcurrency, keyRate }: Pick<HandlerLimits, 'keyConcurrency' | 'keyRate'>,
  now: number,
): LaneStanding {
  const bucket = keyRate === null ? null : spent(keyRate, lane.bucket, now, taken);
  const stood = { id: lane.id, turn: start + taken / lane.weight, bucket };
  if (lane.whole && taken === lane.heads.length && lane.late === 0) {
    const fullAt = keyRate === null ? now : timeOfTokens(keyRate, bucket, keyRate.burst);
    return fullAt <= now
      ? { ...stood, stands: 'GONE', lookAt: null }
      : { ...stood, stands: 'EMPTY', lookAt: fullAt };
  }
  const isFull = keyConcurrency !== null && lane.running + taken >= keyConcurrency;
  if (isFull || (lane.late > 0 && taken === lane.heads.length))
    return { ...stood, stands: 'CLOSED', lookAt: now + fullLookMs };
  if (keyRate !== null && wholeTokensAt(keyRate, bucket, now) < 1)
    return { ...stood, stands: 'CLOSED', lookAt: timeOfTokens(keyRate, bucket, 1) };
  return { ...stood, stands: 'OPEN', lookAt: null };
}
