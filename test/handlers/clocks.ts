// Handlers for agents whose clock is wrong.

import { setTimeout as sleep } from 'node:timers/promises';
import { defineHandler } from '@muster/sdk';

/** Tells the time that its process believes in. */
export const tell = defineHandler({ name: 'clocks.tell', run: () => Date.now() });

/** Fails once, so that its retry is timed. */
export const twice = defineHandler({
  name: 'clocks.twice',
  retry: { initialDelay: '300ms', jitter: 0 },
  run(_: undefined, { attempt }) {
    if (attempt === 1) throw new Error('once');
    return 'twice';
  },
});

/** Runs until it is stopped. */
export const wait = defineHandler({
  name: 'clocks.wait',
  cancelGrace: '1s',
  run: (_: undefined, { signal }) => sleep(60_000, 'waited', { signal }),
});
