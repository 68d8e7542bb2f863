// Runs a handler without agent and coordinator, the way an agent does: the input goes through
// JSON and the schema, the output through the schema and JSON, and what the handler tells its
// context is kept for the test to look at.

import type { Client } from '../client.ts';
import type { HandlerContext } from '../context.ts';
import { type Duration, durationToMs } from '../duration.ts';
import { MusterError } from '../errors.ts';
import { type AnyHandler, type HandlerDefinition, invokeHandler } from '../handler.ts';
import { checkOptionKeys } from '../options.ts';
import {
  checkSize,
  decodePayload,
  encodePayload,
  payloadBytesMaxDefault,
} from '../payload/payload.ts';
import { newTaskId } from '../wire/task-id.ts';

/** Where the run pretends to be; every part has a default. */
export interface RunHandlerOptions {
  /** UUID of the task. Default: a new one. */
  readonly taskId?: string;
  /** Number of the attempt. Default 1. */
  readonly attempt?: number;
  /** Attempts in all. Default: the handler's, else 3. */
  readonly maxAttempts?: number;
  /** Fencing token. Default: `attempt`. */
  readonly leaseEpoch?: number;
  /** What an earlier attempt saved. Default: nothing. */
  readonly lastCheckpoint?: unknown;
  /** Labels of the task. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** W3C `traceparent` of the submitter. Default: none. */
  readonly traceparent?: string;
  /** The moment at which a schedule asked for the task. Default: none. */
  readonly nominalTime?: Date;
  /** Identity of what the task is to do. Default: none. */
  readonly idempotencyKey?: string;
  /** The task that asked for this one. Default: none. */
  readonly parentId?: string;
  /** The first task of the family. Default: none. */
  readonly rootId?: string;
  /** Longest run. Default: the handler's timeout, else none. */
  readonly timeout?: Duration;
  /** Aborts the handler's signal, as a cancellation does. */
  readonly signal?: AbortSignal;
  /** What `context.client` is: of a test coordinator, or a fake of the test's own. Default: every use throws. */
  readonly client?: Client;
}

/** What a run came to. */
export interface HandlerRun<Output> {
  /** What would be recorded. */
  readonly output: Output;
  /** Log lines in order. */
  readonly logLines: readonly {
    readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
    readonly message: string;
  }[];
  /** Reports of progress in order. */
  readonly progress: readonly {
    readonly completed: number;
    readonly total: number;
    readonly message: string;
  }[];
  /** Saved checkpoints in order, as the next attempt would receive them. */
  readonly checkpoints: readonly unknown[];
}

const optionKeys: readonly (keyof RunHandlerOptions)[] = [
  ...(['taskId', 'attempt', 'maxAttempts', 'leaseEpoch', 'lastCheckpoint', 'labels'] as const),
  ...(['traceparent', 'nominalTime', 'idempotencyKey', 'parentId', 'rootId'] as const),
  ...(['timeout', 'signal', 'client'] as const),
];

/**
 * Runs a handler once and returns its output with everything that it logged and saved. Throws what the handler throws,
 * and INPUT_INVALID, OUTPUT_INVALID, PAYLOAD_NOT_JSON, PAYLOAD_TOO_LARGE where an agent would fail the attempt. When
 * timeout or signal strike, it throws the reason of the handler's signal, without waiting for the handler.
 *
 *     const { output, logLines } = await runHandler(sendEmail, { to: 'a@b.c' });
 */
export async function runHandler<Input, Output>(
  handler: HandlerDefinition<Input, Output>,
  input: Input,
  options: RunHandlerOptions = {},
): Promise<HandlerRun<Output>> {
  checkOptionKeys('runHandler', options, optionKeys);
  const { name } = handler;
  const records: Records = { logLines: [], progress: [], checkpoints: [] };
  const stop = stopFor(handler, options);
  try {
    const context = contextFor(handler, options, records, stop.signal);
    const received = throughPayload(input, `Input of ${name}`);
    const run = invokeHandler(handler as AnyHandler, received, context);
    const returned = await Promise.race([run, rejectOn(stop.signal)]);
    // The schema, or else the type of `run`, says that it is an Output.
    const output = throughPayload(returned, `Output of ${name}`) as Output;
    return { output, ...records };
  } finally {
    stop.clear();
  }
}

interface Records {
  readonly logLines: HandlerRun<unknown>['logLines'][number][];
  readonly progress: HandlerRun<unknown>['progress'][number][];
  readonly checkpoints: unknown[];
}

function contextFor(
  handler: AnyHandler | HandlerDefinition<never, unknown>,
  options: RunHandlerOptions,
  records: Records,
  signal: AbortSignal,
): HandlerContext {
  const { attempt = 1, labels = {} } = options;
  const log = (level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR') => (message: string) => {
    records.logLines.push({ level, message: String(message) });
  };
  const timeoutMs = timeoutMsOf(handler, options);
  let last = throughPayload(options.lastCheckpoint, 'lastCheckpoint');
  return Object.freeze<HandlerContext>({
    taskId: options.taskId ?? newTaskId(),
    handler: handler.name,
    attempt,
    maxAttempts: options.maxAttempts ?? handler.retry?.maxAttempts ?? 3,
    leaseEpoch: options.leaseEpoch ?? attempt,
    deadline: timeoutMs === undefined ? undefined : new Date(Date.now() + timeoutMs),
    signal,
    log: Object.freeze({
      debug: log('DEBUG'),
      info: log('INFO'),
      warn: log('WARN'),
      error: log('ERROR'),
    }),
    progress: (completed, total = 0, message = '') => {
      records.progress.push({ completed, total, message });
    },
    checkpoint: (value) => {
      last = throughPayload(value, 'Checkpoint');
      records.checkpoints.push(last);
    },
    lastCheckpoint: <Value>() => last as Value | undefined,
    labels: Object.freeze({ ...labels }),
    traceparent: options.traceparent,
    nominalTime: options.nominalTime,
    idempotencyKey: options.idempotencyKey,
    parentId: options.parentId,
    rootId: options.rootId,
    client: options.client ?? missingClient,
  });
}

/** What the other side reads of a value: it is encoded and decoded again. */
function throughPayload(value: unknown, what: string): unknown {
  const payload = encodePayload(value, what);
  if (payload !== undefined) checkSize(payload, payloadBytesMaxDefault, what);
  return decodePayload(payload, what);
}

function timeoutMsOf(handler: AnyHandler, { timeout }: RunHandlerOptions): number | undefined {
  const duration = timeout ?? handler.timeout;
  return duration === undefined ? undefined : durationToMs(duration, 'timeout');
}

/** The handler's signal: aborted by the timeout or by the test's own signal. */
function stopFor(handler: AnyHandler, options: RunHandlerOptions) {
  const controller = new AbortController();
  const timeoutMs = timeoutMsOf(handler, options);
  const onTimeout = () => {
    const message = `The attempt of ${handler.name} has run for its whole timeout of ${timeoutMs} ms.`;
    controller.abort(new MusterError('ATTEMPT_TIMEOUT', message));
  };
  const onAbort = () => {
    const cause = options.signal?.reason;
    const message = `The task of ${handler.name} was cancelled.`;
    controller.abort(
      cause instanceof MusterError ? cause : new MusterError('TASK_CANCELLED', message, { cause }),
    );
  };
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(onTimeout, Math.min(timeoutMs, 2 ** 31 - 1));
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    },
  };
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Says at its first use what to do about its absence. */
const missingClient = new Proxy({} as Client, {
  get(_target, property) {
    const message = `The handler used context.client.${String(property)}: pass a client to runHandler, for example that of startTestCoordinator().`;
    throw new MusterError('OPTION_INVALID', message, { metadata: { option: 'client' } });
  },
});
