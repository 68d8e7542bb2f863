// The database of a simulation: rows in memory, moved by the rules that the SQL of `store/` is held to by its own tests.
//
// Every change of a task goes through `move`, which knows the allowed edges, keeps the indexes, and lets a witness see it.

import {
  type Cause,
  type CoordinatorId,
  type CoordinatorRow,
  type HandlerFacts,
  type HandlerId,
  type HandlerRow,
  isAllowed,
  type Lease,
  type LeaseRef,
  type NamespaceId,
  type NewTask,
  type SessionFacts,
  type SessionId,
  type SessionState,
  type Standing,
  type TaskId,
} from '@muster/server/internal';
import { epochMs } from '../world/process.ts';

/** A task as it is stored. */
export interface TaskRow {
  readonly task: NewTask;
  standing: Standing;
  leasedAt: number;
  cancelReason: string;
  /** Its agent was told that its deadline has passed. */
  cancelTold: boolean;
}

/** A session as it is stored. */
export interface SessionEntry {
  readonly id: SessionId;
  readonly tokenHash: Buffer;
  facts: SessionFacts;
  state: SessionState;
  attachment: number;
  slots: number;
  draining: boolean;
  readonly createdAt: number;
  endedAt: number;
  /** Monitoring waits so long from its first look; null: as long as the facts say. */
  lostInMs: number | null;
}

/** Who sees what happens to rows. */
export interface Witness {
  moved(row: TaskRow, before: Standing | null, cause: Cause): void;
  /** A write about a session was accepted from this attachment. */
  wrote(session: SessionEntry, attachment: number): void;
  /** A session is LOST or CLOSED from now on. */
  sessionEnded(session: SessionEntry): void;
}

/** Guards that a known bug would leave out. */
export interface Guards {
  /** Writes about a session require its newest attachment. */
  readonly attachment: boolean;
}

/** The one namespace. */
export const namespaceId = 1 as NamespaceId;

/** All rows. */
export class Tables {
  readonly tasks = new Map<TaskId, TaskRow>();
  readonly sessions = new Map<SessionId, SessionEntry>();
  readonly coordinators = new Map<CoordinatorId, { row: CoordinatorRow }>();
  readonly handlers = new Map<string, { row: HandlerRow; facts: HandlerFacts | null }>();
  readonly ready = new Map<HandlerId, Set<TaskRow>>();
  readonly running = new Map<SessionId, Set<TaskRow>>();
  readonly delayed = new Set<TaskRow>();
  /** Unfinished tasks with a deadline or a time-to-live. */
  readonly checked = new Set<TaskRow>();
  readonly detached = new Set<SessionEntry>();
  /** Ended sessions under which a late statement may still lease something. */
  readonly leasesLeft = new Set<SessionEntry>();
  readonly guards: Guards;
  readonly #now: () => number;
  readonly #witness: Witness;

  constructor(now: () => number, witness: Witness, guards: Guards) {
    this.#now = now;
    this.#witness = witness;
    this.guards = guards;
  }

  /** The database's time. */
  now(): number {
    return epochMs + this.#now();
  }

  /** Takes an edge; null: the rules say that it does not apply. */
  move(row: TaskRow, next: Standing | null, cause: Cause): boolean {
    if (next === null) return false;
    const before = row.standing;
    if (before.state !== next.state && !isAllowed(before.state, next.state, cause))
      throw new Error(`${row.task.id} may not go from ${before.state} to ${next.state} (${cause})`);
    this.#leave(row);
    row.standing = next;
    if (next.state !== 'RUNNING') row.cancelTold = false;
    if (next.state === 'RUNNING' && cause === 'LEASED') row.leasedAt = this.now();
    this.#enter(row);
    this.#witness.moved(row, before, cause);
    return true;
  }

  /** Stores a new task. */
  insert(task: NewTask, standing: Standing): TaskRow {
    const leasedAt = this.now();
    const row: TaskRow = { task, standing, leasedAt, cancelReason: '', cancelTold: false };
    this.tasks.set(task.id, row);
    this.#enter(row);
    this.#witness.moved(row, null, 'SUBMITTED');
    return row;
  }

  #enter(row: TaskRow): void {
    const { state, sessionId, deadlineAt, expiresAt } = row.standing;
    if (state === 'READY') setOf(this.ready, row.task.handlerId).add(row);
    else if (state === 'RUNNING') setOf(this.running, sessionId as SessionId).add(row);
    else if (state === 'DELAYED') this.delayed.add(row);
    else {
      this.checked.delete(row);
      return;
    }
    if (deadlineAt !== null || expiresAt !== null) this.checked.add(row);
  }

  #leave(row: TaskRow): void {
    const { state, sessionId } = row.standing;
    if (state === 'READY') this.ready.get(row.task.handlerId)?.delete(row);
    else if (state === 'RUNNING') {
      const set = this.running.get(sessionId as SessionId);
      set?.delete(row);
      if (set?.size === 0) this.running.delete(sessionId as SessionId);
    } else if (state === 'DELAYED') this.delayed.delete(row);
  }

  /** Whether the session is attached, and by exactly this attachment. */
  isAttached({ sessionId, attachment }: { sessionId: SessionId; attachment: number }): boolean {
    const session = this.sessions.get(sessionId);
    return session?.state === 'ATTACHED' && this.isOf(session, attachment);
  }

  /** Whether a write of this attachment is about the session as it stands. */
  isOf(session: SessionEntry, attachment: number): boolean {
    const isAccepted = session.attachment === attachment || !this.guards.attachment;
    if (isAccepted) this.#witness.wrote(session, attachment);
    return isAccepted;
  }

  /** Changes where a session stands. */
  moveSession(session: SessionEntry, state: SessionState): void {
    session.state = state;
    if (state === 'DETACHED') this.detached.add(session);
    else this.detached.delete(session);
    if (state !== 'LOST' && state !== 'CLOSED') return;
    session.endedAt = this.now();
    this.leasesLeft.add(session);
    this.#witness.sessionEnded(session);
  }

  /** The task of a lease, as far as it still runs under it. */
  holding({ taskId, leaseEpoch }: LeaseRef): TaskRow | null {
    const row = this.tasks.get(taskId);
    const holds = row?.standing.state === 'RUNNING' && row.standing.leaseEpoch === leaseEpoch;
    return holds ? row : null;
  }

  /** What its handler says about running it again after a loss. */
  lossRules({ task }: TaskRow): { atMostOnce: boolean; lostAttemptsMax: number } {
    for (const { row } of this.handlers.values()) {
      if (row.id !== task.handlerId) continue;
      const { atMostOnce, lostAttemptsMax } = row.options;
      return { atMostOnce: task.options?.atMostOnce ?? atMostOnce, lostAttemptsMax };
    }
    throw new Error(`Handler ${task.handlerId} is not stored.`);
  }

  /** The lease of a RUNNING row. */
  leaseOf({ task, standing }: TaskRow): Lease {
    const { deadlineAt } = standing;
    return {
      ...{ taskId: task.id, namespaceId: task.namespaceId, handlerId: task.handlerId },
      leaseEpoch: standing.leaseEpoch,
      sessionId: standing.sessionId as SessionId,
      ...{ attempt: standing.attempt, failures: standing.failures, laneId: null },
      ...{ options: task.options, input: task.input, checkpoint: null, labels: task.labels },
      deadlineAt,
      deadlineInMs: deadlineAt === null ? null : Math.ceil(deadlineAt - this.now()),
      cancelRequested: standing.cancelRequested,
      idempotencyKey: null,
      origin: task.origin,
    };
  }
}

function setOf<Key>(index: Map<Key, Set<TaskRow>>, key: Key): Set<TaskRow> {
  let set = index.get(key);
  if (set === undefined) {
    set = new Set();
    index.set(key, set);
  }
  return set;
}
