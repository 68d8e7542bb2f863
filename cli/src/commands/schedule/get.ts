// `muster schedule get`: one schedule in words, with its newest fire records.

import type { Fire } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { printSchedule } from '../../printing/schedule-text.ts';
import { jsonText } from '../../printing/task-text.ts';
import { readLimited } from './limits.ts';

/** Fire records that are shown. */
const firesMax = 5;

/** `muster schedule get`. */
export const scheduleGet = defineCommand({
  name: 'schedule get',
  summary: 'Show a schedule: when, what, next time, newest fires.',
  positionals: 'NAME',
  count: [1, 1],
  details: ['With --json one document, without the fires: "muster schedule fires" has them.'],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster schedule get report/nightly', 'In words.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    await withClient(values, async ({ schedules }) => {
      const schedule = await schedules.get(name);
      if (values.json) return terminal.out(jsonText(schedule));
      const fires: Fire[] = [];
      const newest = schedules.fires(name, { pageSize: firesMax });
      await readLimited(newest, firesMax, (fire) => void fires.push(fire));
      printSchedule(terminal, schedule, fires);
    });
    return exitCodes.ok.code;
  },
});
