// `muster task list`: tasks, newest first.

import type { Task } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { filterOf, filterOptions, numberOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { printTable } from '../../printing/table.ts';
import { jsonText, taskColumns } from '../../printing/task-text.ts';

/** Tasks that a list shows unless it is told how many. */
const limitDefault = 50;

/** `muster task list`. */
export const taskList = defineCommand({
  name: 'task list',
  summary: 'List tasks, newest first.',
  positionals: '',
  count: [0, 0],
  details: ['With --json one document per line and task.'],
  options: {
    ...filterOptions,
    limit: {
      type: 'string',
      value: 'N',
      doc: `At most so many tasks. Default ${limitDefault}; 0: all.`,
    },
    payloads: { type: 'boolean', doc: 'With --json: include inputs and outputs.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster task list --state failed --since 1h', 'What failed in the last hour.'],
    [
      'muster task list --handler email.send --label team=ops --limit 10',
      'The newest ten of one handler and label.',
    ],
    [
      'muster task list --json --limit 0 | jq -r .state | sort | uniq -c',
      'How many are in which state.',
    ],
  ],
  async run({ values, terminal }) {
    const limit = numberOf('limit', values.limit ?? String(limitDefault));
    const view = values.payloads === true ? 'payloads' : 'basic';
    const pageSize = Math.min(1_000, limit === 0 ? 1_000 : Math.max(1, limit));
    return withClient(values, async (client) => {
      const filter = filterOf(values);
      const tasks: Task[] = [];
      let count = 0;
      const wishes = { ...filter, view, pageSize, ...(limit === 0 ? {} : { limit }) } as const;
      for await (const task of client.list(wishes)) {
        if (terminal.signal.aborted) return exitCodes.interrupted.code;
        count += 1;
        if (values.json) terminal.out(jsonText(task));
        else tasks.push(task);
      }
      if (!values.json) printTable(terminal, tasks, taskColumns(), 'No task matches.');
      if (limit > 0 && count === limit) terminal.note(`The newest ${limit}; --limit N shows more.`);
      return exitCodes.ok.code;
    });
  },
});
