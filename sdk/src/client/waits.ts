// Waits for the ends of tasks, gathered: ids that are awaited at the same time share long polls
// (WaitTasks) of up to 1,000 ids. A poll holds no state at the coordinator, so that a broken
// connection or another replica costs a poll and never an outcome. Waiting has no end of its
// own: while no coordinator answers, polls are tried again until the caller gives up.

import type { Task__Output, WaitTasksResponse__Output } from '@muster/proto';
import type { WaitOptions } from '../client.ts';
import { durationToMs, msToWire } from '../duration.ts';
import { MusterError } from '../errors.ts';
import { aborted, type Time } from '../wire/calls.ts';
import { clientClosed } from '../wire/channels.ts';
import type { Services } from '../wire/services.ts';
import { errorOfCall } from '../wire/status.ts';
import { taskMissing } from '../wire/task.ts';

/** Ids of one poll: what the contract allows. */
const pollIdsMax = 1_000;
/** Polls that are not full, before they are joined. */
const openPollsMax = 8;
/** How long the coordinator may hold a poll; and how long its answer may then take. */
const pollMs = 30_000;
const pollTryMs = 45_000;
/** Ids that all polls together may look up per millisecond: waits for many are answered in bunches. */
const idsPerMs = 20;
const longestPauseMs = 1_000;

interface Waiter {
  resolve(task: Task__Output): void;
  reject(error: MusterError): void;
}

interface Poll {
  ids: string[];
  readonly abort: AbortController;
}

/** The waits of one client. */
export class Waits {
  readonly #services: Services;
  readonly #namespace: string;
  readonly #time: Time;
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #polls = new Set<Poll>();
  /** Ids that no poll has yet. */
  #fresh: string[] = [];
  #isSweeping = false;
  #isClosed = false;

  constructor(services: Services, namespace: string, time: Time) {
    this.#services = services;
    this.#namespace = namespace;
    this.#time = time;
  }

  /** The finished task, in the view `payloads`. Throws TASK_NOT_FOUND, WAIT_TIMEOUT, ABORTED, CLIENT_CLOSED. */
  wait(id: string, options: WaitOptions = {}): Promise<Task__Output> {
    const { timeout, signal } = options;
    const timeoutMs = timeout === undefined ? undefined : durationToMs(timeout, 'timeout');
    if (this.#isClosed) return Promise.reject(clientClosed());
    if (signal?.aborted) return Promise.reject(aborted(signal));
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#remove(id, waiter);
      };
      const fail = (error: MusterError) => {
        leave();
        reject(error);
      };
      const onAbort = () => signal && fail(aborted(signal));
      const waiter: Waiter = {
        resolve(task) {
          leave();
          resolve(task);
        },
        reject: fail,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (timeoutMs !== undefined && timeout !== undefined) {
        // Longer than a timer can hold (24.8 days) is as good as for ever.
        const capped = Math.min(timeoutMs, 2 ** 31 - 1);
        timer = setTimeout(() => fail(waitTimeout(`Task ${id}`, timeout)), capped);
      }
      this.#add(id, waiter);
    });
  }

  /** Ends all waits with CLIENT_CLOSED. */
  close(): void {
    this.#isClosed = true;
    const waiters = [...this.#waiters.values()].flatMap((each) => [...each]);
    for (const waiter of waiters) waiter.reject(clientClosed());
  }

  #add(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    if (waiters !== undefined) {
      waiters.add(waiter);
      return;
    }
    this.#waiters.set(id, new Set([waiter]));
    this.#fresh.push(id);
    // What is awaited in the same turn of the event loop shares a poll.
    if (this.#fresh.length === 1) setImmediate(() => this.#startPolls());
  }

  #remove(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size !== 0) return;
    this.#waiters.delete(id);
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    setImmediate(() => this.#sweep());
  }

  /** Ends the polls that nobody waits for any more. */
  #sweep(): void {
    this.#isSweeping = false;
    for (const poll of this.#polls) {
      if (!poll.ids.some((id) => this.#waiters.has(id))) poll.abort.abort();
    }
  }

  #startPolls(): void {
    const open = [...this.#polls].filter(({ ids }) => ids.length < pollIdsMax);
    if (open.length >= openPollsMax) {
      for (const poll of open) {
        poll.abort.abort();
        this.#polls.delete(poll);
        this.#fresh.push(...poll.ids);
      }
    }
    const ids = [...new Set(this.#fresh)].filter((id) => this.#waiters.has(id));
    this.#fresh = [];
    for (let at = 0; at < ids.length; at += pollIdsMax) {
      const poll = { ids: ids.slice(at, at + pollIdsMax), abort: new AbortController() };
      this.#polls.add(poll);
      void this.#run(poll);
    }
  }

  /** Polls until all ids of the poll have ended, are awaited no more, or have moved to another poll. Never throws. */
  async #run(poll: Poll): Promise<void> {
    const { signal } = poll.abort;
    while (poll.ids.length > 0 && !signal.aborted) {
      const startMs = this.#time.now();
      try {
        this.#settle(await this.#ask(poll));
      } catch (thrown) {
        if (signal.aborted) break;
        const error = errorOfCall(thrown);
        for (const id of poll.ids) this.#each(id, (waiter) => waiter.reject(error));
      }
      poll.ids = poll.ids.filter((id) => this.#waiters.has(id));
      const pauseMs = Math.min(longestPauseMs, (this.#waiters.size - 1) / idsPerMs);
      const leftMs = pauseMs - (this.#time.now() - startMs);
      if (poll.ids.length > 0 && leftMs >= 1) await this.#time.sleep(leftMs, signal);
    }
    this.#polls.delete(poll);
  }

  #ask(poll: Poll): Promise<WaitTasksResponse__Output> {
    return this.#services.tasks.waitTasks(
      {
        namespace: this.#namespace,
        ids: poll.ids,
        waitTimeout: msToWire(pollMs),
        mode: 'WAIT_MODE_ANY',
        view: 'TASK_VIEW_PAYLOADS',
      },
      {
        signal: poll.abort.signal,
        tryTimeoutMs: pollTryMs,
        retryTimeoutMs: Number.POSITIVE_INFINITY,
      },
    );
  }

  #settle({ tasks, missingIds }: WaitTasksResponse__Output): void {
    for (const task of tasks) this.#each(task.id, (waiter) => waiter.resolve(task));
    for (const id of missingIds) this.#each(id, (waiter) => waiter.reject(taskMissing(id)));
  }

  #each(id: string, settle: (waiter: Waiter) => void): void {
    for (const waiter of [...(this.#waiters.get(id) ?? [])]) settle(waiter);
  }
}

/** The error of a wait that was too short. */
export function waitTimeout(what: string, timeout: string): MusterError {
  const message = `${what} has not finished within ${timeout}. It goes on; wait again, or cancel it.`;
  return new MusterError('WAIT_TIMEOUT', message, { metadata: { timeout } });
}
