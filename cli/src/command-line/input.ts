// Where the input of a task comes from: --input, --input-file, `-` for standard input, or one
// task per line of a file.

import { readFile } from 'node:fs/promises';
import { UsageError } from '../exit-codes.ts';
import type { Terminal } from '../printing/terminal.ts';

/** Options from which an input is read; at most one may be given. */
export interface InputOptions {
  readonly input?: string;
  readonly inputFile?: string;
  readonly inputLines?: string;
  /** The positional `-`. */
  readonly dash: boolean;
}

/** One input, or one per line; `many` tells which. */
export type Inputs =
  | { readonly many: false; readonly input: unknown }
  | { readonly many: true; readonly inputs: readonly unknown[] };

/** The command whose help shows the way. */
const command = 'task submit';

/** Reads the input of a submit. Throws `UsageError` for what is not JSON. */
export async function readInputs(options: InputOptions, terminal: Terminal): Promise<Inputs> {
  const { input, inputFile, inputLines, dash } = options;
  const given = [input, inputFile, inputLines, dash ? '-' : undefined].filter(
    (source) => source !== undefined,
  );
  if (given.length > 1)
    throw new UsageError('Give one of --input, --input-file, --input-lines and "-".', command);
  if (inputLines !== undefined) {
    const lines = (await readSource(inputLines, terminal)).split('\n');
    const inputs = lines.flatMap((line, at) =>
      line.trim() === '' ? [] : [parseInput(line, `line ${at + 1} of ${inputLines}`, command)],
    );
    return { many: true, inputs };
  }
  if (input !== undefined) return { many: false, input: parseInput(input, '--input', command) };
  const source = dash ? '-' : inputFile;
  if (source === undefined) return { many: false, input: undefined };
  const name = source === '-' ? 'standard input' : source;
  return { many: false, input: parseInput(await readSource(source, terminal), name, command) };
}

async function readSource(source: string, terminal: Terminal): Promise<string> {
  if (source === '-') return terminal.readInput();
  try {
    return await readFile(source, 'utf8');
  } catch (error) {
    throw new UsageError(`The file cannot be read: ${(error as Error).message}`, command);
  }
}

/** The value of JSON text; `name` says in the error where it came from. */
export function parseInput(text: string, name: string, of: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    const hint = /^[^"{[]/.test(text.trim()) ? ` Text needs quotes: '"${shown.trim()}"'.` : '';
    throw new UsageError(
      `The input (${name}) is not JSON: ${(error as Error).message}.${hint}`,
      of,
    );
  }
}
