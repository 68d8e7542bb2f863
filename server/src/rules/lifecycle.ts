/**
 * The life of a task: the one table of its edges, each with its only writer.
 *
 * A write that is not in this table is a defect. The store's statements are guarded by the state that an edge leaves
 * (and, where it leaves RUNNING, by the lease epoch), so that of two writers who race exactly one wins.
 */
import { type FinishedState, type TaskState, taskStates } from './task.ts';

/** A separable part of the coordinator. */
export type Role = 'api' | 'scheduling' | 'dispatch' | 'monitoring';

/** What makes a task take an edge. */
export type Cause =
  | 'SUBMITTED'
  | 'DUE'
  | 'RELEASED'
  | 'LEASED'
  | 'OUTCOME'
  | 'HANDED_BACK'
  | 'SESSION_LOST'
  | 'TOO_LATE'
  | 'CANCELLED'
  | 'REPLACED'
  | 'RETENTION';

/** One allowed step of a task; null is "not stored". */
export type Edge = {
  readonly from: TaskState | null;
  readonly to: TaskState | null;
  readonly cause: Cause;
  readonly role: Role;
};

const rows: readonly [readonly (TaskState | null)[], readonly (TaskState | null)[], Cause, Role][] =
  [
    [[null], ['DELAYED', 'WAITING', 'READY', 'RUNNING'], 'SUBMITTED', 'api'],
    [[null], ['DELAYED', 'WAITING', 'READY', 'RUNNING'], 'SUBMITTED', 'scheduling'],
    [['DELAYED'], ['READY', 'WAITING'], 'DUE', 'scheduling'],
    [['WAITING'], ['READY'], 'RELEASED', 'scheduling'],
    // Its handler was given limits. (Later: a placement that nobody claimed in time.)
    [['READY'], ['WAITING'], 'RELEASED', 'scheduling'],
    [['READY', 'WAITING'], ['RUNNING'], 'LEASED', 'dispatch'],
    // READY and WAITING: a retry without a wait, or an interrupted attempt; it takes the next attempt number.
    [
      ['RUNNING'],
      ['SUCCEEDED', 'FAILED', 'CANCELLED', 'DELAYED', 'READY', 'WAITING'],
      'OUTCOME',
      'dispatch',
    ],
    // CANCELLED: a cancellation had been asked for while the lease stood.
    [['RUNNING'], ['READY', 'WAITING', 'CANCELLED'], 'HANDED_BACK', 'dispatch'],
    [['RUNNING'], ['READY', 'WAITING', 'FAILED', 'CANCELLED'], 'SESSION_LOST', 'monitoring'],
    [['DELAYED', 'WAITING', 'READY'], ['FAILED'], 'TOO_LATE', 'monitoring'],
    [['DELAYED', 'WAITING', 'READY'], ['CANCELLED'], 'CANCELLED', 'api'],
    // By a later time of its schedule.
    [['DELAYED', 'WAITING', 'READY'], ['CANCELLED'], 'REPLACED', 'scheduling'],
    [['SUCCEEDED', 'FAILED', 'CANCELLED'], [null], 'RETENTION', 'monitoring'],
  ];

/** Every allowed edge. Asking a RUNNING task to stop is a time in its row, not an edge. */
export const edges: readonly Edge[] = Object.freeze(
  rows.flatMap(([froms, tos, cause, role]) =>
    froms.flatMap((from) => tos.map((to) => Object.freeze({ from, to, cause, role }))),
  ),
);

const finished: ReadonlySet<TaskState> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

/** True for states without exits. */
export function isFinished(state: TaskState): state is FinishedState {
  return finished.has(state);
}

/** True for states in which only a slot is missing, or what a lane lets pass: somebody may claim the task. */
export function isInLine(state: TaskState): state is 'READY' | 'WAITING' {
  return state === 'READY' || state === 'WAITING';
}

/** The edges from one state to another; empty if the step is not allowed. */
export function edgesBetween(from: TaskState | null, to: TaskState | null): readonly Edge[] {
  return edges.filter((edge) => edge.from === from && edge.to === to);
}

/** True if the cause may move a task this way. */
export function isAllowed(from: TaskState | null, to: TaskState | null, cause: Cause): boolean {
  return edges.some((edge) => edge.from === from && edge.to === to && edge.cause === cause);
}

/** The number under which a state is stored and sent. */
export function stateCode(state: TaskState): number {
  return taskStates.indexOf(state) + 1;
}

/** The state that is stored under a number. Throws on a number that no state has. */
export function stateOfCode(code: number): TaskState {
  const state = taskStates[code - 1];
  if (state === undefined) throw new Error(`No task state has the number ${code}.`);
  return state;
}
