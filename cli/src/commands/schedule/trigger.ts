// `muster schedule trigger`: a task of the schedule now, and can wait for its end.

import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { jsonText } from '../../printing/task-text.ts';
import { awaitTasks } from '../task/wait.ts';

/** `muster schedule trigger`. */
export const scheduleTrigger = defineCommand({
  name: 'schedule trigger',
  summary: 'Make a task of a schedule now, whatever its timing and pause say.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'Prints the id of the task; with --wait its output. With --json the fire record, with --wait as "muster task wait".',
    'It is tried once: when no answer comes, "muster schedule fires NAME" tells whether there is a task.',
  ],
  options: {
    wait: { type: 'boolean', short: 'w', doc: 'Wait for the end and print the output.' },
    'wait-timeout': { type: 'string', value: 'DURATION', doc: 'Longest wait. Default: none.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster schedule trigger report/nightly', 'Once more, out of turn.'],
    ['muster schedule trigger report/nightly --wait --wait-timeout 5m', 'And print its output.'],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    return withClient(values, async (client) => {
      const { fire, task } = await client.schedules.trigger(name);
      if (values.wait === true) return awaitTasks(client.group([task.id]), values, terminal);
      terminal.out(values.json ? jsonText(fire) : task.id);
      return exitCodes.ok.code;
    });
  },
});
