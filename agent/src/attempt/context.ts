// The `ctx` of a handler, made from its assignment. The same in this process and in a child.
// Its functions may be taken out of it, so each is bound; most handlers use none or one of
// them, so each is made when first asked for (all at once they were a tenth of a short
// attempt's price).

import type { Client, HandlerContext, HandlerLog } from '@muster/sdk';
import { checkSize, decodePayload, encodePayload } from '@muster/sdk/internal';
import type { Execution } from '../executors/executor.ts';
import type { PayloadBytes } from './lease.ts';

/** Gives the client of one attempt when a handler first asks for it. */
export type ClientOf = (execution: Execution) => Client;

/** What the handler of this execution sees besides its input. */
export function createContext(execution: Execution, clientOf: ClientOf): HandlerContext {
  return new AttemptContext(execution, clientOf);
}

class AttemptContext implements HandlerContext {
  readonly taskId: string;
  readonly handler: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly leaseEpoch: number;
  readonly deadline: Date | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly traceparent: string | undefined;
  readonly nominalTime: Date | undefined;
  readonly idempotencyKey: string | undefined;
  readonly parentId: string | undefined;
  readonly rootId: string | undefined;
  readonly #execution: Execution;
  readonly #clientOf: ClientOf;
  #client: Client | undefined;
  #log: HandlerLog | undefined;
  #progress: HandlerContext['progress'] | undefined;
  #checkpoint: HandlerContext['checkpoint'] | undefined;
  #lastCheckpoint: HandlerContext['lastCheckpoint'] | undefined;
  #lastSaved: PayloadBytes | undefined;

  constructor(execution: Execution, clientOf: ClientOf) {
    const { assigned } = execution;
    this.taskId = assigned.ref.taskId;
    this.handler = assigned.handler;
    this.attempt = assigned.attempt;
    this.maxAttempts = assigned.maxAttempts;
    this.leaseEpoch = assigned.ref.leaseEpoch;
    this.deadline = execution.deadline;
    this.labels = assigned.labels;
    this.traceparent = assigned.traceparent || undefined;
    this.nominalTime = assigned.nominalTime;
    this.idempotencyKey = assigned.idempotencyKey || undefined;
    this.parentId = assigned.parentId || undefined;
    this.rootId = assigned.rootId || undefined;
    this.#execution = execution;
    this.#clientOf = clientOf;
    this.#lastSaved = execution.checkpoint;
  }

  get signal(): AbortSignal {
    return this.#execution.signal();
  }

  get client(): Client {
    this.#client ??= this.#clientOf(this.#execution);
    return this.#client;
  }

  get log(): HandlerLog {
    this.#log ??= {
      debug: this.#line('LOG_LEVEL_DEBUG'),
      info: this.#line('LOG_LEVEL_INFO'),
      warn: this.#line('LOG_LEVEL_WARN'),
      error: this.#line('LOG_LEVEL_ERROR'),
    };
    return this.#log;
  }

  get progress(): HandlerContext['progress'] {
    this.#progress ??= (completed, total = 0, message = '') =>
      this.#execution.sink.progress(completed, total, message);
    return this.#progress;
  }

  get checkpoint(): HandlerContext['checkpoint'] {
    this.#checkpoint ??= (value) => {
      const payload = encodePayload(value, 'Checkpoint');
      if (!payload) return;
      checkSize(payload, this.#execution.payloadBytesMax, 'Checkpoint');
      this.#lastSaved = payload;
      this.#execution.sink.checkpoint(payload);
    };
    return this.#checkpoint;
  }

  get lastCheckpoint(): HandlerContext['lastCheckpoint'] {
    // What the handler's author says that it saved.
    this.#lastCheckpoint ??= <Value>() =>
      decodePayload(this.#lastSaved, 'Checkpoint') as Value | undefined;
    return this.#lastCheckpoint;
  }

  #line(level: Parameters<Execution['sink']['log']>[0]): (message: string) => void {
    return (message) => this.#execution.sink.log(level, String(message), Date.now());
  }
}
