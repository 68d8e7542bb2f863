// What a caller asks for, checked here and put into the contract's form. Ranges that only the
// coordinator knows (the database's time, its limits) are left to it.

import type { TaskSpec } from '@muster/proto';
import type { SubmitOptions } from '../client.ts';
import { durationToWire } from '../duration.ts';
import { checkRetryOptions } from '../handler.ts';
import { checkNumber, checkOptionKeys, invalidOption } from '../options.ts';
import type { Payload } from '../payload/payload.ts';
import { retryToWire } from '../wire/registration.ts';
import { isUuid, newTaskId } from '../wire/task-id.ts';
import { dateToWire } from '../wire/timestamp.ts';
import type { TraceParts } from './trace.ts';

/** The task on whose behalf others are submitted. */
export interface TaskOrigin {
  /** Its id. */
  readonly taskId: string;
  /** The first task of its family; undefined if it is that itself. */
  readonly rootId: string | undefined;
  /** Trace context for submits outside of any span; empty: none. */
  readonly traceparent: string | undefined;
  /** Goes with it. */
  readonly tracestate?: string | undefined;
}

/** A spec that is ready to be sent, always with an id. */
export type ReadySpec = TaskSpec & { readonly id: string; readonly handler: string };

const submitKeys: readonly (keyof SubmitOptions)[] = [
  ...(['id', 'idempotencyKey', 'idempotencyTtl', 'delay', 'dueTime', 'priority', 'retry'] as const),
  ...(['key', 'keyWeight'] as const),
  ...(['timeout', 'totalTimeout', 'startTtl', 'atMostOnce', 'labels', 'requireHandler'] as const),
];

/** Refuses options of a submit that are unknown or wrong by themselves: OPTION_UNKNOWN, OPTION_INVALID. */
export function checkSubmitOptions(options: SubmitOptions): void {
  const what = 'submit';
  checkOptionKeys(what, options, submitKeys);
  checkNumber(what, 'priority', options.priority, { min: -100, max: 100 });
  checkKey(what, options);
  checkRetryOptions(what, options.retry);
  if (options.id !== undefined && !isUuid(options.id)) {
    throw invalidOption(what, 'id', options.id, 'a UUIDv7; for other names use idempotencyKey');
  }
  const { delay, dueTime } = options;
  if (dueTime !== undefined && !(dueTime instanceof Date && Number.isFinite(dueTime.getTime()))) {
    throw invalidOption(what, 'dueTime', dueTime, 'a valid Date');
  }
  if (delay !== undefined && dueTime !== undefined) {
    throw invalidOption(what, 'dueTime', dueTime.toISOString(), 'left out where delay is given');
  }
}

/** The contract's form of one task. The options have been checked. What is not asked for is left out. */
export function buildSpec(
  task: { handler: string; input: Payload | undefined; trace: TraceParts },
  options: SubmitOptions,
  origin: TaskOrigin | undefined,
): ReadySpec {
  const id = options.id?.toLowerCase() ?? newTaskId();
  const { handler, input = null, trace } = task;
  const spec: ReadySpec = { id, handler, input };
  // Most tasks have nothing of this: for them there is nothing to merge.
  if (origin)
    Object.assign(spec, { parentId: origin.taskId, rootId: origin.rootId ?? origin.taskId });
  if (trace.traceparent !== '') Object.assign(spec, trace);
  for (const _ in options) return Object.assign(spec, optionsToWire(options));
  return spec;
}

function optionsToWire(options: SubmitOptions): TaskSpec {
  return {
    idempotencyKey: options.idempotencyKey ?? '',
    idempotencyTtl: durationToWire(options.idempotencyTtl, 'idempotencyTtl') ?? null,
    startDelay: durationToWire(options.delay, 'delay') ?? null,
    dueTime: options.dueTime ? dateToWire(options.dueTime) : null,
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...keyToWire(options),
    retry: options.retry ? retryToWire(options.retry) : null,
    attemptTimeout: durationToWire(options.timeout, 'timeout') ?? null,
    totalTimeout: durationToWire(options.totalTimeout, 'totalTimeout') ?? null,
    startTtl: durationToWire(options.startTtl, 'startTtl') ?? null,
    ...(options.atMostOnce === undefined ? {} : { atMostOnce: options.atMostOnce }),
    labels: { ...options.labels },
  };
}

/** Refuses a weight that is none, or that weighs nothing. */
export function checkKey(
  what: string,
  { key, keyWeight }: Pick<SubmitOptions, 'key' | 'keyWeight'>,
): void {
  checkNumber(what, 'keyWeight', keyWeight, { min: 0.001, max: 1_000, whole: false });
  if (keyWeight !== undefined && (key === undefined || key === ''))
    throw invalidOption(what, 'keyWeight', keyWeight, 'left out where no key is given');
}

/** A key as the contract has it. */
export function keyToWire({ key, keyWeight }: Pick<SubmitOptions, 'key' | 'keyWeight'>) {
  return {
    ...(key === undefined ? {} : { key }),
    ...(keyWeight === undefined ? {} : { keyWeight }),
  };
}

/** Bytes that a spec takes on the wire, at most. */
export function specBytes(spec: ReadySpec): number {
  let bytes = 768 + (spec.input?.data?.length ?? 0);
  bytes +=
    3 *
    ((spec.idempotencyKey?.length ?? 0) + (spec.tracestate?.length ?? 0) + (spec.key?.length ?? 0));
  for (const error of spec.retry?.nonRetryableErrors ?? []) bytes += 3 * (error.length + 3);
  if (spec.labels) {
    for (const [key, value] of Object.entries(spec.labels)) {
      bytes += 8 + 3 * (key.length + value.length);
    }
  }
  return bytes;
}
