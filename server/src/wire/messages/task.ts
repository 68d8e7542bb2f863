/**
 * A stored task as its readers see it.
 */
import type {
  Attempt as AttemptMessage,
  Failure as FailureMessage,
  Task as TaskMessage,
} from '@muster/proto';
import type { Attempt, Failure, Task, TaskView } from '../../rules/task.ts';
import { retryPolicyMessage } from './retry-policy.ts';
import { durationOf, payloadMessage, timestampOf } from './values.ts';

/** A task as a message of this view. */
export function taskMessage(task: Task, namespace: string, view: TaskView): TaskMessage {
  const { options, origin, progress } = task;
  return {
    id: task.id,
    namespace,
    handler: task.handler,
    state: `TASK_STATE_${task.state}`,
    priority: task.priority,
    key: task.key,
    labels: task.labels,
    input: view === 'BASIC' ? null : payloadMessage(task.input),
    output: view === 'BASIC' ? null : payloadMessage(task.output),
    failure: failureMessage(task.failure, view),
    attempt: task.attempt,
    lostAttempts: task.lostAttempts,
    leaseEpoch: task.leaseEpoch,
    createTime: timestampOf(task.createdAt),
    dueTime: timestampOf(task.dueAt),
    leaseTime: timestampOf(task.leasedAt),
    endTime: timestampOf(task.endedAt),
    deadlineTime: timestampOf(task.deadlineAt),
    expireTime: timestampOf(task.expiresAt),
    cancelRequestTime: timestampOf(task.cancelRequestedAt),
    cancelReason: task.cancelReason,
    sessionId: task.sessionId ?? '',
    agentId: task.agentId,
    progress:
      progress === null
        ? null
        : {
            completed: progress.completed,
            total: progress.total,
            message: progress.message,
            updateTime: timestampOf(progress.updatedAt),
          },
    retryOf: origin.retryOf ?? '',
    parentId: origin.parentId ?? '',
    rootId: origin.rootId ?? '',
    nominalTime: timestampOf(origin.nominalAt),
    retry: retryPolicyMessage(options?.retry ?? null),
    attemptTimeout: durationOf(options?.attemptTimeoutMs ?? null),
    ...(options === null || options.atMostOnce === null ? {} : { atMostOnce: options.atMostOnce }),
    idempotencyKey: task.idempotencyKey,
    traceparent: origin.traceparent ?? '',
    attempts: view === 'FULL' ? task.attempts.map(attemptMessage) : [],
  };
}

/** A failure as a message; stacks and details stay out of the basic view. */
export function failureMessage(failure: Failure | null, view: TaskView): FailureMessage | null {
  if (failure === null) return null;
  const { kind, name, message, nonRetryable } = failure;
  const basic = { kind: `FAILURE_KIND_${kind}`, name, message, nonRetryable } as const;
  if (view === 'BASIC') return basic;
  return { ...basic, stack: failure.stack, details: payloadMessage(failure.details) };
}

function attemptMessage(attempt: Attempt): AttemptMessage {
  return {
    number: attempt.number,
    leaseEpoch: attempt.leaseEpoch,
    agentId: attempt.agentId,
    sessionId: attempt.sessionId,
    outcome: `ATTEMPT_OUTCOME_${attempt.outcome}`,
    leaseTime: timestampOf(attempt.leasedAt),
    endTime: timestampOf(attempt.endedAt),
    failure: failureMessage(attempt.failure, 'FULL'),
    logLines: attempt.logLines.map((line) => ({
      logTime: timestampOf(line.at),
      level: `LOG_LEVEL_${line.level}`,
      message: line.message,
    })),
  };
}
