/**
 * Rows of schedules and of their records, and the nouns that they become.
 */
import { stateOfCode } from '../../rules/lifecycle.ts';
import {
  type Fire,
  type FireDecision,
  fireDecisions,
  type OpenFire,
  type Schedule,
  type ScheduleId,
  type ScheduleSpec,
  type ScheduleState,
  scheduleStates,
} from '../../rules/schedule/schedule.ts';
import type { HandlerId, NamespaceId, TaskId } from '../../rules/task.ts';
import { payloadOf } from '../rows.ts';

/** Numbers of `fires.stage` inside SQL text. */
export const stage = Object.freeze({ done: 0, running: 1, ended: 2, waiting: 3 });

/** Columns of a schedule, of the row `s` and its handler `h`. */
export const scheduleColumns = `s.id, s.namespace_id, s.name, s.handler_id, h.name AS handler, s.state, s.spec, s.input_type, s.input,
  s.next_at, s.fires, s.failures, s.pause_note, s.paused_by_failures, s.created_at, s.updated_at`;

/** Where they come from. */
export const scheduleSource = 'schedules s JOIN handlers h ON h.id = s.handler_id';

/** A row with `scheduleColumns`. */
export type ScheduleRow = {
  readonly id: ScheduleId;
  readonly namespace_id: NamespaceId;
  readonly name: string;
  readonly handler_id: HandlerId;
  readonly handler: string;
  readonly state: number;
  readonly spec: ScheduleSpec;
  readonly input_type: string | null;
  readonly input: Buffer | null;
  readonly next_at: number | null;
  readonly fires: number;
  readonly failures: number;
  readonly pause_note: string;
  readonly paused_by_failures: boolean;
  readonly created_at: number;
  readonly updated_at: number;
};

/** The schedule of a row. */
export function scheduleOf(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    namespaceId: row.namespace_id,
    name: row.name,
    handlerId: row.handler_id,
    handler: row.handler,
    spec: row.spec,
    input: payloadOf(row.input_type, row.input),
    state: scheduleStateOf(row.state),
    pauseNote: row.pause_note,
    pausedByFailures: row.paused_by_failures,
    nextAt: row.next_at,
    fires: row.fires,
    failures: row.failures,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The state that is stored under a number. */
export function scheduleStateOf(number: number): ScheduleState {
  const state = scheduleStates[number - 1];
  if (state === undefined) throw new Error(`No state of a schedule has the number ${number}.`);
  return state;
}

/** The number under which a state is stored and sent. */
export function scheduleStateCode(state: ScheduleState): number {
  return scheduleStates.indexOf(state) + 1;
}

/** The number under which a decision is stored and sent. */
export function decisionCode(decision: FireDecision): number {
  return fireDecisions.indexOf(decision) + 1;
}

/** The decision that is stored under a number. */
export function decisionOf(number: number): FireDecision {
  const decision = fireDecisions[number - 1];
  if (decision === undefined) throw new Error(`No decision has the number ${number}.`);
  return decision;
}

/** A record as readers ask for it, with the state of its task. */
export type FireRow = {
  readonly nominal_at: number;
  readonly due_at: number;
  readonly decided_at: number;
  readonly decision: number;
  readonly task_id: TaskId | null;
  readonly task_state: number | null;
  readonly last_nominal_at: number | null;
  readonly skipped: number;
};

/** The record of a row. */
export function fireOf(row: FireRow): Fire {
  return {
    nominalAt: row.nominal_at,
    dueAt: row.due_at,
    decision: decisionOf(row.decision),
    decidedAt: row.decided_at,
    taskId: row.task_id,
    taskState: row.task_state === null ? null : stateOfCode(row.task_state),
    lastNominalAt: row.last_nominal_at,
    skipped: row.skipped,
  };
}

/** A record that is not done with. */
export type OpenRow = {
  readonly schedule_id: ScheduleId;
  readonly nominal_at: number;
  readonly due_at: number;
  readonly backfill: boolean;
  readonly task_id: TaskId | null;
  readonly task_state: number | null;
  readonly ended_at: number | null;
};

/** The open record of a row. */
export function openFireOf(row: OpenRow): OpenFire {
  return {
    nominalAt: row.nominal_at,
    dueAt: row.due_at,
    backfill: row.backfill,
    taskId: row.task_id,
    taskState: row.task_state === null ? null : stateOfCode(row.task_state),
    endedAt: row.ended_at,
  };
}
