// `muster task get`: one task with its attempts.

import { defineCommand } from '../../command-line/command.ts';
import { wordOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { jsonText, printTask } from '../../printing/task-text.ts';
import { readIds } from './ids.ts';

const views = ['basic', 'payloads', 'full'] as const;

/** `muster task get`. */
export const taskGet = defineCommand({
  name: 'task get',
  summary: 'Show a task: state, input, output, attempts, log lines.',
  positionals: 'ID',
  count: [1, 1],
  details: ['With --json one document. Values longer than 2,000 characters are cut without it.'],
  options: {
    view: {
      type: 'string',
      value: 'VIEW',
      doc: 'How much: basic, payloads or full. Default full.',
    },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster task get 01890a5d-ac96-774b-bcce-b302099a8057', 'Everything about it.'],
    [
      'muster task get 01890a5d-ac96-774b-bcce-b302099a8057 --json | jq .output',
      'Its output alone.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [id = ''] = await readIds(positionals, terminal);
    const view = wordOf('view', values.view ?? 'full', views);
    const task = await withClient(values, (client) => client.get(id, view));
    if (values.json) terminal.out(jsonText(task));
    else printTask(terminal, task);
    return exitCodes.ok.code;
  },
});
