// `muster schedule update`: changes what is named, and leaves the rest as it is stored.

import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { changesOf, policyOptions, taskOptions, timeOptions } from './options.ts';
import { reportSchedule } from './report.ts';

/** `muster schedule update`. */
export const scheduleUpdate = defineCommand({
  name: 'schedule update',
  summary: 'Change a schedule.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'What is not named stays. --cron, --quartz, --every, --after-end and --at replace each other; zone, bounds and left-out',
    'days stay. If its times change, what it asks for counts from now on. With --json one document: the schedule.',
  ],
  options: {
    ...timeOptions,
    ...taskOptions,
    ...policyOptions,
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ["muster schedule update report/nightly --cron '0 4 * * *'", 'An hour later, in its zone.'],
    ['muster schedule update cache/sweep --overlap skip', 'One at a time.'],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    await withClient(values, async ({ schedules }) => {
      const changes = changesOf(values, await schedules.get(name));
      const schedule = await schedules.update(name, changes);
      reportSchedule(terminal, schedule, { json: values.json, done: 'changed' });
    });
    return exitCodes.ok.code;
  },
});
