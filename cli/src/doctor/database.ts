// Whether the coordinator is ready: its HTTP side asks the database and the dispatch loop.

import type { Finding } from './finding.ts';

/** Longest time for the answer. */
const answerMs = 5_000;

/** Characters of the answer that are shown. */
const answerCharactersMax = 300;

/** What `/readyz` says. Out of reach is no fault: the port is for the machine itself and its guards. */
export async function checkDatabase(httpAddress: string): Promise<Finding> {
  const url = `http://${httpAddress}/readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
    const answer = (await response.text()).trim().slice(0, answerCharactersMax);
    const what = `${url} says ${response.status} ${answer}`.trimEnd();
    if (response.ok && /"degraded":true/.test(answer)) {
      const wayOut = 'It works, only slower: the failed check says why, and so does its log.';
      return { check: 'database', verdict: 'warning', what, wayOut };
    }
    if (response.ok) return { check: 'database', verdict: 'ok', what };
    const wayOut =
      'The database or the dispatch loop does not answer: see the log of the coordinator.';
    return { check: 'database', verdict: 'fault', what, wayOut };
  } catch (error) {
    const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
    const why = cause?.code ?? (error as Error).message;
    return {
      check: 'database',
      verdict: 'skipped',
      what: `${url} cannot be reached (${why}); --http HOST:PORT says where it is`,
    };
  }
}
