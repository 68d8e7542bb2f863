// Runs the muster command as a person or a script does: a real process, its two outputs apart.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

/** The bin of the command. */
export const musterBin = createRequire(import.meta.url).resolve('@muster/cli/bin');

/** How a run of the command ended. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly note: string;
}

/** Options of a run. */
export interface RunOptions {
  /** Written to standard input. Default: nothing. */
  readonly input?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `muster WORDS` to its end. */
export async function muster(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [musterBin, ...words], {
    env: { ...environment(), ...options.env },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => {}); // It may end before it has read everything.
  child.stdin.end(options.input ?? '');
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, note, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, out, note };
}

/** Ours without settings of other coordinators and without marks of the test runner. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('MUSTER_') && name !== 'NODE_TEST_CONTEXT',
  );
  return Object.fromEntries(kept);
}
