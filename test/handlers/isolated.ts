// Handlers that run in child processes of the agent, where they may do what would end it.

import { setTimeout as delay } from 'node:timers/promises';
import { defineHandler } from '@muster/sdk';

const isolated = { isolation: 'process', file: import.meta.url, cancelGrace: '300ms' } as const;

/** Says in which process it runs. */
export const whereabouts = defineHandler({
  name: 'isolated.whereabouts',
  ...isolated,
  run: (input: unknown) => ({ pid: process.pid, input }),
});

/** Ends its process on the first attempt. */
export const exits = defineHandler({
  name: 'isolated.exits',
  ...isolated,
  retry: { maxAttempts: 2, initialDelay: '0s' },
  run(_input: undefined, { attempt }) {
    if (attempt === 1) process.exit(3);
    return attempt;
  },
});

/** Never gives its event loop back on the first attempt. */
export const blocks = defineHandler({
  name: 'isolated.blocks',
  ...isolated,
  retry: { maxAttempts: 2, initialDelay: '0s' },
  run(_input: undefined, { attempt, log }) {
    if (attempt > 1) return attempt;
    log.info('about to block');
    return new Promise<number>(() => {
      setTimeout(() => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      }, 300);
    });
  },
});

/** Throws where no attempt can catch it. */
export const crashes = defineHandler({
  name: 'isolated.crashes',
  ...isolated,
  retry: { maxAttempts: 1 },
  async run() {
    setImmediate(() => {
      throw new TypeError('thrown into the air');
    });
    await delay(10_000);
  },
});

/** Uses everything that a handler is given, and stops when asked. */
export const talks = defineHandler({
  name: 'isolated.talks',
  ...isolated,
  retry: { maxAttempts: 2, initialDelay: '0s' },
  async run(
    input: 'finish' | 'wait',
    { attempt, log, progress, checkpoint, lastCheckpoint, signal },
  ) {
    log.info(`attempt ${attempt}`);
    progress(attempt, 2);
    if (input === 'wait') {
      await delay(60_000, undefined, { signal });
      return undefined;
    }
    if (attempt === 1) {
      checkpoint({ from: process.pid });
      throw Object.assign(new RangeError('first time'), { details: { n: 1 } });
    }
    return lastCheckpoint<{ from: number }>();
  },
});

/** Submits another task from its child process. */
export const submits = defineHandler({
  name: 'isolated.submits',
  ...isolated,
  async run(_input: undefined, { client }) {
    const child = await client.submit(whereabouts, 'from a child');
    return child.id;
  },
});
