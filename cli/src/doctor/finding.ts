// What the doctor found out about one thing, and how it is printed.

import { printable, type Terminal } from '../printing/terminal.ts';

/** The result of one check. */
export interface Finding {
  /** What was looked at: `address`, `tls`, `health`, … */
  readonly check: string;
  readonly verdict: 'ok' | 'warning' | 'fault' | 'skipped';
  /** What was seen, with the values. */
  readonly what: string;
  /** What to do about it. Undefined: nothing needs to be done. */
  readonly wayOut?: string;
}

const marks = { ok: 'ok  ', warning: 'WARN', fault: 'FAIL', skipped: 'skip' } as const;

/** Prints one finding, its way out below it. */
export function printFinding(terminal: Terminal, { check, verdict, what, wayOut }: Finding): void {
  terminal.out(printable(`${marks[verdict]}  ${check.padEnd(10)}${what}`));
  if (wayOut !== undefined) terminal.out(printable(`${' '.repeat(16)}-> ${wayOut}`));
}
