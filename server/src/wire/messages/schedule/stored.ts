/**
 * Stored schedules and records of nominal times as readers see them.
 */
import type { Fire as FireMessage, Schedule as ScheduleMessage } from '@muster/proto';
import type { Fire, Schedule } from '../../../rules/schedule/schedule.ts';
import { durationOf, timestampOf } from '../values.ts';
import { specMessage } from './spec.ts';

/** A schedule as a message. */
export function scheduleMessage(schedule: Schedule, namespace: string): ScheduleMessage {
  return {
    id: schedule.id,
    namespace,
    spec: specMessage(schedule),
    state: `SCHEDULE_STATE_${schedule.state}`,
    pauseNote: schedule.pauseNote,
    pausedByFailures: schedule.pausedByFailures,
    nextTime: timestampOf(schedule.nextAt),
    fires: schedule.fires,
    failures: schedule.failures,
    createTime: timestampOf(schedule.createdAt),
    updateTime: timestampOf(schedule.updatedAt),
  };
}

/** A record as a message. */
export function fireMessage(fire: Fire): FireMessage {
  return {
    nominalTime: timestampOf(fire.nominalAt),
    decision: `FIRE_DECISION_${fire.decision}`,
    decideTime: timestampOf(fire.decidedAt),
    latenessDelay: durationOf(Math.max(0, fire.decidedAt - fire.dueAt)),
    taskId: fire.taskId ?? '',
    taskState: fire.taskState === null ? 'TASK_STATE_UNSPECIFIED' : `TASK_STATE_${fire.taskState}`,
    lastNominalTime: timestampOf(fire.lastNominalAt),
    skipped: fire.skipped,
  };
}
