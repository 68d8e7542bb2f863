// `muster handlers limit`: sets all limits of a handler.

import type { HandlerLimits } from '@muster/sdk';
import { defineCommand, type Options, type Values } from '../../command-line/command.ts';
import { boundOptions, countOf, rateOf } from '../../command-line/limit-values.ts';
import { durationOf, given } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes, UsageError } from '../../exit-codes.ts';
import { handlerLimitTexts, unsettledText } from '../../printing/limit-text.ts';
import { jsonText } from '../../printing/task-text.ts';
import { hintUnregistered } from './registered.ts';

const command = 'handlers limit';

const limitOptions = {
  ...boundOptions,
  'key-concurrency': {
    type: 'string',
    value: 'N',
    doc: 'Attempts of one key that run at once; tasks without a key count as one key.',
  },
  'key-rate': { type: 'string', value: 'COUNT/TIME', doc: 'Hand-overs of one key, such as 1/s.' },
  'key-burst': { type: 'string', value: 'N', doc: 'With --key-rate, as --burst.' },
  'priority-ageing': {
    type: 'string',
    value: 'TIME',
    doc: 'Waiting so long counts as one priority more.',
  },
  fair: {
    type: 'boolean',
    doc: 'Keys take turns by their weights; with any other limit they always do.',
  },
  shared: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    doc: 'Put it under a limit of "muster limit list" too; at most 8.',
  },
  none: { type: 'boolean', doc: 'Take all its limits away.' },
} as const satisfies Options;

/** `muster handlers limit`. */
export const handlersLimit = defineCommand({
  name: command,
  summary: 'Set all limits of a handler: how much runs at once, and how fast.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'All limits are set at once: what is left out is no limit. Nothing that runs is stopped.',
    'With --json one document, as "muster handlers flow".',
  ],
  options: { ...limitOptions, ...jsonOption, ...connectionOptions },
  examples: [
    [
      'muster handlers limit email.send --concurrency 20 --rate 10/s',
      'For all its tasks together.',
    ],
    ['muster handlers limit sync.account --key-concurrency 1', 'One at a time of each key.'],
    ['muster handlers limit email.send --shared mail.provider', 'Under one limit with others.'],
    ['muster handlers limit email.send --none', 'Without any limit again.'],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const wanted = handlerLimitsOf(name, values);
    await withClient(values, async (client) => {
      const hint = await hintUnregistered(client, name);
      const flow = await client.limits.setHandler(name, wanted);
      const texts = handlerLimitTexts(flow.limits);
      const set = texts.length === 0 ? 'has no limits' : `is limited: ${texts.join('; ')}`;
      terminal.out(values.json ? jsonText(flow) : `Handler ${name} ${set}.`);
      if (!flow.settled) terminal.note(`Not settled yet: ${unsettledText}.`);
      if (hint !== undefined) terminal.note(hint);
    });
    return exitCodes.ok.code;
  },
});

/** The limits that were given. `name` is the handler's, for the refusal of none. */
function handlerLimitsOf(name: string, values: Values<typeof limitOptions>): HandlerLimits {
  const { fair, shared, none = false } = values;
  const limits: HandlerLimits = given({
    concurrency: countOf('concurrency', values.concurrency),
    rate: rateOf({ rate: values.rate, burst: values.burst }),
    keyConcurrency: countOf('key-concurrency', values['key-concurrency']),
    keyRate: rateOf({ rate: values['key-rate'], burst: values['key-burst'] }, 'key-'),
    fair,
    priorityAgeing:
      values['priority-ageing'] === undefined
        ? undefined
        : durationOf('priority-ageing', values['priority-ageing']),
    shared,
  });
  const names = Object.keys(limitOptions).filter(
    (option) => option !== 'none' && values[option as keyof typeof limitOptions] !== undefined,
  );
  if (none && names.length > 0)
    throw new UsageError(
      `--none takes all limits away, but --${names[0]} sets one. Give --none alone, or leave it out.`,
      command,
    );
  if (!none && names.length === 0)
    throw new UsageError(
      `Say how "${name}" is limited, for example --concurrency 10; --none takes all its limits away.`,
      command,
    );
  return limits;
}
