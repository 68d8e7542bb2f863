// What really happened, known independently of any coordinator, and what of it must not have.
//
//   - an attempt begins at most once, ever; and not after its session was declared lost or was closed
//   - an attempt begins only under a lease that holds at that moment
//   - two runs of a task are under way at once only if the session of the older one has ended
//   - no write of a lapsed attachment is accepted
//   - an agent runs no more attempts than it has slots
//   - a success is recorded only of a run that came to its end under that very lease, and once
//   - every acknowledged task ends (asked by the simulation when the faults are over)

import { type Cause, isFinished, type SessionId, type Standing } from '@muster/server/internal';
import type { SessionEntry, TaskRow, Witness } from '../database/tables.ts';
import type { Process } from '../world/process.ts';

/** One run of a handler. */
export interface Run {
  readonly taskId: string;
  readonly attempt: number;
  readonly leaseEpoch: number;
  readonly sessionId: string;
  readonly process: Process;
  isStopped: boolean;
}

/** A promise that was broken. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** The task whose story is told, of a seed that is repeated. */
const followed = process.env.MUSTER_SIMULATION_TASK;

/** Keeps the books of a simulation. */
export class Ledger implements Witness {
  readonly acknowledged = new Set<string>();
  readonly #open = new Set<string>();
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #running = new Map<string, Set<Run>>();
  readonly #ofProcess = new Map<Process, number>();
  readonly #standings = new Map<string, Standing>();
  readonly #over = new Map<SessionId, string>();
  readonly broken: string[] = [];
  runs = 0;
  lost = 0;
  /** How often agents read that they should move. */
  moves = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Tasks that have not ended. */
  get open(): ReadonlySet<string> {
    return this.#open;
  }

  /** A handler begins. */
  began(run: Run, slots: number): void {
    const { taskId, attempt, process } = run;
    this.runs += 1;
    this.note(
      taskId,
      `began at ${process.name}, epoch ${run.leaseEpoch}, session ${run.sessionId}`,
    );
    const key = `${taskId} ${attempt}`;
    if (this.#begun.has(key)) this.#breach(`attempt ${attempt} of ${taskId} began twice`);
    this.#begun.add(key);
    const standing = this.#standings.get(taskId);
    if (standing?.state !== 'RUNNING' || standing.leaseEpoch !== run.leaseEpoch)
      this.#breach(
        `${key} began under epoch ${run.leaseEpoch}, but the task is ${standing?.state} under ${standing?.leaseEpoch}`,
      );
    const end = this.#over.get(run.sessionId as SessionId);
    if (end !== undefined) this.#breach(`${key} began after its session was ${end}`);
    const others = this.#running.get(taskId) ?? new Set();
    for (const other of others)
      if (
        other.process.isAlive &&
        !other.isStopped &&
        !this.#over.has(other.sessionId as SessionId)
      )
        this.#breach(`${key} began while attempt ${other.attempt} ran under a session that stands`);
    this.#running.set(taskId, others.add(run));
    const count = (this.#ofProcess.get(process) ?? 0) + 1;
    this.#ofProcess.set(process, count);
    if (count > slots) this.#breach(`${process.name} runs ${count} attempts in ${slots} slots`);
  }

  /** A handler has ended; `returned`: in the way of a success. */
  ended(run: Run, returned: boolean): void {
    this.note(run.taskId, `ended at ${run.process.name}, epoch ${run.leaseEpoch}: ${returned}`);
    const running = this.#running.get(run.taskId);
    running?.delete(run);
    if (running?.size === 0) this.#running.delete(run.taskId);
    this.#ofProcess.set(run.process, (this.#ofProcess.get(run.process) ?? 0) - 1);
    if (returned) this.#ended.add(`${run.taskId} ${run.leaseEpoch}`);
  }

  moved({ task, standing }: TaskRow, before: Standing | null, cause: Cause): void {
    const { state, leaseEpoch } = standing;
    const under = `epoch ${leaseEpoch}, attempt ${standing.attempt}, session ${standing.sessionId}`;
    this.#standings.set(task.id, standing);
    this.note(task.id, `${before?.state} → ${state} (${cause}) ${under}`);
    if (before !== null && isFinished(before.state))
      this.#breach(`${task.id} moved from ${before.state} to ${state}`);
    if (!isFinished(state)) this.#open.add(task.id);
    else this.#open.delete(task.id);
    if (state === 'SUCCEEDED' && !this.#ended.has(`${task.id} ${leaseEpoch}`))
      this.#breach(`${task.id} succeeded under epoch ${leaseEpoch}, of which no run has ended`);
  }

  wrote({ id, attachment }: SessionEntry, by: number): void {
    if (by !== attachment)
      this.#breach(`a write of attachment ${by} of ${id} was accepted, which has ${attachment}`);
  }

  sessionEnded({ id, state }: SessionEntry): void {
    if (state === 'LOST') this.lost += 1;
    this.#over.set(id, state);
  }

  /** One line about a task, if somebody follows it. */
  note(taskId: string, told: string): void {
    if (taskId === followed) console.log(`${Math.round(this.#now())} ms: ${told}`);
  }

  #breach(told: string): void {
    this.broken.push(told);
  }
}
