// Submits that are made at the same time travel in one call. A lone submit is sent at once;
// those that come while a call is under way wait for its return and go together. One task that
// is refused fails alone: the refused call stored nothing, so the others are sent again.

import type { SubmitTasksResponse__Output } from '@muster/proto';
import type { Unserved } from '../client.ts';
import { MusterError } from '../errors.ts';
import { clientClosed } from '../wire/channels.ts';
import type { Services } from '../wire/services.ts';
import { errorOfCall } from '../wire/status.ts';
import { judgeRefusal } from './offenders.ts';
import { type ReadySpec, specBytes } from './spec.ts';
import { createTurns, type TurnLimits } from './turns.ts';

/** What became of one submitted task. */
export interface Submitted {
  /** Its id, or that of the earlier task that it repeats. */
  readonly id: string;
  /** True if it had been stored before. */
  readonly duplicate: boolean;
  /** Set if no agent serves its handler at the moment. */
  readonly unserved: Unserved | undefined;
}

/** One call's worth of tasks, with what becomes of each in order. */
export type SendTasks = (
  specs: readonly ReadySpec[],
  requireHandler: boolean,
) => Promise<readonly Submitted[]>;

/** Limits of gathering. */
export interface GatherLimits {
  /** Tasks of one gathered call. */
  readonly callTasksMax: number;
  /** Bytes of one gathered call; one task may be larger. */
  readonly callBytesMax: number;
  /** Bytes that wait to be sent; more are refused with CLIENT_OVERLOADED. */
  readonly waitingBytesMax: number;
}

const gatherLimits: GatherLimits = {
  callTasksMax: 1_000,
  callBytesMax: 2 * 1_048_576,
  waitingBytesMax: 64 * 1_048_576,
};

interface Waiting {
  readonly spec: ReadySpec;
  readonly bytes: number;
  readonly requireHandler: boolean;
  readonly resolve: (submitted: Submitted) => void;
  readonly reject: (error: MusterError) => void;
}

/**
 * Gathers single submits into calls; one call is under way at a time. Two at a time, of half as many tasks, were worse
 * where processors are short: with 256 submits under way on two of them 21.5k tasks/s instead of 24.1k, and a fifth more
 * processor time in client, coordinator and database.
 */
export class Submissions {
  readonly #send: SendTasks;
  readonly #limits: GatherLimits;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** The loop that sends what waits, while there is any. */
  #sending: Promise<void> | undefined;
  #isClosed = false;

  constructor(send: SendTasks, limits: GatherLimits = gatherLimits) {
    this.#send = send;
    this.#limits = limits;
  }

  /** Stores one task. Throws what the task was refused with, CLIENT_OVERLOADED or CLIENT_CLOSED. */
  submit(spec: ReadySpec, requireHandler: boolean): Promise<Submitted> {
    const bytes = specBytes(spec);
    if (this.#isClosed) return Promise.reject(clientClosed());
    const { waitingBytesMax } = this.#limits;
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > waitingBytesMax) {
      const message = `More than ${waitingBytesMax} bytes of submits wait to be sent. Await earlier ones first.`;
      return Promise.reject(new MusterError('CLIENT_OVERLOADED', message, { retryDelayMs: 100 }));
    }
    this.#waitingBytes += bytes;
    const stored = new Promise<Submitted>((resolve, reject) => {
      this.#waiting.push({ spec, bytes, requireHandler, resolve, reject });
    });
    this.#sending ??= this.#sendWaiting();
    return stored;
  }

  /** Waits until everything that was submitted is stored or refused; takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sending;
  }

  async #sendWaiting(): Promise<void> {
    // What is submitted in the same turn of the event loop goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      await this.#sendBatch(batch);
      this.#waitingBytes -= batch.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    this.#sending = undefined;
  }

  /** The longest run from the front that fits one call. */
  #take(): Waiting[] {
    const { callTasksMax, callBytesMax } = this.#limits;
    const requireHandler = this.#waiting[0]?.requireHandler;
    let bytes = 0;
    let count = 0;
    for (const each of this.#waiting) {
      bytes += each.bytes;
      const fits = count < callTasksMax && bytes <= callBytesMax;
      if (count > 0 && (!fits || each.requireHandler !== requireHandler)) break;
      count += 1;
    }
    const batch = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return batch;
  }

  /** Settles every task of the batch; never throws. Each round ends at least one task, or halves the batch. */
  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const specs = batch.map(({ spec }) => spec);
    try {
      const stored = await this.#send(specs, first.requireHandler);
      batch.forEach(({ resolve, reject }, index) => {
        const submitted = stored[index];
        if (submitted) resolve(submitted);
        else reject(new MusterError('CALL_FAILED', 'The coordinator left a task without answer.'));
      });
    } catch (thrown) {
      const error = errorOfCall(thrown);
      const verdict = judgeRefusal(specs, error);
      if (verdict.kind === 'all') {
        for (const { reject } of batch) reject(error);
      } else if (verdict.kind === 'some') {
        for (const [index, own] of verdict.errors) batch[index]?.reject(own);
        await this.#sendBatch(batch.filter((_, index) => !verdict.errors.has(index)));
      } else {
        const middle = Math.ceil(batch.length / 2);
        await this.#sendBatch(batch.slice(0, middle));
        await this.#sendBatch(batch.slice(middle));
      }
    }
  }
}

/** Calls of one client. A coordinator has 20,000 tasks wait at most, and flushes of up to 1,000. */
const turnLimits: TurnLimits = { underWayMax: 64, waitingBytesMax: 64 * 1_048_576 };

/** The way of one call through the contract: sends it when it is its turn, and reads what became of its tasks. */
export function sendThrough(
  services: Services,
  namespace: string,
  limits: TurnLimits = turnLimits,
): SendTasks {
  const takeTurn = createTurns(limits);
  return (specs, requireHandler) =>
    takeTurn(
      () => specs.reduce((sum, spec) => sum + specBytes(spec), 0),
      async () => {
        const request = { namespace, tasks: [...specs], requireHandler };
        return readSubmitted(specs, await services.tasks.submitTasks(request));
      },
    );
}

function readSubmitted(
  specs: readonly ReadySpec[],
  response: SubmitTasksResponse__Output,
): Submitted[] {
  const unserved = new Map<string, Unserved>(
    response.unservedHandlers.map(({ handler, nearestHandler, known }) => [
      handler,
      { nearestHandler: nearestHandler || undefined, known },
    ]),
  );
  return response.tasks.map(({ id, duplicate }, index) => ({
    id,
    duplicate,
    unserved: unserved.get(specs[index]?.handler ?? ''),
  }));
}
