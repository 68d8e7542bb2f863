// `muster schedule backfill`: tasks for nominal times of the past that have none.

import { defineCommand } from '../../command-line/command.ts';
import { timeOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes, UsageError } from '../../exit-codes.ts';
import { fireColumns } from '../../printing/schedule-text.ts';
import { tableLines } from '../../printing/table.ts';
import { jsonText } from '../../printing/task-text.ts';

/** `muster schedule backfill`. */
export const scheduleBackfill = defineCommand({
  name: 'schedule backfill',
  summary: 'Make tasks for past times of a schedule that have none.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'Times before it was made, that were skipped, or while it was paused: all of the range or none, at most 1,000.',
    'Repeating it is harmless. With --json one document: {"fires", "present"}.',
  ],
  options: {
    from: {
      type: 'string',
      value: 'TIME',
      doc: 'First moment of the range; also how long ago, such as 1d.',
    },
    to: { type: 'string', value: 'TIME', doc: 'First moment after the range. Default: now.' },
    'dry-run': { type: 'boolean', doc: 'Only say what would be done.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster schedule backfill report/nightly --from 3d --dry-run', 'What three days would get.'],
    [
      'muster schedule backfill report/nightly --from 2031-04-01T00:00:00Z --to 2031-04-05T00:00:00Z',
      'Four days.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    if (values.from === undefined)
      throw new UsageError('Give --from, such as 3d.', 'schedule backfill');
    const now = new Date();
    const from = timeOf('from', values.from, now);
    const to = values.to === undefined ? now : timeOf('to', values.to, now);
    const dryRun = values['dry-run'] === true;
    const summary = await withClient(values, ({ schedules }) =>
      schedules.backfill(name, { from, to, dryRun }),
    );
    if (values.json) {
      terminal.out(jsonText(summary));
      return exitCodes.ok.code;
    }
    const { fires, present } = summary;
    if (fires.length > 0)
      for (const line of tableLines(fires, fireColumns(now))) terminal.out(line);
    const verb = dryRun ? 'would get' : 'got';
    terminal.note(
      `Times that ${verb} a task: ${fires.length}; that had one, or wait for theirs: ${present}.`,
    );
    return exitCodes.ok.code;
  },
});
