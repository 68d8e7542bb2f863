/**
 * The time and the chance of this process.
 */
import { randomBytes } from 'node:crypto';
import type { Time } from './rules/time.ts';

/** What a coordinator runs by, outside of simulations. */
export const systemTime: Time = Object.freeze({
  now: () => performance.now(),
  calendar: () => Date.now(),
  after(ms: number, action: () => void, background?: 'background') {
    const timer = setTimeout(action, ms);
    if (background !== undefined) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (action: () => void) => void setImmediate(action),
  random: Math.random,
  bytes: randomBytes,
});
