/**
 * What others are told when schedules have taken their turns.
 */
import { isInLine } from '../rules/lifecycle.ts';
import { replacedReason } from '../rules/schedule/overlap.ts';
import type { Fire, Schedule } from '../rules/schedule/schedule.ts';
import { eventsOfTurn } from '../rules/schedule/schedule-events.ts';
import type { HandlerId, TaskId, TaskState } from '../rules/task.ts';
import { type Events, tellSubmitted } from './events/events.ts';
import { type Cancelled, tellCancelled } from './tell-cancelled.ts';
import type { Wakeups } from './wakeups.ts';

/** What turns brought about. */
export type Turns = {
  readonly turns: readonly {
    readonly schedule: Schedule;
    readonly standing: Pick<Schedule, 'state' | 'pauseNote'>;
    readonly fires: readonly Fire[];
    /** When it was taken, by the database. */
    readonly now: number;
  }[];
  readonly tasks: readonly {
    readonly taskId: TaskId;
    readonly handlerId: HandlerId;
    readonly state: TaskState;
  }[];
  readonly cancelled: readonly Cancelled[];
};

/** Tells of turns after their commit: dispatch of the tasks that are READY, agents of those that are replaced. */
export function tellTurns(
  to: { readonly wakeups: Wakeups; readonly events: Events },
  report: Turns,
): void {
  const ready = new Set(
    report.tasks.filter(({ state }) => isInLine(state)).map(({ handlerId }) => handlerId),
  );
  if (ready.size > 0) to.wakeups.publish('ready', { handlerIds: [...ready] });
  tellSubmitted(to.events, report.tasks);
  for (const cancelled of report.cancelled) tellCancelled(to, cancelled, replacedReason);
  if (!to.events.on) return;
  for (const turn of report.turns)
    for (const event of eventsOfTurn(turn, turn.now)) to.events.publishSchedule(event);
}
