// `muster schedule delete`: a schedule and its fire records go, its tasks stay.

import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { jsonText } from '../../printing/task-text.ts';

/** `muster schedule delete`. */
export const scheduleDelete = defineCommand({
  name: 'schedule delete',
  summary: 'Delete a schedule with its fire records; its tasks stay.',
  positionals: 'NAME',
  count: [1, 1],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster schedule delete report/nightly', 'It asks for no more tasks.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    await withClient(values, ({ schedules }) => schedules.delete(name));
    terminal.out(values.json ? jsonText({ name }) : `Schedule ${name} is deleted.`);
    return exitCodes.ok.code;
  },
});
