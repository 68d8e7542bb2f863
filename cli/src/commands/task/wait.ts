// `muster task wait`: waits until tasks have ended, with a bar for many, and prints how.

import type { MusterError, TaskGroup, TaskResult, WaitOptions } from '@muster/sdk';
import { defineCommand, type Options, type Values } from '../../command-line/command.ts';
import { durationOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { progressBar } from '../../printing/progress-bar.ts';
import { jsonText, valueText } from '../../printing/task-text.ts';
import { printable, type Terminal } from '../../printing/terminal.ts';
import { readIds } from './ids.ts';

/** Options of a wait. */
const waitOptions = {
  'wait-timeout': { type: 'string', value: 'DURATION', doc: 'Longest wait. Default: none.' },
  ...jsonOption,
} as const satisfies Options;

/** How long a wait looks for a coordinator that does not answer. */
const retryTimeout = '60s';

/** `muster task wait`. */
export const taskWait = defineCommand({
  name: 'task wait',
  summary: 'Wait until tasks have ended, and print their outputs.',
  positionals: 'ID... | -',
  count: [1, Number.POSITIVE_INFINITY],
  details: [
    'Prints one line per task as it ends. With --json {"id", "state", "output" or "error"} per line.',
    'Exit code 1 if one of them failed or was cancelled, 6 if --wait-timeout was over first.',
  ],
  options: { ...waitOptions, ...connectionOptions },
  examples: [
    ['muster task wait 01890a5d-ac96-774b-bcce-b302099a8057', 'One task.'],
    [
      'muster task list --json --state running | jq -r .id | muster task wait -',
      'Ids from a pipe.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const ids = await readIds(positionals, terminal);
    return withClient(
      values,
      (client) => awaitTasks(client.group(ids), values, terminal),
      retryTimeout,
    );
  },
});

/** Waits for all tasks of a group and prints each end; the exit code says whether all succeeded. */
export async function awaitTasks(
  group: Pick<TaskGroup<unknown>, 'ids' | 'settled' | 'progress'>,
  values: Values<typeof waitOptions>,
  terminal: Terminal,
): Promise<number> {
  const timeout = values['wait-timeout'];
  const options: WaitOptions = {
    signal: terminal.signal,
    ...(timeout === undefined ? {} : { timeout: durationOf('wait-timeout', timeout) }),
  };
  const many = group.ids.length > 1;
  const counts = { total: group.ids.length, finished: 0, succeeded: 0, failed: 0, cancelled: 0 };
  const bar = many && !values.json ? progressBar(terminal) : undefined;
  const results: TaskResult<unknown>[] = [];
  try {
    bar?.show(counts);
    for await (const result of group.settled(options)) {
      results.push(result);
      counts.finished += 1;
      counts[countOf(result)] += 1;
      if (values.json) terminal.out(jsonText(machineResult(result)));
      bar?.show(counts);
    }
  } finally {
    bar?.end();
    if (!values.json) for (const result of inOrder(results)) printResult(terminal, result, many);
  }
  return counts.succeeded === counts.total ? exitCodes.ok.code : codeOfFailures(results);
}

function codeOfFailures(results: readonly TaskResult<unknown>[]): number {
  const missing = results.every(({ state }) => state === 'MISSING' || state === 'SUCCEEDED');
  return missing ? exitCodes.notFound.code : exitCodes.failed.code;
}

function countOf(result: TaskResult<unknown>): 'succeeded' | 'failed' | 'cancelled' {
  if (result.state === 'SUCCEEDED') return 'succeeded';
  return result.state === 'CANCELLED' ? 'cancelled' : 'failed';
}

function inOrder(results: readonly TaskResult<unknown>[]): TaskResult<unknown>[] {
  return [...results].sort((a, b) => a.index - b.index);
}

/** One task alone prints its bare output, so that a script can use it; many print a line each. */
function printResult(terminal: Terminal, result: TaskResult<unknown>, many: boolean): void {
  if (result.state !== 'SUCCEEDED') {
    terminal.note(printable(`${result.id} ${result.state}  ${result.error.message}`));
  } else if (many) {
    terminal.out(printable(`${result.id} SUCCEEDED  ${valueText(result.output) ?? ''}`).trimEnd());
  } else if (result.output !== undefined) {
    terminal.out(printable(valueText(result.output) ?? ''));
  }
}

function machineResult(result: TaskResult<unknown>): Record<string, unknown> {
  const { id, state } = result;
  return state === 'SUCCEEDED'
    ? { id, state, output: result.output }
    : { id, state, error: errorDocument(result.error) };
}

/** An error for machines. */
export function errorDocument(error: MusterError): Record<string, unknown> {
  const { reason, message, metadata } = error;
  const failure = 'failure' in error ? { failure: error.failure } : {};
  return { reason, message, metadata, ...failure };
}
