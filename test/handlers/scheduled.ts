// A recorded handler for the tasks of schedules: chance decides how long each runs, whether it fails, and whether it heeds
// its abort. Chance comes from the key of the task, so that it is the same wherever the task runs.

import { createHash } from 'node:crypto';
import { defineHandler, type HandlerContext } from '@muster/sdk';
import { Chance } from '../simulation/world/chance.ts';
import { runRecorded } from './recorded.ts';

/** What a scheduled handler is told. */
export interface ScheduledInput {
  /** File of the history. */
  readonly history: string;
  readonly seed: number;
  /** Milliseconds that it runs: at least, and less than. */
  readonly runMs: readonly [least: number, most: number];
  /** Share of the tasks whose first attempt fails; of half of these all fail. */
  readonly failing?: number;
  /** Share of the tasks that ignore their abort. */
  readonly deaf?: number;
}

/** Attempts of each task. */
export const attemptsMax = 2;

/** What chance has in store for the task of a key. */
export function fateOf({ seed, runMs, failing = 0, deaf = 0 }: ScheduledInput, key: string) {
  const digest = createHash('sha1').update(`${seed} ${key}`).digest();
  const chance = new Chance(digest.readUInt32BE());
  const [least, most] = runMs;
  return {
    runMs: chance.between(least, most),
    failures: chance.happens(failing) ? chance.pick([1, attemptsMax]) : 0,
    isDeaf: chance.happens(deaf),
  };
}

/** Runs as chance has it for the task's idempotency key, and writes it down. */
export function runFated(input: ScheduledInput, context: HandlerContext): Promise<string> {
  const { runMs, failures, isDeaf } = fateOf(input, context.idempotencyKey ?? '');
  const heard = isDeaf ? { ...context, signal: new AbortController().signal } : context;
  return runRecorded({ history: input.history, runMs, failures }, heard);
}

/** Does so for schedules. */
export const scheduled = defineHandler({
  name: 'scheduled.work',
  retry: { maxAttempts: attemptsMax, initialDelay: '200ms' },
  run: runFated,
});
