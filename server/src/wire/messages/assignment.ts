/**
 * A lease as its agent receives it, with what the task and its handler say about it resolved at this moment.
 */
import type { Assignment, Duration } from '@muster/proto';
import { resolveAttemptTimeoutMs, resolveRetryPolicy } from '../../rules/retry.ts';
import type { HandlerOptions, Lease, TaskOptions } from '../../rules/task.ts';
import { durationOf, timestampOf } from './values.ts';

/** The message of a lease; `ageMs` is how long ago its row was read. */
export function assignmentMessage(
  lease: Lease,
  handler: { readonly name: string; readonly options: HandlerOptions },
  ageMs: number,
): Assignment {
  const { origin, deadlineInMs } = lease;
  const terms = termsOf(lease.options, handler.options);
  return {
    taskId: lease.taskId,
    leaseEpoch: lease.leaseEpoch,
    handler: handler.name,
    attempt: lease.attempt,
    maxAttempts: terms.maxAttempts,
    input: lease.input,
    attemptTimeout: terms.attemptTimeout,
    deadlineTime: timestampOf(lease.deadlineAt),
    deadlineTimeout: durationOf(deadlineInMs === null ? null : Math.max(0, deadlineInMs - ageMs)),
    cancelGrace: terms.cancelGrace,
    checkpoint: lease.checkpoint,
    ...(lease.labels === null ? {} : { labels: lease.labels }),
    traceparent: origin.traceparent ?? '',
    tracestate: origin.tracestate ?? '',
    nominalTime: timestampOf(origin.nominalAt),
    parentId: origin.parentId ?? '',
    rootId: origin.rootId ?? '',
    idempotencyKey: lease.idempotencyKey ?? '',
  };
}

/** What task and handler say together about an attempt. */
type Terms = {
  readonly maxAttempts: number;
  readonly attemptTimeout: Duration | null;
  readonly cancelGrace: Duration | null;
};

/** Of tasks that say nothing themselves; forgotten with the options of the handler. */
const termsOfHandlers = new WeakMap<HandlerOptions, Terms>();

function termsOf(task: TaskOptions | null, handler: HandlerOptions): Terms {
  const known = task === null ? termsOfHandlers.get(handler) : undefined;
  if (known !== undefined) return known;
  const terms = {
    maxAttempts: resolveRetryPolicy(task?.retry, handler.retry).maxAttempts,
    attemptTimeout: durationOf(resolveAttemptTimeoutMs(task, handler)),
    cancelGrace: durationOf(handler.cancelGraceMs),
  };
  if (task === null) termsOfHandlers.set(handler, terms);
  return terms;
}

/** About how many bytes the message of a lease takes; never much less than it really does. */
export function assignmentBytes(lease: Lease): number {
  let bytes = 320 + (lease.input?.data.length ?? 0) + (lease.checkpoint?.data.length ?? 0);
  if (lease.labels !== null)
    for (const [key, value] of Object.entries(lease.labels))
      bytes += key.length + value.length * 3 + 8;
  const { origin, idempotencyKey } = lease;
  return bytes + (origin.tracestate?.length ?? 0) + (idempotencyKey?.length ?? 0) * 3;
}
