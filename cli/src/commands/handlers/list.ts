// `muster handlers`: what can be asked for, and who serves it.

import type { Handler__Output } from '@muster/proto';
import type { Client } from '@muster/sdk';
import { msToDuration, wireToDate, wireToMs } from '@muster/sdk/internal';
import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type Column, printFacts, printTable } from '../../printing/table.ts';
import { jsonText, timeText } from '../../printing/task-text.ts';
import type { Terminal } from '../../printing/terminal.ts';
import { gather, pages, plain } from '../../printing/wire-text.ts';

/** `muster handlers`. */
export const handlers = defineCommand({
  name: 'handlers',
  summary: 'List handlers and who serves them, or show one with its schemas.',
  positionals: '[NAME]',
  count: [0, 1],
  details: [
    'With --json one document per line and handler. A handler whose name is a word of commands, such as "flow",',
    'is shown by "muster handlers -- flow".',
  ],
  options: { ...jsonOption, ...connectionOptions },
  examples: [
    ['muster handlers', 'All of the namespace.'],
    ['muster handlers email.send', 'One, with its options and schemas.'],
    ['muster handlers --json | jq -r "select(.agentCount == 0).name"', 'Those that nobody serves.'],
  ],
  async run({ values, positionals, terminal }) {
    const [name] = positionals;
    await withClient(values, async (client) => {
      if (name !== undefined) {
        const { namespace } = client;
        const { handler } = await client.services.handlers.getHandler({ namespace, name });
        if (values.json) terminal.out(jsonText(plain(handler)));
        else if (handler !== null) printHandler(terminal, handler);
        return;
      }
      const all = await gather(listHandlers(client));
      if (values.json) for (const handler of all) terminal.out(jsonText(plain(handler)));
      else printTable(terminal, all, columns, 'No agent has registered a handler yet.');
    });
    return exitCodes.ok.code;
  },
});

function listHandlers(client: Client): AsyncIterable<Handler__Output> {
  const { namespace } = client;
  return pages(async (pageToken) => {
    const answer = await client.services.handlers.listHandlers({
      namespace,
      pageSize: 1_000,
      pageToken,
    });
    return { items: answer.handlers, nextPageToken: answer.nextPageToken };
  });
}

const columns: readonly Column<Handler__Output>[] = [
  { title: 'HANDLER', cell: (handler) => handler.name },
  { title: 'AGENTS', right: true, cell: (handler) => handler.agentCount },
  { title: 'VERSIONS', cell: (handler) => handler.versions.join(' ') },
  { title: 'ATTEMPTS', right: true, cell: (handler) => handler.options?.retry?.maxAttempts },
  { title: 'TIMEOUT', right: true, cell: (handler) => span(handler.options?.attemptTimeout) },
  { title: 'DESCRIPTION', cell: (handler) => handler.description || ' ' },
];

function span(duration: Parameters<typeof wireToMs>[0]): string | undefined {
  const ms = wireToMs(duration);
  return ms === undefined ? undefined : msToDuration(ms);
}

function printHandler(terminal: Terminal, handler: Handler__Output): void {
  const { options } = handler;
  printFacts(terminal, [
    ['name', handler.name],
    ['description', handler.description],
    ['agents', handler.agentCount === 0 ? 'none at this moment' : handler.agentIds.join(' ')],
    ['versions', handler.versions.join(' ')],
    ['retry', options?.retry ? jsonText(plain(options.retry)) : undefined],
    ['timeout', span(options?.attemptTimeout)],
    ['cancel grace', span(options?.cancelGrace)],
    ['at most once', options?.atMostOnce ? 'yes' : undefined],
    ['input', handler.inputSchema],
    ['output', handler.outputSchema],
    ['registered', timeText(wireToDate(handler.createTime))],
    ['changed', timeText(wireToDate(handler.updateTime))],
  ]);
}
