// `muster schedule list`: schedules by name.

import type { ListSchedulesOptions, Schedule, ScheduleState } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { given, numberOf, wordOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { scheduleColumns } from '../../printing/schedule-text.ts';
import { printTable } from '../../printing/table.ts';
import { jsonText } from '../../printing/task-text.ts';
import { limitDefault, limitOption, pageSizeOf, readLimited } from './limits.ts';

const states = ['ACTIVE', 'PAUSED', 'COMPLETED'] as const satisfies readonly ScheduleState[];

/** `muster schedule list`. */
export const scheduleList = defineCommand({
  name: 'schedule list',
  summary: 'List schedules, by name.',
  positionals: '',
  count: [0, 0],
  details: ['With --json one document per line and schedule.'],
  options: {
    handler: { type: 'string', value: 'NAME', doc: 'Schedules of this handler.' },
    state: {
      type: 'string',
      multiple: true,
      value: 'STATE',
      doc: `Schedules in this state: ${states.join(', ').toLowerCase()}.`,
    },
    ...limitOption,
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster schedule list', 'When each asks for tasks, and when next.'],
    ['muster schedule list --state paused --limit 0', 'All that are paused, and why.'],
  ],
  async run({ values, terminal }) {
    const { handler, state } = values;
    const limit = numberOf('limit', values.limit ?? String(limitDefault));
    const wishes: ListSchedulesOptions = given({
      handler,
      pageSize: pageSizeOf(limit),
      states: state?.map((text) => wordOf('state', text, states)),
    });
    return withClient(values, async ({ schedules }) => {
      const all: Schedule[] = [];
      const more = await readLimited(schedules.list(wishes), limit, (schedule) => {
        if (values.json) terminal.out(jsonText(schedule));
        else all.push(schedule);
      });
      if (!values.json) printTable(terminal, all, scheduleColumns(), 'No schedule matches.');
      if (more) terminal.note(`The first ${limit}; --limit N shows more.`);
      return exitCodes.ok.code;
    });
  },
});
