/**
 * What outsiders hear of a task's life: facts about edges that have been committed.
 */
import type { HandlerId, TaskId, TaskState } from './task.ts';

/** All kinds of events, in the order of a task's life. */
export const eventKinds = [
  'submitted',
  'started',
  'returned',
  'retried',
  'lost',
  'succeeded',
  'failed',
  'cancelled',
] as const;

/**
 * What happened: stored; handed to an agent; handed back without an outcome; failed, and to be tried again; its session
 * was lost; ended.
 */
export type EventKind = (typeof eventKinds)[number];

/** One event, with what was at hand when it happened: nothing is read again for it. */
export type TaskEvent = {
  readonly kind: EventKind;
  readonly taskId: TaskId;
  readonly handlerId: HandlerId;
  /** State after it. */
  readonly state: TaskState;
  /** Number of the attempt that it is about; not given: it is about none, or the number was not at hand. */
  readonly attempt?: number;
  /** Lease that it is about; tells events of one kind about one task apart. */
  readonly leaseEpoch?: number;
};

/** An event that was written down when it happened, with the names that say where it is told. */
export type WrittenEvent = Omit<TaskEvent, 'handlerId'> & {
  readonly namespace: string;
  readonly handler: string;
  /** Milliseconds since 1970, by the database. */
  readonly at: number;
};

/** The event that says how a task ended; null: it has not. */
export function endKind(state: TaskState): EventKind | null {
  if (state === 'SUCCEEDED') return 'succeeded';
  if (state === 'FAILED') return 'failed';
  return state === 'CANCELLED' ? 'cancelled' : null;
}
