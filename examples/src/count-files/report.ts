// What the program prints: a progress bar, and tables with plain digits.

import type { GroupProgress } from '@muster/sdk';
import type { Counts } from './handlers.ts';

/** Extensions that get a row of their own; the rest share one. */
const extensionRowsMax = 15;

/** What one agent has done. */
export interface AgentWork extends Counts {
  readonly tasks: number;
}

/** Draws how far the tasks are: over itself on a terminal, else a line per quarter. */
export function showProgress({ finished, total }: GroupProgress): void {
  const filled = Math.round((finished / total) * 30);
  const bar = `[${'#'.repeat(filled).padEnd(30, '.')}] ${finished}/${total} tasks`;
  if (process.stderr.isTTY) process.stderr.write(`\r${bar}${finished === total ? '\n' : ''}`);
  else if (finished === total || filled % 8 === 0) console.error(bar);
}

/** Numbers per extension, the largest first, and the total. */
export function printExtensions(extensions: ReadonlyMap<string, Counts>, total: Counts): void {
  const sorted = [...extensions].sort(([, a], [, b]) => b.bytes - a.bytes);
  const rest = sorted.slice(extensionRowsMax);
  const row = (name: string, counts: Counts) => [
    name,
    ...[counts.lines, counts.words, counts.bytes].map(String),
  ];
  printTable([
    ['extension', 'lines', 'words', 'bytes'],
    ...sorted.slice(0, extensionRowsMax).map(([name, counts]) => row(name || '(none)', counts)),
    ...(rest.length === 0 ? [] : [row('(others)', sum(rest))]),
    row('total', total),
  ]);
}

/** What each agent did. */
export function printAgents(agents: ReadonlyMap<string, AgentWork>): void {
  printTable([
    ['agent', 'tasks', 'files', 'bytes'],
    ...[...agents]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { tasks, files, bytes }]) => [name, ...[tasks, files, bytes].map(String)]),
  ]);
}

function sum(parts: readonly (readonly [string, Counts])[]): Counts {
  const of = (key: keyof Counts) => parts.reduce((all, [, counts]) => all + counts[key], 0);
  return { lines: of('lines'), words: of('words'), bytes: of('bytes'), files: of('files') };
}

/** The first column to the left, numbers to the right. */
function printTable(rows: readonly (readonly string[])[]): void {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  for (const [first = '', ...numbers] of rows) {
    const cells = numbers.map((text, at) => text.padStart(width(at + 1) + 2));
    console.log(first.padEnd(width(0)) + cells.join(''));
  }
}
