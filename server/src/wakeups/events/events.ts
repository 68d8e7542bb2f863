/**
 * Lifecycle events: facts for outsiders, told after the commit of what they are about, at most once; or, where a stream
 * keeps them, at least once.
 *
 * Nothing depends on them. Where they are off, nothing is done per task: whoever would tell of many looks at `on` first.
 */

import type { ScheduleEvent } from '../../rules/schedule/schedule-events.ts';
import type { HandlerId, Lease, LeaseRef, TaskId, TaskState } from '../../rules/task.ts';
import {
  type EventKind,
  endKind,
  type TaskEvent,
  type WrittenEvent,
} from '../../rules/task-events.ts';

/** Where events are told. */
export type Events = {
  /** False: nobody has asked for events. */
  readonly on: boolean;
  /** Never throws and never waits. Kinds that were not asked for are passed over. */
  publish(event: TaskEvent): void;
  /** The same for events of schedules, which are told at most once. */
  publishSchedule(event: ScheduleEvent): void;
  /** Where all of them are kept besides; null: nowhere, and then they are told at most once. */
  readonly stream: EventStream | null;
};

/** Keeps events for those who must not miss any. They come out of the outbox that the database writes. */
export type EventStream = {
  readonly kinds: readonly EventKind[];
  /** False: it is no use to try. */
  isReachable(): boolean;
  /** Settles when all are kept. One that was kept before, under the same id, is not kept twice if that was lately. */
  keep(events: readonly WrittenEvent[]): Promise<void>;
  /** Calls whenever something was told here, or can be kept again, so that the outbox is looked at soon. */
  onTold(listener: () => void): void;
};

/** Nobody hears of anything. */
export const noEvents: Events = Object.freeze({
  ...{ on: false, publish: () => {}, publishSchedule: () => {}, stream: null },
});

/** A lease whose attempt has ended, as far as events tell of it. */
type EndedAttempt = Pick<Lease, 'taskId' | 'handlerId' | 'attempt' | 'leaseEpoch'>;

/** Outcomes were recorded; `state` null: it was not moved by this. */
export function tellOutcomes(
  events: Events,
  outcomes: readonly { readonly lease: EndedAttempt; readonly interrupted: boolean }[],
  results: readonly { readonly state: TaskState | null }[],
): void {
  if (!events.on) return;
  for (const [index, { lease, interrupted }] of outcomes.entries()) {
    const state = results[index]?.state ?? null;
    if (state === null) continue;
    const kind = endKind(state) ?? (interrupted ? 'returned' : 'retried');
    const { taskId, handlerId, attempt, leaseEpoch } = lease;
    events.publish({ kind, taskId, handlerId, state, attempt, leaseEpoch });
  }
}

/** Leases have ended without their agent's word. A lost one is told of besides the end that this was for its task. */
export function tellEnded(
  events: Events,
  kind: Extract<EventKind, 'returned' | 'lost'>,
  ended: readonly (LeaseRef & { readonly state: TaskState; readonly handlerId: HandlerId })[],
): void {
  if (!events.on) return;
  for (const { taskId, handlerId, state, leaseEpoch } of ended) {
    const end = endKind(state);
    const facts = { taskId, handlerId, state, leaseEpoch };
    if (kind === 'lost' || end === null) events.publish({ ...facts, kind });
    if (end !== null) events.publish({ ...facts, kind: end });
  }
}

/** Tasks were stored. */
export function tellSubmitted(
  events: Events,
  tasks: readonly {
    readonly taskId: TaskId;
    readonly handlerId: HandlerId;
    readonly state: TaskState;
  }[],
): void {
  if (!events.on) return;
  for (const task of tasks) events.publish({ ...task, kind: 'submitted' });
}

/** A lease was handed to an agent. */
export function tellStarted(events: Events, lease: EndedAttempt): void {
  if (!events.on) return;
  const { taskId, handlerId, attempt, leaseEpoch } = lease;
  events.publish({ kind: 'started', taskId, handlerId, state: 'RUNNING', attempt, leaseEpoch });
}

/** Tasks that did not run have ended. */
export function tellUnstarted(
  events: Events,
  state: 'FAILED' | 'CANCELLED',
  tasks: readonly { readonly taskId: TaskId; readonly handlerId: HandlerId }[],
): void {
  if (!events.on) return;
  const kind = state === 'FAILED' ? 'failed' : 'cancelled';
  for (const { taskId, handlerId } of tasks) events.publish({ kind, taskId, handlerId, state });
}
