// Where a command reads from and writes to. Results go to standard output, everything about
// them (progress, warnings, errors) to standard error, so that a pipe carries results only.

import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** What a command may do with the outside. */
export interface Terminal {
  /** Writes one line of results. */
  out(line: string): void;
  /** Writes one line about the results. */
  note(line: string): void;
  /** Draws over the current line of standard error; only where `live`. */
  redraw(line: string): void;
  /** True if standard error is a terminal, so that a line can be drawn over. */
  readonly live: boolean;
  /** Characters of a line. */
  readonly columns: number;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Asks a question that `y` answers with yes. Undefined: there is nobody to be asked. */
  confirm(question: string): Promise<boolean | undefined>;
  /** Aborted at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Columns where nobody says how many there are. */
const columnsDefault = 100;

/** The terminal of this process. A reader that goes away (`| head`) ends the command without complaint. */
export function processTerminal(): Terminal {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    redraw: (line) => void process.stderr.write(`\r\u001b[K${line}`),
    live: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    columns: process.stdout.columns ?? columnsDefault,
    readInput: () => text(process.stdin),
    confirm: (question) => confirmAt(question, interrupt),
    signal: interrupt.signal,
  };
}

/** The end of the input, and Ctrl-C, are a no. */
async function confirmAt(
  question: string,
  interrupt: AbortController,
): Promise<boolean | undefined> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      // A terminal in the hands of readline raises no signal of its own.
      lines.once('SIGINT', () => {
        interrupt.abort();
        resolve(false);
      });
      lines.once('close', () => resolve(false));
      lines.question(`${question} [y/N] `, (answer) => resolve(/^y(es)?$/i.test(answer.trim())));
    });
  } finally {
    lines.close();
  }
}

/**
 * Text of others, made harmless for a terminal: control characters and what could redraw the screen
 * become escapes. Line breaks stay where `lines` is true.
 */
export function printable(text: string, lines = false): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    if (lines && (character === '\n' || character === '\t')) return character;
    const code = character.codePointAt(0) ?? 0;
    return character === '\n' ? '\\n' : `\\u{${code.toString(16)}}`;
  });
}
