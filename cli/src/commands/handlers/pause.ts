// `muster handlers pause|resume`: stops the hand-over of a handler's tasks, and lets it go on.

import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { jsonText } from '../../printing/task-text.ts';
import { hintUnregistered } from './registered.ts';

/** `muster handlers pause`. */
export const handlersPause = defineCommand({
  name: 'handlers pause',
  summary: 'Hand no more tasks of a handler over, until it is resumed.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'What runs runs on, and tasks can be submitted. Pausing a paused one changes the note.',
    'With --json one document, as "muster handlers flow".',
  ],
  options: {
    note: {
      type: 'string',
      value: 'TEXT',
      doc: 'Why, for people; "muster handlers flow" shows it.',
    },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [['muster handlers pause email.send --note "the provider is down"', 'With a note.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    await withClient(values, async (client) => {
      const hint = await hintUnregistered(client, name);
      const flow = await client.limits.pauseHandler(name, values.note);
      terminal.out(values.json ? jsonText(flow) : `Handler ${name} is paused.`);
      if (hint !== undefined) terminal.note(hint);
    });
    return exitCodes.ok.code;
  },
});

/** `muster handlers resume`. */
export const handlersResume = defineCommand({
  name: 'handlers resume',
  summary: 'Hand the tasks of a paused handler over again.',
  positionals: 'NAME',
  count: [1, 1],
  details: ['With --json one document, as "muster handlers flow".'],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster handlers resume email.send', 'What waited goes first.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const flow = await withClient(values, ({ limits }) => limits.resumeHandler(name));
    terminal.out(values.json ? jsonText(flow) : `Handler ${name} is resumed.`);
    if (flow.namespacePaused)
      terminal.note('Its namespace is paused still; "muster namespaces resume" ends that.');
    return exitCodes.ok.code;
  },
});
