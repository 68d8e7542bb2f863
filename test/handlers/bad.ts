// Handlers that do everything a handler should not. They run in an agent process of their own.

import { defineHandler } from '@muster/sdk';

const once = { maxAttempts: 1 } as const;
const soon = { initialDelay: '0s', jitter: 0 } as const;

/** Blocks the event loop of its process, without wearing out the machine of the tests. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Throws what is no error. */
export const throwsValue = defineHandler({
  name: 'bad.throws',
  retry: once,
  run(input: 'text' | 'null' | 'undefined' | 'object' | 'number' | 'proxy') {
    const values = { text: 'just text', null: null, undefined, object: { code: 7 }, number: 42 };
    if (input !== 'proxy') throw values[input];
    throw new Proxy(new Error('trap'), {
      get() {
        throw new Error('sprung');
      },
    });
  },
});

/** Returns what JSON cannot hold. */
export const returnsValue = defineHandler({
  name: 'bad.returns',
  retry: { ...soon, maxAttempts: 3 },
  run(input: 'bigint' | 'cycle' | 'date' | 'map' | 'function' | 'huge'): unknown {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    return {
      ...{ bigint: { n: 1n }, cycle, date: [new Date()], map: new Map([[1, 2]]) },
      ...{ function: () => 1, huge: 'x'.repeat(2 ** 20) },
    }[input];
  },
});

/** Never ends, and does not listen. */
export const neverReturns = defineHandler({
  name: 'bad.never',
  cancelGrace: '200ms',
  retry: { ...soon, maxAttempts: 2 },
  timeout: '500ms',
  run: () => new Promise<never>(() => {}),
});

/** Blocks its event loop for so many milliseconds at its first attempt. */
export const blocksOnce = defineHandler({
  name: 'bad.blocks-once',
  retry: soon,
  run(ms: number, { attempt }) {
    if (attempt === 1) block(ms);
    return attempt;
  },
});

/** Blocks its event loop at every attempt. */
export const blocksAlways = defineHandler({
  name: 'bad.blocks-always',
  retry: soon,
  lostAttemptsMax: 1,
  run: (ms: number) => block(ms),
});

/** Ends the whole agent, at its first attempt or at every one. */
export const exits = defineHandler({
  name: 'bad.exits',
  retry: soon,
  lostAttemptsMax: 1,
  run(when: 'once' | 'always', { attempt }) {
    if (attempt === 1 || when === 'always') process.exit(9);
    return attempt;
  },
});

/** Answers at once: shows that the agent serves. */
export const fine = defineHandler({ name: 'bad.fine', run: (input: number) => input });
