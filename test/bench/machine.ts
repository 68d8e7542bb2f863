// What a bench ran on.

import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { repositoryRoot } from '../harness/processes.ts';
import type { Machine } from './result.ts';

/** The machine and the commit; `-dirty` after the commit: with changes that are not committed. */
export function measuredOn(database: string): {
  readonly machine: Machine;
  readonly commit: string;
} {
  const cores = cpus();
  return {
    machine: {
      cpu: cores[0]?.model ?? 'unknown',
      cores: cores.length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()}`,
      node: process.version,
      database,
    },
    commit: commit(),
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}
