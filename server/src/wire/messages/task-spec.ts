/**
 * A task as its submitter asks for it: checked, and given the hash that tells a repeated submit from a reused id.
 */
import { hash } from 'node:crypto';
import type { TaskSpec__Output } from '@muster/proto';
import { isUuidV7, timeOfId } from '../../rules/ids.ts';
import { taskLimits } from '../../rules/limits.ts';
import { isTraceparent } from '../../rules/names.ts';
import type {
  HandlerId,
  NamespaceId,
  NewTask,
  Origin,
  TaskId,
  TaskOptions,
} from '../../rules/task.ts';
import { CallRefused } from '../status.ts';
import {
  type Checks,
  checkDuration,
  checkHandlerName,
  checkLabels,
  checkNumber,
  checkTaskId,
  checkText,
  checkTime,
  quote,
} from '../validation.ts';
import { checkKey } from './limits.ts';
import { checkRetryPolicy } from './retry-policy.ts';
import { checkPayload } from './values.ts';

/** A checked task; its handler is still a name, and it has an id only if its submitter gave one. */
export type SubmittedSpec = Omit<NewTask, 'id' | 'namespaceId' | 'handlerId' | 'offer'> & {
  readonly id: TaskId | null;
  readonly handler: string;
};

/** What a spec is checked against. */
export type SpecLimits = {
  readonly payloadBytesMax: number;
  /** The database's time. */
  readonly now: number;
};

/**
 * Checks one task of a call. What it answers is of use only if no violation was noted.
 *
 * Here and in `newTask` every field is written out: a spread of so many costs more than all the checks.
 */
export function checkTaskSpec(
  checks: Checks,
  spec: TaskSpec__Output,
  limits: SpecLimits,
): SubmittedSpec {
  const parentId = spec.parentId === '' ? null : checkTaskId(checks, 'parent_id', spec.parentId);
  const rootId = spec.rootId === '' ? parentId : checkTaskId(checks, 'root_id', spec.rootId);
  const times = checkTimes(checks, spec, limits.now);
  const said = {
    handler: checkHandlerName(checks, 'handler', spec.handler),
    priority: checkNumber(checks, 'priority', spec.priority, priorityBounds),
    key: checkKey(checks, spec),
    labels: checkSpecLabels(checks, spec),
    input: checkPayload(checks, 'input', spec.input, limits.payloadBytesMax),
    options: checkOptions(checks, spec),
    idempotency: checkIdempotency(checks, spec),
    dueAt: times.dueAt,
    startDelayMs: times.startDelayMs,
    totalTimeoutMs: times.totalTimeoutMs,
    startTtlMs: times.startTtlMs,
  };
  return {
    id: checkNewId(checks, spec.id),
    handler: said.handler,
    priority: said.priority,
    key: said.key,
    labels: said.labels,
    input: said.input,
    options: said.options,
    contentHash: contentHash(said, parentId, rootId),
    idempotency: said.idempotency,
    dueAt: said.dueAt,
    startDelayMs: said.startDelayMs,
    totalTimeoutMs: said.totalTimeoutMs,
    startTtlMs: said.startTtlMs,
    origin: checkOrigin(checks, spec, parentId, rootId),
  };
}

const priorityBounds = {
  least: taskLimits.priorityMin,
  most: taskLimits.priorityMax,
  fallback: 0,
} as const;

/** The task that goes into the store. A task without a trace of its own belongs to that of its call, if there is one. */
export function newTask(
  spec: SubmittedSpec,
  id: TaskId,
  namespaceId: NamespaceId,
  handlerId: HandlerId,
  traceparent: string | null,
): NewTask {
  const { origin } = spec;
  const traced = traceparent !== null && origin.traceparent === null;
  return {
    id,
    namespaceId,
    handlerId,
    priority: spec.priority,
    key: spec.key,
    labels: spec.labels,
    input: spec.input,
    options: spec.options,
    contentHash: spec.contentHash,
    idempotency: spec.idempotency,
    dueAt: spec.dueAt,
    startDelayMs: spec.startDelayMs,
    totalTimeoutMs: spec.totalTimeoutMs,
    startTtlMs: spec.startTtlMs,
    origin: traced ? { ...origin, traceparent } : origin,
    offer: null,
  };
}

/** Throws `CallRefused` (ID_OUT_OF_RANGE) if the time inside an id is too far from the database's. */
export function requireIdInRange(field: string, id: TaskId, now: number): void {
  const time = timeOfId(id);
  if (Math.abs(time - now) <= taskLimits.idTimeToleranceMs) return;
  const serverTime = new Date(now).toISOString();
  const description = `holds the time ${timeText(time)}, which is not within 24 h of the server's, ${serverTime}`;
  throw new CallRefused(
    'ID_OUT_OF_RANGE',
    `The id at ${field} ${description}. Make ids when tasks are submitted, and check the clock; free-form identity is idempotency_key.`,
    { metadata: { server_time: serverTime }, violations: [{ field, description }] },
  );
}

function timeText(timeMs: number): string {
  return timeMs <= 8.64e15 ? new Date(timeMs).toISOString() : `${timeMs} ms`;
}

function checkNewId(checks: Checks, value: string): TaskId | null {
  if (value === '') return null;
  const id = value.toLowerCase();
  if (isUuidV7(id)) return id as TaskId;
  checks.fail(
    'id',
    `${quote(value)} is no UUIDv7; leave it empty, or use idempotency_key for free-form identity`,
  );
  return null;
}

function checkSpecLabels(checks: Checks, spec: TaskSpec__Output) {
  return Object.keys(spec.labels).length === 0 ? null : checkLabels(checks, 'labels', spec.labels);
}

function checkOptions(checks: Checks, spec: TaskSpec__Output): TaskOptions | null {
  const { attemptTimeoutMinMs, attemptTimeoutMaxMs } = taskLimits;
  const retry = checkRetryPolicy(checks, 'retry', spec.retry);
  const attemptTimeoutMs = checkDuration(
    checks,
    'attempt_timeout',
    spec.attemptTimeout,
    attemptTimeoutMinMs,
    attemptTimeoutMaxMs,
  );
  const atMostOnce = spec.atMostOnce ?? null;
  if (retry === null && attemptTimeoutMs === null && atMostOnce === null) return null;
  return { retry, attemptTimeoutMs, atMostOnce };
}

function checkIdempotency(checks: Checks, spec: TaskSpec__Output): NewTask['idempotency'] {
  const { idempotencyTtlMinMs, idempotencyTtlMaxMs, idempotencyTtlDefaultMs } = taskLimits;
  const { idempotencyKey: key, idempotencyTtl } = spec;
  const ttlMs = checkDuration(
    checks,
    'idempotency_ttl',
    idempotencyTtl,
    idempotencyTtlMinMs,
    idempotencyTtlMaxMs,
  );
  if (key !== '')
    return {
      key: checkText(checks, 'idempotency_key', key, taskLimits.idempotencyKeyMaxBytes),
      ttlMs: ttlMs ?? idempotencyTtlDefaultMs,
    };
  if (idempotencyTtl !== null)
    checks.fail('idempotency_ttl', 'is given without an idempotency_key');
  return null;
}

function checkTimes(checks: Checks, spec: TaskSpec__Output, now: number) {
  const { startDelayMaxMs, totalTimeoutMinMs, totalTimeoutMaxMs, startTtlMinMs, startTtlMaxMs } =
    taskLimits;
  const dueAt = checkTime(checks, 'due_time', spec.dueTime);
  if (dueAt !== null && dueAt > now + startDelayMaxMs)
    checks.fail('due_time', 'is more than 365 days ahead');
  if (spec.dueTime !== null && spec.startDelay !== null)
    checks.fail('start_delay', 'is given together with due_time; give one of them');
  return {
    dueAt,
    startDelayMs: checkDuration(checks, 'start_delay', spec.startDelay, 0, startDelayMaxMs) ?? 0,
    totalTimeoutMs: checkDuration(
      checks,
      'total_timeout',
      spec.totalTimeout,
      totalTimeoutMinMs,
      totalTimeoutMaxMs,
    ),
    startTtlMs: checkDuration(checks, 'start_ttl', spec.startTtl, startTtlMinMs, startTtlMaxMs),
  };
}

/** Most tasks come from nowhere in particular. */
const noOrigin: Origin = Object.freeze({
  traceparent: null,
  tracestate: null,
  parentId: null,
  rootId: null,
  retryOf: null,
  nominalAt: null,
});

/** A malformed trace is dropped, as the W3C asks; tracing must never stop work. */
function checkOrigin(
  checks: Checks,
  spec: TaskSpec__Output,
  parentId: TaskId | null,
  rootId: TaskId | null,
): Origin {
  checkText(checks, 'tracestate', spec.tracestate, taskLimits.tracestateMaxBytes);
  const traced = isTraceparent(spec.traceparent);
  if (!traced && rootId === null) return noOrigin;
  const tracestate = traced && spec.tracestate !== '' ? spec.tracestate : null;
  const traceparent = traced ? spec.traceparent : null;
  return { traceparent, tracestate, parentId, rootId, retryOf: null, nominalAt: null };
}

/** What a hash is made over, unless it is larger. */
const scratch = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * 16 bytes over everything that was said, but for the id and the trace: a submit that is sent again in another span is
 * the same submit. Made from the values, because the bytes of a map may come in any order. (Through one scratch buffer
 * and as hexadecimal text it takes 1 µs; with buffers of its own and a buffer as result it took 3.)
 */
function contentHash(
  said: Omit<SubmittedSpec, 'id' | 'contentHash' | 'origin'>,
  parentId: TaskId | null,
  rootId: TaskId | null,
): Buffer {
  const { input, labels } = said;
  const sorted =
    labels === null ? null : Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([
    ...[said.handler, said.priority, sorted, input?.mediaType, said.options, said.idempotency],
    ...[said.dueAt, said.startDelayMs, said.totalTimeoutMs, said.startTtlMs, parentId, rootId],
    ...(said.key === null ? [] : [said.key]),
  ]);
  const size = text.length * 3 + 1 + (input?.data.length ?? 0);
  const whole = size <= scratch.length ? scratch : Buffer.allocUnsafe(size);
  let length = whole.write(text);
  // JSON holds no such byte, so text and data cannot run into each other.
  whole[length] = 0;
  length += 1;
  if (input !== null) length += input.data.copy(whole, length);
  return Buffer.from(hash('sha256', whole.subarray(0, length), 'hex').slice(0, 32), 'hex');
}
