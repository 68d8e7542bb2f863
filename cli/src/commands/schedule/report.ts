// What is said about a schedule that was made, changed, paused or resumed.

import type { Schedule, StoredSchedule } from '@muster/sdk';
import { jsonText, timeText } from '../../printing/task-text.ts';
import type { Terminal } from '../../printing/terminal.ts';
import { noteUnserved } from '../../printing/unserved.ts';

/** Prints what was done and when the schedule asks next, or with `json` the schedule. */
export function reportSchedule(
  terminal: Terminal,
  schedule: Schedule | StoredSchedule,
  { json = false, done }: { json?: boolean | undefined; done: string },
): void {
  const { name, handler, nextTime } = schedule;
  const next = nextTime === undefined ? '' : ` Next time: ${timeText(nextTime)}.`;
  terminal.out(json ? jsonText(schedule) : `Schedule ${name} is ${done}.${next}`);
  if ('unserved' in schedule)
    noteUnserved(terminal, handler, schedule.unserved, 'its tasks wait for one');
}
