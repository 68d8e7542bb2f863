// A received task as the SDK's own noun: plain names, Dates, decoded payloads.

import type { Attempt__Output, Task__Output } from '@muster/proto';
import { MusterError, TaskFailedError } from '../errors.ts';
import type { PayloadCoder } from '../payload/payload.ts';
import type { Task, TaskAttempt, TaskLogLine, TaskState, TaskView } from '../task.ts';
import { readFailure } from './failure.ts';
import { wireToDate } from './timestamp.ts';

/** The contract's names of the views. */
export const viewToWire = {
  basic: 'TASK_VIEW_BASIC',
  payloads: 'TASK_VIEW_PAYLOADS',
  full: 'TASK_VIEW_FULL',
} as const satisfies Record<TaskView, string>;

/** The state without its prefix. */
export function readState(state: Task__Output['state']): TaskState {
  return state.replace('TASK_STATE_', '') as TaskState;
}

/** A received task. Throws PAYLOAD_UNREADABLE or CODEC_FAILED if a payload that it has cannot be read. */
export async function readTask(task: Task__Output, coder: PayloadCoder): Promise<Task> {
  const { progress } = task;
  return {
    id: task.id,
    namespace: task.namespace,
    handler: task.handler,
    state: readState(task.state),
    priority: task.priority,
    key: task.key || undefined,
    labels: { ...task.labels },
    input: await coder.decode(task.input, `Input of task ${task.id}`),
    output: await coder.decode(task.output, `Output of task ${task.id}`),
    failure: task.failure ? await readFailure(task.failure, coder) : undefined,
    attempt: task.attempt,
    lostAttempts: task.lostAttempts,
    leaseEpoch: task.leaseEpoch,
    createTime: wireToDate(task.createTime),
    dueTime: wireToDate(task.dueTime),
    leaseTime: wireToDate(task.leaseTime),
    endTime: wireToDate(task.endTime),
    deadlineTime: wireToDate(task.deadlineTime),
    expireTime: wireToDate(task.expireTime),
    cancelRequestTime: wireToDate(task.cancelRequestTime),
    cancelReason: task.cancelReason || undefined,
    sessionId: task.sessionId || undefined,
    agentId: task.agentId || undefined,
    progress: progress
      ? {
          completed: progress.completed,
          total: progress.total,
          message: progress.message,
          updateTime: wireToDate(progress.updateTime),
        }
      : undefined,
    retryOf: task.retryOf || undefined,
    parentId: task.parentId || undefined,
    rootId: task.rootId || undefined,
    nominalTime: wireToDate(task.nominalTime),
    idempotencyKey: task.idempotencyKey || undefined,
    traceparent: task.traceparent || undefined,
    attempts: await Promise.all(task.attempts.map((attempt) => readAttempt(attempt, coder))),
  };
}

async function readAttempt(attempt: Attempt__Output, coder: PayloadCoder): Promise<TaskAttempt> {
  return {
    number: attempt.number,
    leaseEpoch: attempt.leaseEpoch,
    agentId: attempt.agentId,
    sessionId: attempt.sessionId,
    outcome: attempt.outcome.replace('ATTEMPT_OUTCOME_', '') as TaskAttempt['outcome'],
    leaseTime: wireToDate(attempt.leaseTime),
    endTime: wireToDate(attempt.endTime),
    failure: attempt.failure ? await readFailure(attempt.failure, coder) : undefined,
    logLines: attempt.logLines.map(({ logTime, level, message }) => ({
      time: wireToDate(logTime),
      level: level.replace('LOG_LEVEL_', '').replace('UNSPECIFIED', 'INFO') as TaskLogLine['level'],
      message,
    })),
  };
}

/**
 * The output of a finished task. Throws a `TaskFailedError`, or TASK_CANCELLED, if it did not succeed;
 * PAYLOAD_UNREADABLE or CODEC_FAILED if the output cannot be read.
 */
export async function outputOf(task: Task__Output, coder: PayloadCoder): Promise<unknown> {
  const state = readState(task.state);
  if (state === 'SUCCEEDED') return coder.decode(task.output, `Output of task ${task.id}`);
  const metadata = { id: task.id, handler: task.handler };
  if (state === 'CANCELLED') {
    const why = task.cancelReason === '' ? '' : `: ${task.cancelReason}`;
    const message = `Task ${task.id} (${task.handler}) was cancelled${why}`;
    throw new MusterError('TASK_CANCELLED', message, { metadata });
  }
  if (state === 'FAILED' && task.failure) {
    throw new TaskFailedError(task, await readFailure(task.failure, coder));
  }
  throw new MusterError(
    'CALL_FAILED',
    `Task ${task.id} (${task.handler}) is ${state}, not finished.`,
    {
      metadata,
    },
  );
}

/** The error for an id that is not stored, or not any more. */
export function taskMissing(id: string): MusterError {
  const message = `Task ${id} is not stored, or not any more: its retention may be over, or it belongs to another namespace.`;
  return new MusterError('TASK_NOT_FOUND', message, { metadata: { id } });
}
