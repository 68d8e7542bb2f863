// The handlers of a bench: they do nothing, so that only the way to them is measured.

import { defineHandler } from '@muster/sdk';
import { preciseNow } from './protocol.ts';

/** Nothing, with a result that is kept. */
export const noop = defineHandler({
  name: 'bench.noop',
  run: (_input: { text: string }) => ({ ok: true }),
});

/** The same, for work that stands in line behind others. */
export const behind = defineHandler({
  name: 'bench.behind',
  run: (_input: { text: string }) => ({ ok: true }),
});

/** Answers when it began. */
export const started = defineHandler({
  name: 'bench.started',
  run: (_input: { text: string }) => ({ startedAt: preciseNow() }),
});

/** Answers with as much as it was given. */
export const echo = defineHandler({
  name: 'bench.echo',
  run: (input: { text: string }) => input,
});
