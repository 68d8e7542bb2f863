// `muster task cancel`: asks for the end of tasks, by ids or by a filter.

import { defineCommand } from '../../command-line/command.ts';
import { filterOptions, selectionOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { jsonText } from '../../printing/task-text.ts';
import { readIds } from './ids.ts';

/** `muster task cancel`. */
export const taskCancel = defineCommand({
  name: 'task cancel',
  summary: 'Cancel tasks, by ids or by a filter.',
  positionals: '[ID... | -]',
  count: [0, Number.POSITIVE_INFINITY],
  details: [
    'What does not run ends at once; what runs is asked to stop and ends within its cancel grace.',
    'With --json one document: {"cancelled", "requested", "finished", "missing"}, each a list of ids.',
  ],
  options: {
    ...filterOptions,
    reason: { type: 'string', value: 'TEXT', doc: 'For people; stored with the task.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    [
      'muster task cancel 01890a5d-ac96-774b-bcce-b302099a8057 --reason "wrong customer"',
      'One task.',
    ],
    [
      'muster task cancel --handler email.send --state ready',
      'Everything of a handler that has not begun.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const ids = await readIds(positionals, terminal);
    const selection = selectionOf('task cancel', ids, values);
    const summary = await withClient(values, (client) => client.cancel(selection, values.reason));
    if (values.json) terminal.out(jsonText(summary));
    else {
      const { cancelled, requested, finished, missing } = summary;
      terminal.out(`${cancelled.length} cancelled, ${requested.length} asked to stop.`);
      if (finished.length > 0) terminal.note(`${finished.length} had ended before.`);
      for (const id of missing) terminal.note(`${id} is not stored, or not any more.`);
    }
    return summary.missing.length > 0 ? exitCodes.notFound.code : exitCodes.ok.code;
  },
});
