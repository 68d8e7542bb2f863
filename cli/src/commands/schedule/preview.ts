// `muster schedule preview`: the next nominal times, of a stored schedule or of one to be.

import type { PreviewOptions, Schedules, ScheduleTimes } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { given, momentOf, numberOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes, UsageError } from '../../exit-codes.ts';
import { type Column, printTable } from '../../printing/table.ts';
import { jsonText, timeText } from '../../printing/task-text.ts';
import { zoneText } from '../../printing/zone-text.ts';
import { timeOptions, timesOf } from './options.ts';

/** Nominal times and the zone in which they were asked for. */
interface Preview {
  readonly zone: string;
  readonly times: readonly Date[];
}

/** `muster schedule preview`. */
export const schedulePreview = defineCommand({
  name: 'schedule preview',
  summary: 'Tell the next times of a schedule, or of options that are not stored.',
  positionals: '[NAME]',
  count: [0, 1],
  details: ['With --json one document: {"zone", "times"}.'],
  options: {
    ...timeOptions,
    count: { type: 'string', value: 'N', doc: 'How many: 1 to 1,000. Default 10.' },
    after: {
      type: 'string',
      value: 'TIME',
      doc: 'Times after this one, such as 2031-04-05T06:07:08Z. Default: now.',
    },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster schedule preview report/nightly', 'Ten times of a stored schedule.'],
    [
      "muster schedule preview --cron '30 2 * * *' --zone Europe/Berlin --after 2031-03-28T00:00:00Z",
      'What a change of the clock does to half past two.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [name] = positionals;
    const own = timesOf(values);
    const { count, after } = values;
    const wishes: PreviewOptions = given({
      count: count === undefined ? undefined : numberOf('count', count),
      after: after === undefined ? undefined : momentOf('after', after),
    });
    if ((name === undefined) === (Object.keys(own).length === 0))
      throw new UsageError('Give NAME, or options such as --cron.', 'schedule preview');
    const preview = await withClient(values, ({ schedules }) =>
      name === undefined
        ? previewTimes(schedules, own, wishes)
        : previewOf(schedules, name, wishes),
    );
    if (values.json) terminal.out(jsonText(preview));
    else
      printTable(
        terminal,
        preview.times.map((time) => ({ time })),
        columnsIn(preview.zone),
        'It has no times any more.',
      );
    return exitCodes.ok.code;
  },
});

async function previewTimes(
  schedules: Schedules,
  times: ScheduleTimes,
  wishes: PreviewOptions,
): Promise<Preview> {
  return { zone: times.zone ?? 'UTC', times: await schedules.preview(times, wishes) };
}

async function previewOf(
  schedules: Schedules,
  name: string,
  wishes: PreviewOptions,
): Promise<Preview> {
  const { times } = await schedules.get(name);
  return { zone: times.zone ?? 'UTC', times: await schedules.preview(name, wishes) };
}

function columnsIn(zone: string): readonly Column<{ readonly time: Date }>[] {
  return [
    { title: 'TIME', cell: ({ time }) => timeText(time) },
    { title: zone, cell: ({ time }) => zoneText(time, zone) },
  ];
}
