// A task as applications see it: the nouns of the contract with plain names, Dates and decoded
// payloads.

import type { TaskFailure } from './errors.ts';

/** Where a task stands. SUCCEEDED, FAILED and CANCELLED are finished and have no exits. */
export type TaskState =
  | 'DELAYED'
  | 'WAITING'
  | 'READY'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED';

/** How much of a task is read: `payloads` adds input, output and failure details, `full` also the attempts. */
export type TaskView = 'basic' | 'payloads' | 'full';

/** How far a running attempt has come. */
export interface TaskProgress {
  /** Units done. */
  readonly completed: number;
  /** Units in all; 0: unknown. */
  readonly total: number;
  /** For people. */
  readonly message: string;
  /** When it was stored. */
  readonly updateTime: Date | undefined;
}

/** One line that a handler logged. */
export interface TaskLogLine {
  /** By the agent's clock. */
  readonly time: Date | undefined;
  /** How grave it is. */
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** Text, at most 4 KiB. */
  readonly message: string;
}

/** One try of a task on one agent. */
export interface TaskAttempt {
  /** From 1. */
  readonly number: number;
  /** Epoch of its last lease. */
  readonly leaseEpoch: number;
  /** Who ran it. */
  readonly agentId: string;
  /** The session in which it ran. */
  readonly sessionId: string;
  /** How it ended; RUNNING: it has not. */
  readonly outcome: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'LOST' | 'INTERRUPTED';
  /** When its lease was given. */
  readonly leaseTime: Date | undefined;
  /** When its end was recorded. Undefined while it runs. */
  readonly endTime: Date | undefined;
  /** Why it failed. Undefined if it did not. */
  readonly failure: TaskFailure | undefined;
  /** What the handler logged, oldest first. */
  readonly logLines: readonly TaskLogLine[];
}

/** A task as it is stored. Times are the coordinator's; what does not apply is undefined. */
export interface Task {
  /** UUIDv7. */
  readonly id: string;
  /** Namespace that it belongs to. */
  readonly namespace: string;
  /** Name of its handler. */
  readonly handler: string;
  /** Where it stands. */
  readonly state: TaskState;
  /** Larger is sooner, -100 to 100. */
  readonly priority: number;
  /** Key as submitted. */
  readonly key: string | undefined;
  /** Labels as submitted. */
  readonly labels: Readonly<Record<string, string>>;
  /** Decoded input. Only in the views `payloads` and `full`. */
  readonly input: unknown;
  /** Decoded output. Only when SUCCEEDED, in the views `payloads` and `full`. */
  readonly output: unknown;
  /** Why it FAILED, or why the last attempt did while the task waits for its retry. */
  readonly failure: TaskFailure | undefined;
  /** Number of the current or next attempt, from 1. */
  readonly attempt: number;
  /** Attempts that ended because their agent was lost. */
  readonly lostAttempts: number;
  /** Number of hand-overs so far. */
  readonly leaseEpoch: number;
  /** When it was stored. */
  readonly createTime: Date | undefined;
  /** Not started earlier. */
  readonly dueTime: Date | undefined;
  /** When the current or last lease was given. */
  readonly leaseTime: Date | undefined;
  /** When it finished. */
  readonly endTime: Date | undefined;
  /** Deadline of the whole task. */
  readonly deadlineTime: Date | undefined;
  /** Last moment for its first start. */
  readonly expireTime: Date | undefined;
  /** When somebody asked for its cancellation. */
  readonly cancelRequestTime: Date | undefined;
  /** What they said. */
  readonly cancelReason: string | undefined;
  /** Session that holds, or last held, its lease. */
  readonly sessionId: string | undefined;
  /** Agent of that session. */
  readonly agentId: string | undefined;
  /** Last progress of the current attempt. */
  readonly progress: TaskProgress | undefined;
  /** The finished task that this one retries. */
  readonly retryOf: string | undefined;
  /** The task that asked for this one. */
  readonly parentId: string | undefined;
  /** The first task of the family. */
  readonly rootId: string | undefined;
  /** The moment at which a schedule asked for it. */
  readonly nominalTime: Date | undefined;
  /** Idempotency key as submitted. */
  readonly idempotencyKey: string | undefined;
  /** W3C `traceparent` of the submitter. */
  readonly traceparent: string | undefined;
  /** Attempts in order. Only in the view `full`; empty in the others. */
  readonly attempts: readonly TaskAttempt[];
}

/** True for SUCCEEDED, FAILED and CANCELLED. */
export function isFinished(state: TaskState): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED';
}
