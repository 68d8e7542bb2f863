// What `muster dev` offers when no file is named: handlers to try the commands with.

import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { defineHandler, NonRetryableError } from '@muster/sdk';

/** This file, for an agent to load. */
export const devHandlersFile = fileURLToPath(import.meta.url);

/** Gives back its input. */
export const echo = defineHandler({
  name: 'dev.echo',
  description: 'Gives back its input.',
  run: (input: unknown) => input,
});

/** Takes its time, tells how far it is, and can be cancelled. */
export const sleep = defineHandler({
  name: 'dev.sleep',
  description: 'Sleeps for {"seconds": N}, with progress.',
  async run(input: { seconds?: number } | undefined, { progress, signal }) {
    const steps = Math.max(1, Math.round((input?.seconds ?? 10) * 4));
    for (let step = 0; step < steps; step += 1) {
      progress(step, steps, 'sleeping');
      await wait(250, undefined, { signal });
    }
    return { slept: steps / 4 };
  },
});

/** Fails, and is tried again; with `{"final": true}` it is not. */
export const fail = defineHandler({
  name: 'dev.fail',
  description: 'Fails: always, or {"times": N} times, or for good with {"final": true}.',
  run(input: { times?: number; final?: boolean } | undefined, { attempt, log }) {
    log.warn(`attempt ${attempt} is about to fail`);
    if (input?.final === true) throw new NonRetryableError('this cannot work');
    if (attempt <= (input?.times ?? Number.POSITIVE_INFINITY)) {
      throw new Error(`attempt ${attempt} failed, as it was asked to`);
    }
    return { attempt };
  },
});
