/**
 * Wakeups within one process.
 *
 * Hints of one turn of the event loop are gathered and heard as one, so that a flush of a thousand tasks wakes its
 * listeners once. What waits is bounded: beyond it hints are dropped and counted, which changes latency only. A listener
 * that throws is logged and harms nobody else.
 */
import type { Logger } from 'pino';
import type { Time } from '../rules/time.ts';
import { gatherHint, hintSize } from './gathering.ts';
import type { HintName, Hints, Wakeups } from './wakeups.ts';

/** Tasks, leases, sessions and handlers that hints of one name may wait with. */
const waitingMax = 200_000;

type Listener = (hint: Hints[HintName]) => void;

/** Wakeups that never leave the process; `soon` says when a turn of its event loop ends. */
export function createInProcessWakeups(
  logger: Logger,
  soon: Time['soon'] = (action) => void setImmediate(action),
): Wakeups {
  const listeners = new Map<HintName, Set<Listener>>();
  let waiting = new Map<HintName, Hints[HintName][]>();
  let sizes = new Map<HintName, number>();
  let scheduled = false;
  let stopped = false;
  let dropped = 0;

  function deliver(): void {
    scheduled = false;
    const now = waiting;
    waiting = new Map();
    sizes = new Map();
    if (dropped > 0) logger.warn({ dropped }, 'wakeups were dropped; safety polls catch up');
    dropped = 0;
    for (const [name, hints] of now)
      for (const hint of gatherHint(name, hints))
        for (const listener of [...(listeners.get(name) ?? [])]) hear(name, listener, hint);
  }

  function hear(name: HintName, listener: Listener, hint: Hints[HintName]): void {
    try {
      listener(hint);
    } catch (error) {
      logger.error({ err: error, wakeup: name }, 'a listener of wakeups threw');
    }
  }

  return {
    publish(name, hint) {
      if (stopped || !listeners.has(name)) return;
      const size = (sizes.get(name) ?? 0) + hintSize(hint);
      if (size > waitingMax) {
        dropped += 1;
        return;
      }
      sizes.set(name, size);
      const hints = waiting.get(name);
      if (hints === undefined) waiting.set(name, [hint]);
      else hints.push(hint);
      if (!scheduled) soon(deliver);
      scheduled = true;
    },
    subscribe(name, listener) {
      const heard = listener as Listener;
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set.add(heard));
      return () => {
        set.delete(heard);
      };
    },
    // There are none, or none that could be heard: looking oftener is no exception then.
    hearsOthers: () => true,
    async start() {
      stopped = false;
    },
    async stop() {
      stopped = true;
      waiting = new Map();
    },
  };
}
