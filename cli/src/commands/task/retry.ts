// `muster task retry`: submits finished tasks again, as new ones.

import { defineCommand } from '../../command-line/command.ts';
import { filterOptions, selectionOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { jsonText } from '../../printing/task-text.ts';
import { readIds } from './ids.ts';

/** `muster task retry`. */
export const taskRetry = defineCommand({
  name: 'task retry',
  summary: 'Submit finished tasks again, by ids or by a filter.',
  positionals: '[ID... | -]',
  count: [0, Number.POSITIVE_INFINITY],
  details: [
    'Prints the ids of the new tasks. A task is retried once: repeating the command gives the same new task.',
    'By a filter: failed and cancelled ones that have not been retried.',
    'With --json one document: {"retried": [{"id", "retryId", "duplicate"}], "unfinished", "missing"}.',
  ],
  options: { ...filterOptions, ...jsonOption, ...connectionOptions },
  examples: [
    ['muster task retry 01890a5d-ac96-774b-bcce-b302099a8057', 'One task.'],
    [
      'muster task retry --handler email.send --state failed --since 1d',
      'What failed since yesterday.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const ids = await readIds(positionals, terminal);
    const selection = selectionOf('task retry', ids, values);
    const summary = await withClient(values, (client) => client.retry(selection));
    if (values.json) terminal.out(jsonText(summary));
    else {
      for (const { retryId } of summary.retried) terminal.out(retryId);
      for (const id of summary.unfinished)
        terminal.note(`${id} has not ended, so there is nothing to retry.`);
      for (const id of summary.missing) terminal.note(`${id} is not stored, or not any more.`);
    }
    if (summary.missing.length > 0) return exitCodes.notFound.code;
    return summary.unfinished.length > 0 ? exitCodes.refused.code : exitCodes.ok.code;
  },
});
