// `muster cluster`: the coordinators that share the database.

import type { Coordinator__Output } from '@muster/proto';
import { wireToDate } from '@muster/sdk/internal';
import { defineCommand } from '../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, printTable } from '../printing/table.ts';
import { jsonText, spanText } from '../printing/task-text.ts';
import { gather, pages, plain } from '../printing/wire-text.ts';

/** `muster cluster`. */
export const cluster = defineCommand({
  name: 'cluster',
  summary: 'List coordinators: their roles, agents and signs of life.',
  positionals: '',
  count: [0, 0],
  details: [
    'BEAT is how long ago it last gave a sign of life. With --json one document per line and coordinator.',
  ],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster cluster', 'Every coordinator of this database, whichever one answers.']],
  async run({ values, terminal }) {
    await withClient(values, async (client) => {
      const all = await gather(
        pages(async (pageToken) => {
          const answer = await client.services.fleet.listCoordinators({ pageToken });
          return { items: answer.coordinators, nextPageToken: answer.nextPageToken };
        }),
      );
      if (values.json) for (const each of all) terminal.out(jsonText(plain(each)));
      else printTable(terminal, all, columns(new Date()), 'There is no coordinator.');
    });
    return exitCodes.ok.code;
  },
});

function columns(now: Date): readonly Column<Coordinator__Output>[] {
  const since = (time: Coordinator__Output['beatTime']) => {
    const then = wireToDate(time);
    return then === undefined ? undefined : spanText(now.getTime() - then.getTime());
  };
  return [
    { title: 'ADDRESS', cell: ({ address }) => address },
    { title: 'STATE', cell: stateOf },
    { title: 'ROLES', cell: ({ roles }) => (roles.length === 4 ? 'all' : roles.join(' ')) },
    { title: 'AGENTS', right: true, cell: ({ sessions }) => String(sessions) },
    { title: 'AGE', right: true, cell: ({ startTime }) => since(startTime) },
    { title: 'BEAT', right: true, cell: ({ beatTime }) => since(beatTime) },
    { title: 'HOST', cell: ({ host }) => host },
    { title: 'VERSION', cell: ({ version }) => version },
  ];
}

function stateOf({ alive, draining }: Coordinator__Output): string {
  if (!alive) return 'DEAD';
  return draining ? 'DRAINING' : 'ALIVE';
}
