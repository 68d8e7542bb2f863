// `muster agents`: who runs handlers; `muster agents drain`: asks one to leave in order.

import type { Agent__Output } from '@muster/proto';
import { durationToMs, msToWire, wireToDate } from '@muster/sdk/internal';
import { defineCommand } from '../command-line/command.ts';
import { durationOf, wordOf } from '../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, namesText, printTable } from '../printing/table.ts';
import { jsonText, spanText } from '../printing/task-text.ts';
import { gather, pages, plain } from '../printing/wire-text.ts';

const states = ['attached', 'detached', 'lost', 'closed'] as const;

/** `muster agents`. */
export const agents = defineCommand({
  name: 'agents',
  summary: 'List agents: their state, slots and handlers.',
  positionals: '',
  count: [0, 0],
  details: ['With --json one document per line and session of an agent.'],
  options: {
    state: {
      type: 'string',
      value: 'STATE',
      doc: `Only those: ${states.join(', ')}. Default: attached and detached.`,
    },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster agents', 'Those that are connected, or may come back.'],
    ['muster agents --state lost', 'Those that went away without a word.'],
  ],
  async run({ values, terminal }) {
    const given = values.state === undefined ? undefined : wordOf('state', values.state, states);
    await withClient(values, async (client) => {
      const { namespace } = client;
      const state = given === undefined ? {} : { state: `SESSION_STATE_${upper(given)}` as const };
      const all = await gather(
        pages(async (pageToken) => {
          const request = { namespace, pageSize: 1_000, pageToken, ...state };
          const answer = await client.services.fleet.listAgents(request);
          return { items: answer.agents, nextPageToken: answer.nextPageToken };
        }),
      );
      if (values.json) for (const agent of all) terminal.out(jsonText(plain(agent)));
      else printTable(terminal, all, columns(new Date()), 'No agent is connected.');
    });
    return exitCodes.ok.code;
  },
});

/** `muster agents drain`. */
export const agentsDrain = defineCommand({
  name: 'agents drain',
  summary: 'Ask an agent to finish what runs, hand back the rest, and leave.',
  positionals: 'ID',
  count: [1, 1],
  details: ['ID is the name of an agent (every session of it), or the id of one session.'],
  options: {
    grace: {
      type: 'string',
      value: 'DURATION',
      doc: 'How long what runs may take to end. Default: the agent’s own.',
    },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [['muster agents drain worker-3 --grace 5m', 'Before its machine is switched off.']],
  async run({ values, positionals, terminal }) {
    const [id = ''] = positionals;
    const grace = values.grace === undefined ? undefined : durationOf('grace', values.grace);
    const answer = await withClient(values, (client) =>
      client.services.fleet.drainAgent({
        namespace: client.namespace,
        id,
        ...(grace === undefined ? {} : { drainGrace: msToWire(durationToMs(grace)) }),
      }),
    );
    if (values.json) terminal.out(jsonText({ sessionIds: answer.sessionIds }));
    else
      for (const session of answer.sessionIds) terminal.out(`${id} drains (session ${session}).`);
    return exitCodes.ok.code;
  },
});

function upper<Word extends string>(word: Word): Uppercase<Word> {
  return word.toUpperCase() as Uppercase<Word>;
}

function columns(now: Date): readonly Column<Agent__Output>[] {
  return [
    { title: 'AGENT', cell: (agent) => agent.id },
    { title: 'STATE', cell: (agent) => (agent.draining ? 'DRAINING' : String(plain(agent.state))) },
    { title: 'RUNNING', right: true, cell: (agent) => `${agent.running}/${agent.slots}` },
    { title: 'AGE', right: true, cell: (agent) => age(agent, now) },
    { title: 'HOST', cell: (agent) => agent.host },
    { title: 'SDK', cell: (agent) => agent.sdk },
    { title: 'HANDLERS', cell: (agent) => namesText(agent.handlers) },
  ];
}

function age(agent: Agent__Output, now: Date): string | undefined {
  const began = wireToDate(agent.createTime);
  return began === undefined ? undefined : spanText(now.getTime() - began.getTime());
}
