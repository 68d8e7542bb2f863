// Tables for people: columns as wide as their widest cell, text made harmless, lines cut at
// the edge of the terminal.

import { printable, type Terminal } from './terminal.ts';

/** One column: its title and what stands in it. */
export interface Column<Row> {
  readonly title: string;
  /** True: numbers, set to the right. */
  readonly right?: boolean;
  cell(row: Row): string | number | undefined;
}

/** Names of a cell that are shown; more are counted. */
const namesShown = 4;

/** Some names in one cell. */
export function namesText(names: readonly string[]): string {
  const more = names.length - namesShown;
  return names.slice(0, namesShown).join(' ') + (more > 0 ? ` and ${more} more` : '');
}

/** The lines of a table, its head first. Cells without a value show `-`. */
export function tableLines<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const cells = rows.map((row) =>
    columns.map((column) => printable(String(column.cell(row) ?? '') || '-')),
  );
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) =>
        columns[at]?.right ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)];
}

/** Prints a table, or `none` where there are no rows. */
export function printTable<Row>(
  terminal: Terminal,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  none: string,
): void {
  if (rows.length === 0) terminal.note(none);
  else for (const line of tableLines(rows, columns)) terminal.out(line);
}

/** Prints names and values under each other; those without a value are left out. */
export function printFacts(
  terminal: Terminal,
  facts: readonly (readonly [string, string | number | undefined])[],
): void {
  const shown = facts.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) {
    const [first = '', ...rest] = printable(String(value), true).split('\n');
    terminal.out(`${name.padEnd(width)}  ${first}`);
    for (const line of rest) terminal.out(`${' '.repeat(width)}  ${line}`);
  }
}
