// `muster limit list|get|set|delete`: limits that handlers share.

import { defineCommand } from '../command-line/command.ts';
import { boundOptions, countOf, rateOf } from '../command-line/limit-values.ts';
import { given } from '../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../connection.ts';
import { exitCodes, UsageError } from '../exit-codes.ts';
import { boundTexts, limitColumns, limitOf, printLimit } from '../printing/limit-text.ts';
import { printTable } from '../printing/table.ts';
import { jsonText } from '../printing/task-text.ts';
import { gather } from '../printing/wire-text.ts';

/** `muster limit list`. */
export const limitList = defineCommand({
  name: 'limit list',
  summary: 'List limits that handlers share, by name.',
  positionals: '',
  count: [0, 0],
  details: [
    'RUNNING is how many run of how many may; TOKENS are hand-overs that the rate allows at this moment.',
    'Limits of one handler alone are in "muster handlers flow NAME". With --json one document per line and limit.',
  ],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster limit list', 'What is bounded, and how much of it is used.']],
  async run({ values, terminal }) {
    const all = await withClient(values, ({ limits }) => gather(limits.list({ pageSize: 1_000 })));
    if (values.json) for (const limit of all) terminal.out(jsonText(limit));
    else printTable(terminal, all, limitColumns, 'There is no shared limit.');
    return exitCodes.ok.code;
  },
});

/** `muster limit get`. */
export const limitGet = defineCommand({
  name: 'limit get',
  summary: 'Show a shared limit, what runs under it, and its handlers.',
  positionals: 'NAME',
  count: [1, 1],
  details: ['With --json one document.'],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster limit get payments.api', 'In words.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const limit = await withClient(values, ({ limits }) => limits.get(name));
    if (values.json) terminal.out(jsonText(limit));
    else printLimit(terminal, limit);
    return exitCodes.ok.code;
  },
});

/** `muster limit set`. */
export const limitSet = defineCommand({
  name: 'limit set',
  summary: 'Make a limit that handlers share, or change it.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'It is set as a whole: what is left out is no limit, and no description. Its bucket keeps its tokens.',
    '"muster handlers limit HANDLER --shared NAME" puts a handler under it. With --json one document: the limit.',
  ],
  options: {
    ...boundOptions,
    description: { type: 'string', value: 'TEXT', doc: 'For people.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    [
      'muster limit set payments.api --concurrency 5',
      'Five at once, whichever handlers they are of.',
    ],
    [
      'muster limit set mail.provider --rate 600/m --burst 20 --description "their contract"',
      'Ten a second on average; after a quiet time twenty together.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const { description, burst } = values;
    const rate = rateOf({ rate: values.rate, burst });
    const concurrency = countOf('concurrency', values.concurrency);
    if (rate === undefined && concurrency === undefined)
      throw new UsageError(
        `Say what "${name}" limits: --concurrency such as 10, --rate such as 10/s, or both.`,
        'limit set',
      );
    const wanted = { name, ...given({ description, concurrency, rate }) };
    const limit = await withClient(values, ({ limits }) => limits.set(wanted));
    const texts = boundTexts(limitOf(limit)).join('; ');
    terminal.out(values.json ? jsonText(limit) : `Limit ${limit.name} is set: ${texts}.`);
    return exitCodes.ok.code;
  },
});

/** `muster limit delete`. */
export const limitDelete = defineCommand({
  name: 'limit delete',
  summary: 'Delete a shared limit that no handler is under.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'Take it from its handlers first: "muster limit get NAME" lists them, "muster handlers limit" sets their limits anew.',
  ],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster limit delete payments.api', 'Refused while handlers are under it.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    await withClient(values, ({ limits }) => limits.delete(name));
    terminal.out(values.json ? jsonText({ name }) : `Limit ${name} is deleted.`);
    return exitCodes.ok.code;
  },
});
