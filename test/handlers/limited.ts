// Recorded handlers for limits: chance decides how each task ends, as it does for schedules. A task with a gate waits there
// instead, so that a test can see how many are let in at once.

import { defineHandler, type HandlerContext } from '@muster/sdk';
import { runRecorded } from './recorded.ts';
import { attemptsMax, runFated, type ScheduledInput } from './scheduled.ts';

/** What a limited handler is told. */
export interface LimitedInput extends ScheduledInput {
  /** It runs until this file exists, and succeeds. */
  readonly gate?: string;
}

const later = { maxAttempts: attemptsMax, initialDelay: '200ms' } as const;
/** It goes back into its lane by the same statement that ends its attempt. */
const atOnce = { maxAttempts: attemptsMax, initialDelay: '0s', jitter: 0 } as const;

function runLimited(input: LimitedInput, context: HandlerContext): Promise<string> {
  const { history, gate } = input;
  return gate === undefined ? runFated(input, context) : runRecorded({ history, gate }, context);
}

/** For a limit of its own. */
export const two = defineHandler({ name: 'limited.two', retry: later, run: runLimited });

/** For a limit of each key. */
export const keyed = defineHandler({ name: 'limited.keyed', retry: atOnce, run: runLimited });

/** For a limit that it shares with `other`. */
export const one = defineHandler({ name: 'limited.one', retry: later, run: runLimited });

/** For a limit that it shares with `one`. */
export const other = defineHandler({ name: 'limited.other', retry: atOnce, run: runLimited });

/** For a rate. */
export const rated = defineHandler({ name: 'limited.rated', retry: later, run: runLimited });

/** For no limit at all. */
export const free = defineHandler({ name: 'limited.free', retry: later, run: runLimited });
