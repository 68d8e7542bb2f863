// `muster schedule fires`: what became of each nominal time, newest first.

import type { Fire, FireDecision, ListFiresOptions } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { given, numberOf, wordOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { fireColumns } from '../../printing/schedule-text.ts';
import { printTable } from '../../printing/table.ts';
import { jsonText } from '../../printing/task-text.ts';
import { limitDefault, limitOption, pageSizeOf, readLimited } from './limits.ts';

const decisions = [
  ...(['FIRED', 'CAUGHT_UP', 'BY_HAND', 'BACKFILLED', 'BUFFERED'] as const),
  ...(['SKIPPED_OVERLAP', 'SKIPPED_LATE'] as const),
] as const satisfies readonly FireDecision[];

/** `muster schedule fires`. */
export const scheduleFires = defineCommand({
  name: 'schedule fires',
  summary: 'List what became of the times of a schedule, newest first.',
  positionals: 'NAME',
  count: [1, 1],
  details: ['With --json one document per line and record.'],
  options: {
    decision: {
      type: 'string',
      multiple: true,
      value: 'DECISION',
      doc: `Only those: ${decisions.join(', ').toLowerCase()}.`,
    },
    ...limitOption,
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster schedule fires report/nightly', 'With the task of each time and its state.'],
    [
      'muster schedule fires report/nightly --decision skipped_overlap --decision skipped_late',
      'What got no task.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const limit = numberOf('limit', values.limit ?? String(limitDefault));
    const wishes: ListFiresOptions = given({
      pageSize: pageSizeOf(limit),
      decisions: values.decision?.map((text) => wordOf('decision', text, decisions)),
    });
    return withClient(values, async ({ schedules }) => {
      const fires: Fire[] = [];
      const more = await readLimited(schedules.fires(name, wishes), limit, (fire) => {
        if (values.json) terminal.out(jsonText(fire));
        else fires.push(fire);
      });
      if (!values.json) printTable(terminal, fires, fireColumns(), 'No record matches.');
      if (more) terminal.note(`The newest ${limit}; --limit N shows more.`);
      return exitCodes.ok.code;
    });
  },
});
