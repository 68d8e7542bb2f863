/**
 * A lease as its agent receives it, with what the task and its handler say about it resolved at this moment.
 */
import type { Assignment } from '@muster/proto';
import { resolveAttemptTimeoutMs, resolveRetryPolicy } from '../../rules/retry.ts';
import type { HandlerOptions, Lease } from '../../rules/task.ts';
import { durationOf, payloadMessage, timestampOf } from './values.ts';

/** The message of a lease; `ageMs` is how long ago its row was read. */
export function assignmentMessage(
  lease: Lease,
  handler: { readonly name: string; readonly options: HandlerOptions },
  ageMs: number,
): Assignment {
  const { origin, deadlineInMs } = lease;
  const policy = resolveRetryPolicy(lease.options?.retry, handler.options.retry);
  const timeoutMs = resolveAttemptTimeoutMs(lease.options, handler.options);
  return {
    taskId: lease.taskId,
    leaseEpoch: lease.leaseEpoch,
    handler: handler.name,
    attempt: lease.attempt,
    maxAttempts: policy.maxAttempts,
    input: payloadMessage(lease.input),
    attemptTimeout: durationOf(timeoutMs),
    deadlineTime: timestampOf(lease.deadlineAt),
    deadlineTimeout: durationOf(deadlineInMs === null ? null : Math.max(0, deadlineInMs - ageMs)),
    cancelGrace: durationOf(handler.options.cancelGraceMs),
    checkpoint: payloadMessage(lease.checkpoint),
    ...(lease.labels === null ? {} : { labels: lease.labels }),
    traceparent: origin.traceparent ?? '',
    tracestate: origin.tracestate ?? '',
    nominalTime: timestampOf(origin.nominalAt),
    parentId: origin.parentId ?? '',
    rootId: origin.rootId ?? '',
  };
}

/** About how many bytes the message of a lease takes; never much less than it really does. */
export function assignmentBytes(lease: Lease): number {
  let bytes = 320 + (lease.input?.data.length ?? 0) + (lease.checkpoint?.data.length ?? 0);
  if (lease.labels !== null)
    for (const [key, value] of Object.entries(lease.labels))
      bytes += key.length + value.length * 3 + 8;
  return bytes + (lease.origin.tracestate?.length ?? 0);
}
