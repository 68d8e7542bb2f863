// What is said of a handler that no agent serves: its name may be wrong.

import type { Unserved } from '@muster/sdk';
import type { Terminal } from './terminal.ts';

/** Says that nobody serves a handler, and what that means; nothing where somebody does. */
export function noteUnserved(
  terminal: Terminal,
  handler: string,
  unserved: Unserved | undefined,
  meaning: string,
): void {
  if (unserved === undefined) return;
  const { known, nearestHandler } = unserved;
  const near = nearestHandler === undefined || known ? '' : ` Did you mean "${nearestHandler}"?`;
  terminal.note(
    `No agent serves "${handler}" at this moment${known ? '' : ', and none ever has'}: ${meaning}.${near}`,
  );
}
