// The file that a command reads, or standard input.

import { readFile } from 'node:fs/promises';
import { UsageError } from '../../../exit-codes.ts';
import type { Terminal } from '../../../printing/terminal.ts';

/** Its text. `-` is standard input. */
export async function readSource(
  path: string,
  terminal: Terminal,
  command: string,
): Promise<string> {
  if (path === '-') return terminal.readInput();
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The file cannot be read: ${(error as Error).message}`, command);
  }
}

/** What it is called in messages. */
export function sourceName(path: string): string {
  return path === '-' ? 'standard input' : path;
}
