// `muster schedule apply FILE`: makes schedules what a file says they are. All of it is checked before anything is changed, and
// what would change is shown before it does.

import type { Client } from '@muster/sdk';
import { defineCommand } from '../../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../../connection.ts';
import { exitCodes, UsageError } from '../../../exit-codes.ts';
import { jsonText } from '../../../printing/task-text.ts';
import { printable, type Terminal } from '../../../printing/terminal.ts';
import { noteUnserved } from '../../../printing/unserved.ts';
import {
  type ApplyCall,
  applyChunks,
  askChunks,
  type Change,
  type Outlook,
} from '../../../schedules/apply/apply-chunks.ts';
import { chunksOf } from '../../../schedules/apply/chunks.ts';
import {
  type DefinedEntry,
  defineEntries,
  readyEntries,
} from '../../../schedules/apply/definitions.ts';
import { differenceText } from '../../../schedules/apply/differences.ts';
import { FaultList, faultsText } from '../../../schedules/file/faults.ts';
import { readSchedules } from '../../../schedules/file/read-schedules.ts';
import { readSource, sourceName } from './source.ts';

const command = 'schedule apply';

/** Ten thousand schedules in one statement may take a while. */
const tryTimeoutMs = 60_000;

interface Wishes {
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly 'dry-run'?: boolean;
}

/** `muster schedule apply`. */
export const scheduleApply = defineCommand({
  name: command,
  summary: 'Make schedules what a file says.',
  positionals: 'FILE | -',
  count: [1, 1],
  details: [
    'FILE is YAML: "schedules:" with a list, the keys as in the SDK. docs/schedules.md describes it.',
    'Schedules that the file does not name stay as they are, and whether one is paused stays too.',
    'If anything is wrong, nothing is applied. Without a terminal --yes or --dry-run is needed.',
    'With --json one document per schedule: {"name", "action", "differences", "applied"}.',
  ],
  options: {
    'dry-run': { type: 'boolean', doc: 'Only show what would change.' },
    yes: { type: 'boolean', short: 'y', doc: 'Do not ask.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster schedule apply schedules.yaml', 'Show what changes, ask, apply.'],
    ['muster schedule apply schedules.yaml --dry-run', 'Only show it.'],
    ['cat schedules.yaml | muster schedule apply - --yes --namespace staging', 'From a pipe.'],
  ],
  async run({ values, positionals, terminal }) {
    const [path = ''] = positionals;
    const source = sourceName(path);
    const file = readSchedules(await readSource(path, terminal, command));
    const entries = defineEntries(file);
    refuseFaults(source, file.faults);
    if (entries.length === 0) {
      terminal.note(`There are no schedules in ${source}.`);
      return exitCodes.ok.code;
    }
    const namespace = values.namespace ?? file.namespace;
    const connection = { ...values, ...(namespace === undefined ? {} : { namespace }) };
    await withClient(connection, (client) => apply(client, entries, source, values, terminal));
    return terminal.signal.aborted ? exitCodes.interrupted.code : exitCodes.ok.code;
  },
});

async function apply(
  client: Client,
  entries: readonly DefinedEntry[],
  source: string,
  wishes: Wishes,
  terminal: Terminal,
): Promise<void> {
  const { namespace } = client;
  const { signal } = terminal;
  const call: ApplyCall = (request) =>
    client.services.schedules.applySchedules({ namespace, ...request }, { tryTimeoutMs, signal });
  const faults = new FaultList();
  const ready = await readyEntries(client, entries, faults);
  refuseFaults(source, faults);
  const chunks = chunksOf(ready);
  const outlook = await askChunks(chunks, call, faults);
  refuseFaults(source, faults);
  const isChange = outlook.changes.some(({ action }) => action !== 'UNCHANGED');
  const wanted = isChange && wishes['dry-run'] !== true;
  if (wishes.json !== true) showOutlook(outlook, terminal.out, terminal);
  else if (wanted && wishes.yes !== true) showOutlook(outlook, terminal.note, terminal);
  const applied = wanted && (wishes.yes === true || (await isAgreed(terminal)));
  if (applied) await applyChunks(chunks, call);
  if (wishes.json === true)
    for (const change of outlook.changes) terminal.out(jsonText({ ...change, applied }));
  else if (applied) terminal.out('Applied.');
  else if (wanted) terminal.note('Nothing was applied.');
}

async function isAgreed(terminal: Terminal): Promise<boolean> {
  const agreed = await terminal.confirm('Apply these changes?');
  if (agreed !== undefined) return agreed;
  throw new UsageError(
    'Nothing was applied: there is no terminal to ask on. Give --yes to apply, or --dry-run to only look.',
    command,
  );
}

function showOutlook(
  { changes, unserved }: Outlook,
  show: (line: string) => void,
  terminal: Terminal,
): void {
  for (const change of changes) for (const line of changeLines(change)) show(printable(line));
  const unchanged = changes.filter(({ action }) => action === 'UNCHANGED').length;
  if (unchanged === changes.length) show(`Nothing changes: all ${unchanged} are as the file says.`);
  else if (unchanged > 0) show(`= ${unchanged} unchanged`);
  for (const { handler, known, nearestHandler } of unserved)
    noteUnserved(
      terminal,
      handler,
      { known, nearestHandler: nearestHandler || undefined },
      'its tasks wait for one',
    );
}

/** A schedule that is made, or a line for each option that changes. */
function changeLines({ name, action, differences }: Change): string[] {
  if (action === 'UNCHANGED') return [];
  if (action === 'CREATED') return [`+ ${name}`];
  return differences.map((difference) => `~ ${name}  ${differenceText(difference)}`);
}

function refuseFaults(source: string, faults: FaultList): void {
  if (faults.count > 0) throw new UsageError(faultsText(source, faults));
}
