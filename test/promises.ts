// The failure matrix of docs/guarantees.md, as tests read it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './harness/processes.ts';

/** The page that holds it. */
export const promisesPage = 'docs/guarantees.md';

/** A row: the file of its test, from the root of the repository, and words from the test's name. */
export interface PromisedTest {
  readonly file: string;
  readonly words: string;
}

/** Every row that names a test, and how many rows there are. */
export function readPromises(): { readonly named: readonly PromisedTest[]; readonly rows: number } {
  const page = readFileSync(join(repositoryRoot, promisesPage), 'utf8');
  const named = [...page.matchAll(/\| `([^`]+\.test\.ts)`: ([^|]+?) \|$/gm)].map(
    ([, file = '', words = '']) => ({ file, words }),
  );
  // One of them is the head of the table.
  const rows = page.split('## Failure matrix')[1]?.match(/^\| .* \|$/gm) ?? [];
  return { named, rows: rows.length - 1 };
}
