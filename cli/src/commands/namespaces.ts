// `muster namespaces list|create|update|delete|pause|resume`: the boundaries of tenants.

import type { Namespace__Output } from '@muster/proto';
import type { Client } from '@muster/sdk';
import { durationToMs, msToDuration, msToWire, wireToDate, wireToMs } from '@muster/sdk/internal';
import { defineCommand, type Options, type Values } from '../command-line/command.ts';
import { durationOf } from '../command-line/option-values.ts';
import { type ConnectionValues, connectionOptions, jsonOption, withClient } from '../connection.ts';
import { exitCodes, UsageError } from '../exit-codes.ts';
import { type Column, printTable } from '../printing/table.ts';
import { jsonText, timeText } from '../printing/task-text.ts';
import type { Terminal } from '../printing/terminal.ts';
import { gather, pages, plain } from '../printing/wire-text.ts';

const wishes = {
  description: { type: 'string', value: 'TEXT', doc: 'For people.' },
  retention: {
    type: 'string',
    value: 'DURATION',
    doc: 'How long finished tasks are kept: 1h to 365d. Default: the setting of the coordinator.',
  },
} as const satisfies Options;

/** `muster namespaces list`. */
export const namespacesList = defineCommand({
  name: 'namespaces list',
  summary: 'List namespaces.',
  positionals: '',
  count: [0, 0],
  details: ['With --json one document per line and namespace.'],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster namespaces list', 'All that the token may see.']],
  async run({ values, terminal }) {
    const all = await withClient(values, (client) => gather(listNamespaces(client)));
    if (values.json) for (const namespace of all) terminal.out(jsonText(plain(namespace)));
    else printTable(terminal, all, columns, 'There is no namespace.');
    return exitCodes.ok.code;
  },
});

/** `muster namespaces create`. */
export const namespacesCreate = defineCommand({
  name: 'namespaces create',
  summary: 'Make a namespace.',
  positionals: 'NAME',
  count: [1, 1],
  options: { ...wishes, ...jsonOption, ...connectionOptions },
  examples: [
    ['muster namespaces create staging --retention 2d', 'Finished tasks are kept for two days.'],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const { namespace } = await withClient(values, (client) =>
      client.services.namespaces.createNamespace({ namespace: { name, ...wanted(values) } }),
    );
    report(terminal, values.json, namespace, `Namespace ${name} is made.`);
    return exitCodes.ok.code;
  },
});

/** `muster namespaces update`. */
export const namespacesUpdate = defineCommand({
  name: 'namespaces update',
  summary: 'Change the description or the retention of a namespace.',
  positionals: 'NAME',
  count: [1, 1],
  details: ['--retention default takes the setting of the coordinator again.'],
  options: { ...wishes, ...jsonOption, ...connectionOptions },
  examples: [
    ['muster namespaces update staging --retention 12h', 'Keep finished tasks for half a day.'],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const paths = [
      ...(values.description === undefined ? [] : ['description']),
      ...(values.retention === undefined ? [] : ['retention_window']),
    ];
    if (paths.length === 0)
      throw new UsageError('Give --description or --retention.', 'namespaces update');
    const { namespace } = await withClient(values, (client) =>
      client.services.namespaces.updateNamespace({
        namespace: { name, ...wanted(values) },
        updateMask: { paths },
      }),
    );
    report(terminal, values.json, namespace, `Namespace ${name} is changed.`);
    return exitCodes.ok.code;
  },
});

/** `muster namespaces delete`. */
export const namespacesDelete = defineCommand({
  name: 'namespaces delete',
  summary: 'Delete a namespace that has no unfinished tasks and no agents.',
  positionals: 'NAME',
  count: [1, 1],
  details: ['Its finished tasks go with it. "default" cannot be deleted.'],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster namespaces delete staging', 'Refused while something in it is unfinished.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    await withClient(values, (client) => client.services.namespaces.deleteNamespace({ name }));
    if (values.json) terminal.out(jsonText({ name }));
    else terminal.out(`Namespace ${name} is deleted.`);
    return exitCodes.ok.code;
  },
});

/** `muster namespaces pause`. */
export const namespacesPause = defineCommand({
  name: 'namespaces pause',
  summary: 'Hand no more tasks of a whole namespace over, until it is resumed.',
  positionals: '[NAME]',
  count: [0, 1],
  details: [
    'Without NAME the namespace of --namespace. What runs runs on, and tasks can be submitted.',
    'It holds for handlers to come, too. With --json {"name", "paused"}.',
  ],
  options: {
    note: { type: 'string', value: 'TEXT', doc: 'Why, for people.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [['muster namespaces pause staging --note "moving its database"', 'All its handlers.']],
  async run({ values, positionals, terminal }) {
    const name = await withClient(
      chosen('namespaces pause', positionals, values),
      async (client) => {
        await client.limits.pauseNamespace(values.note);
        return client.namespace;
      },
    );
    terminal.out(values.json ? jsonText({ name, paused: true }) : `Namespace ${name} is paused.`);
    return exitCodes.ok.code;
  },
});

/** `muster namespaces resume`. */
export const namespacesResume = defineCommand({
  name: 'namespaces resume',
  summary: 'Hand the tasks of a paused namespace over again.',
  positionals: '[NAME]',
  count: [0, 1],
  details: [
    'Without NAME the namespace of --namespace. Handlers that are paused themselves stay so.',
    'With --json {"name", "paused"}.',
  ],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster namespaces resume staging', 'What waited goes first.']],
  async run({ values, positionals, terminal }) {
    const name = await withClient(
      chosen('namespaces resume', positionals, values),
      async (client) => {
        await client.limits.resumeNamespace();
        return client.namespace;
      },
    );
    terminal.out(values.json ? jsonText({ name, paused: false }) : `Namespace ${name} is resumed.`);
    return exitCodes.ok.code;
  },
});

/** The connection to the namespace that was named, in either way. */
function chosen(
  command: string,
  [name]: readonly string[],
  values: ConnectionValues,
): ConnectionValues {
  if (name === undefined) return values;
  if (values.namespace !== undefined && values.namespace !== name)
    throw new UsageError(
      `"${name}" and --namespace ${values.namespace} are two namespaces; give one of them.`,
      command,
    );
  return { ...values, namespace: name };
}

function listNamespaces(client: Client): AsyncIterable<Namespace__Output> {
  return pages(async (pageToken) => {
    const answer = await client.services.namespaces.listNamespaces({ pageSize: 1_000, pageToken });
    return { items: answer.namespaces, nextPageToken: answer.nextPageToken };
  });
}

function wanted({ description, retention }: Values<typeof wishes>) {
  const given = retention === undefined || retention === 'default' ? undefined : retention;
  return {
    ...(description === undefined ? {} : { description }),
    ...(given === undefined
      ? {}
      : { retentionWindow: msToWire(durationToMs(durationOf('retention', given))) }),
  };
}

function report(
  terminal: Terminal,
  json: boolean | undefined,
  namespace: Namespace__Output | null,
  text: string,
): void {
  terminal.out(json === true ? jsonText(plain(namespace)) : text);
}

const columns: readonly Column<Namespace__Output>[] = [
  { title: 'NAMESPACE', cell: (namespace) => namespace.name },
  { title: 'RETENTION', right: true, cell: retentionText },
  { title: 'CREATED', cell: (namespace) => timeText(wireToDate(namespace.createTime)) },
  { title: 'PAUSED', cell: ({ paused, pauseNote }) => (paused ? pauseNote || 'yes' : ' ') },
  { title: 'DESCRIPTION', cell: (namespace) => namespace.description || ' ' },
];

function retentionText(namespace: Namespace__Output): string {
  const ms = wireToMs(namespace.retentionWindow);
  return ms === undefined ? 'default' : msToDuration(ms);
}
