// `muster agent FILE…`: runs the handlers of files until it is drained.

import type { AgentOptions, BuiltIn } from '@muster/agent';
import type { AnyHandler } from '@muster/sdk';
import { defineCommand, type Options, type Values } from '../command-line/command.ts';
import { durationOf, labelsOf, numberOf, wordOf } from '../command-line/option-values.ts';
import { connectionOf, connectionOptions } from '../connection.ts';
import { exitCodes, UsageError } from '../exit-codes.ts';

const builtInNames = ['http.request', 'grpc.call', 'shell.exec'] as const;

const options = {
  id: {
    type: 'string',
    value: 'NAME',
    doc: 'Name of the agent, for people. Default: host and process.',
  },
  slots: { type: 'string', value: 'N', doc: 'Attempts that it runs at a time. Default 10.' },
  label: {
    type: 'string',
    short: 'l',
    multiple: true,
    value: 'KEY=VALUE',
    doc: 'Label of the agent.',
  },
  weight: {
    type: 'string',
    value: 'N',
    doc: 'Share of work compared with other agents. Default 100.',
  },
  'drain-grace': {
    type: 'string',
    value: 'DURATION',
    doc: 'How long running attempts may go on after SIGTERM. Default 30s.',
  },
  'built-in': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    doc: `Offer a built-in handler: ${builtInNames.join(', ')}.`,
  },
  allow: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    doc: 'A command that shell.exec may run.',
  },
  ...connectionOptions,
} as const satisfies Options;

/** `muster agent`. */
export const agent = defineCommand({
  name: 'agent',
  summary: 'Run the handlers that files export.',
  positionals: 'FILE...',
  count: [0, Number.POSITIVE_INFINITY],
  details: [
    'Every export that defineHandler({ ... }) returned is offered, also in arrays.',
    'SIGTERM and Ctrl-C drain: nothing more is taken, and what runs may finish. A second one stops at once.',
  ],
  options,
  examples: [
    ['muster agent handlers.ts', 'Ten attempts at a time.'],
    [
      'muster agent mail.ts reports.ts --slots 50 --label zone=eu',
      'Two files, more slots, a label.',
    ],
    ['muster agent --built-in http.request', 'No code at all: tasks are HTTP requests.'],
    [
      'muster agent --built-in shell.exec --allow /usr/bin/ffmpeg',
      'Tasks are commands, this one only.',
    ],
  ],
  async run({ values, positionals }) {
    const builtIns = builtInsOf(values);
    if (positionals.length === 0 && builtIns.length === 0)
      throw new UsageError('Give a file that exports handlers, or --built-in NAME.', 'agent');
    // Only this command pays for loading the agent.
    const { createAgent, loadHandlers } = await import('@muster/agent');
    const handlers: AnyHandler[] = [];
    for (const file of positionals) handlers.push(...(await loadHandlers(file)));
    await createAgent({ ...agentOptionsOf(values), handlers, builtIns }).run();
    return exitCodes.ok.code;
  },
});

function agentOptionsOf(values: Values<typeof options>): AgentOptions {
  const drainGrace = values['drain-grace'];
  return {
    ...connectionOf(values),
    ...(values.id === undefined ? {} : { agentId: values.id }),
    ...(values.slots === undefined ? {} : { slots: numberOf('slots', values.slots) }),
    ...(values.weight === undefined ? {} : { weight: numberOf('weight', values.weight) }),
    ...(values.label === undefined ? {} : { labels: labelsOf(values.label) }),
    ...(drainGrace === undefined ? {} : { drainGrace: durationOf('drain-grace', drainGrace) }),
  };
}

function builtInsOf(values: Values<typeof options>): readonly BuiltIn[] {
  const allow = values.allow ?? [];
  return (values['built-in'] ?? []).map((text) => {
    const name = wordOf('built-in', text, builtInNames);
    if (name !== 'shell.exec') return name;
    if (allow.length === 0)
      throw new UsageError(
        'shell.exec needs --allow FILE for each command that it may run.',
        'agent',
      );
    return { name, allow };
  });
}
