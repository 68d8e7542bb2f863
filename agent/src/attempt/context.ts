// The `ctx` of a handler, made from its assignment. The same in this process and in a child.

import type { Client, HandlerContext } from '@muster/sdk';
import { checkSize, decodePayload, encodePayload } from '@muster/sdk/internal';
import type { Execution } from '../executors/executor.ts';

/** Gives the client of one attempt when a handler first asks for it. */
export type ClientOf = (execution: Execution) => Client;

/** What the handler of this execution sees besides its input. */
export function createContext(execution: Execution, clientOf: ClientOf): HandlerContext {
  const { assigned, sink } = execution;
  const line = (level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR') => (message: string) =>
    sink.log(`LOG_LEVEL_${level}`, String(message), Date.now());
  let lastSaved = execution.checkpoint;
  let client: Client | undefined;
  return {
    taskId: assigned.ref.taskId,
    handler: assigned.handler,
    attempt: assigned.attempt,
    maxAttempts: assigned.maxAttempts,
    leaseEpoch: assigned.ref.leaseEpoch,
    deadline: execution.deadline,
    get signal() {
      return execution.signal();
    },
    log: { debug: line('DEBUG'), info: line('INFO'), warn: line('WARN'), error: line('ERROR') },
    progress: (completed, total = 0, message = '') => sink.progress(completed, total, message),
    checkpoint(value) {
      const payload = encodePayload(value, 'Checkpoint');
      if (!payload) return;
      checkSize(payload, execution.payloadBytesMax, 'Checkpoint');
      lastSaved = payload;
      sink.checkpoint(payload);
    },
    lastCheckpoint<Value>() {
      return decodePayload(lastSaved, 'Checkpoint') as Value | undefined;
    },
    labels: assigned.labels,
    traceparent: assigned.traceparent || undefined,
    nominalTime: assigned.nominalTime,
    parentId: assigned.parentId || undefined,
    rootId: assigned.rootId || undefined,
    get client() {
      client ??= clientOf(execution);
      return client;
    },
  };
}
