// `muster handlers flow`: how the work of one handler stands.

import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { printFlow } from '../../printing/limit-text.ts';
import { jsonText } from '../../printing/task-text.ts';

/** `muster handlers flow`. */
export const handlersFlow = defineCommand({
  name: 'handlers flow',
  summary: 'Show limits and pauses of a handler, and what runs and waits under them.',
  positionals: 'NAME',
  count: [1, 1],
  details: ['With --json one document.'],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster handlers flow email.send', 'Why its tasks wait.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const flow = await withClient(values, ({ limits }) => limits.handler(name));
    if (values.json) terminal.out(jsonText(flow));
    else printFlow(terminal, flow);
    return exitCodes.ok.code;
  },
});
