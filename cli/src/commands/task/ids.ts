// Ids of tasks from the command line, or one per line from standard input.

import { UsageError } from '../../exit-codes.ts';
import type { Terminal } from '../../printing/terminal.ts';

/** The ids that were given, each once; `-` stands for those on standard input. */
export async function readIds(
  positionals: readonly string[],
  terminal: Terminal,
): Promise<readonly string[]> {
  const read = positionals.includes('-') ? (await terminal.readInput()).split(/\s+/) : [];
  const ids = [...positionals.filter((word) => word !== '-'), ...read].filter((id) => id !== '');
  for (const id of ids) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
      throw new UsageError(`"${id.slice(0, 60)}" is no id of a task: those are UUIDs.`);
  }
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
