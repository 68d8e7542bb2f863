// Waiting for a fact instead of a number of seconds.

import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** How long to wait for a fact, and what to call it. */
export interface EventuallyOptions {
  /** Milliseconds until waiting is given up. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds between two readings. Default 20. */
  readonly intervalMs?: number;
  /** What is awaited, for the message of a failure: "the task to be RUNNING". */
  readonly what?: string;
}

/**
 * Reads until the value holds, and returns that value. It holds when `check` returns anything but
 * `false` without throwing, so that assertions can be used; without `check`, when it is truthy. A
 * reading that throws is tried again. When time is up, the error tells the last value seen.
 */
export async function eventually<T>(
  read: () => T | Promise<T>,
  check: (value: T) => unknown = Boolean,
  options: EventuallyOptions = {},
): Promise<T> {
  const { timeoutMs = 10_000, intervalMs = 20, what = 'the awaited fact' } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { ok, value, seen, cause } = await look(read, check);
    if (ok) return value as T;
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeoutMs} ms for ${what}. Last seen: ${seen}`, { cause });
    }
    await sleep(intervalMs);
  }
}

interface Look<T> {
  readonly ok: boolean;
  readonly value?: T;
  readonly seen: string;
  readonly cause?: unknown;
}

async function look<T>(read: () => T | Promise<T>, check: (value: T) => unknown): Promise<Look<T>> {
  let value: T;
  try {
    value = await read();
  } catch (error) {
    return { ok: false, seen: `an error: ${String(error)}`, cause: error };
  }
  try {
    const ok = check(value) !== false && (check !== (Boolean as unknown) || Boolean(value));
    return { ok, value, seen: inspect(value, { depth: 4, maxArrayLength: 20 }) };
  } catch (error) {
    return { ok: false, seen: inspect(value, { depth: 4, maxArrayLength: 20 }), cause: error };
  }
}
