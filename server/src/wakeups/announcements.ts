/**
 * What others should look at after leases have ended, told once per flush.
 */
import { isFinished, isInLine } from '../rules/lifecycle.ts';
import type { HandlerId, TaskId, TaskState } from '../rules/task.ts';
import type { TaskMoved, Wakeups } from './wakeups.ts';

/** A task whose outcome was recorded; `state` null: it was not moved by this. */
type Recorded = {
  readonly taskId: TaskId;
  readonly state: TaskState | null;
  readonly handlerId: HandlerId | null;
  readonly dueInMs: number;
};

/** A lease that ended without its agent's word. */
type Ended = { readonly taskId: TaskId; readonly state: TaskState; readonly handlerId: HandlerId };

/** Outcomes were recorded. */
export function announceRecorded(wakeups: Wakeups, results: readonly Recorded[]): void {
  const tasks: TaskMoved[] = [];
  const ready = new Set<HandlerId>();
  let dueInMs = Number.POSITIVE_INFINITY;
  for (const { taskId, state, handlerId, dueInMs: dueIn } of results) {
    if (state === null) continue;
    tasks.push({ taskId, finished: isFinished(state) });
    if (isInLine(state) && handlerId !== null) ready.add(handlerId);
    else if (state === 'DELAYED') dueInMs = Math.min(dueInMs, dueIn);
  }
  if (tasks.length > 0) wakeups.publish('moved', { tasks });
  if (ready.size > 0) wakeups.publish('ready', { handlerIds: [...ready] });
  if (dueInMs < Number.POSITIVE_INFINITY) wakeups.publish('delayed', { dueInMs });
}

/** Leases have ended without their agent's word. */
export function announceEnded(wakeups: Wakeups, ended: readonly Ended[]): void {
  if (ended.length === 0) return;
  const tasks = ended.map(({ taskId, state }) => ({ taskId, finished: isFinished(state) }));
  wakeups.publish('moved', { tasks });
  const ready = new Set<HandlerId>();
  for (const { state, handlerId } of ended) if (isInLine(state)) ready.add(handlerId);
  if (ready.size > 0) wakeups.publish('ready', { handlerIds: [...ready] });
}
