// `muster schedule create`: makes one schedule of what is needed daily; files may say all.

import { defineSchedule } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { given } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { policyOptions, scheduleOf, taskOptions, timeOptions } from './options.ts';
import { reportSchedule } from './report.ts';

/** `muster schedule create`. */
export const scheduleCreate = defineCommand({
  name: 'schedule create',
  summary: 'Make a schedule.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'Its times are those of all --cron or --quartz, --every and --at together, or --after-end alone.',
    'With --json one document: the schedule.',
  ],
  options: {
    ...taskOptions,
    ...timeOptions,
    ...policyOptions,
    'pause-note': { type: 'string', value: 'TEXT', doc: 'Make it paused, and say why.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    [
      "muster schedule create report/nightly --handler report.send --cron '0 3 * * *' --zone Europe/Berlin",
      'At three in the morning, whatever the season.',
    ],
    [
      'muster schedule create cache/sweep --handler cache.sweep --every 5m --overlap skip',
      'Every five minutes, unless the last one still runs.',
    ],
    [
      `muster schedule create report/daily --handler report.send --cron @daily --input-template '{"day": {{local_date}}}'`,
      'An input that names the day.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const definition = defineSchedule(scheduleOf(name, values));
    const paused = given({ pauseNote: values['pause-note'] });
    await withClient(values, async ({ schedules }) => {
      const schedule = await schedules.create(definition, paused);
      const done = schedule.state === 'PAUSED' ? 'made, and paused' : 'made';
      reportSchedule(terminal, schedule, { json: values.json, done });
    });
    return exitCodes.ok.code;
  },
});
