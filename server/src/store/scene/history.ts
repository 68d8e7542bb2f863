/**
 * A history of tasks in a real store, held step by step to the pure rules of `rules/settlement.ts`.
 *
 * The model knows what every row must be; each step does the same to both and then compares all rows. Words of the past
 * are among the steps: outcomes of leases that lapsed, hand-backs and claims under an attachment that is over.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinished } from '../../rules/lifecycle.ts';
import type { Standing } from '../../rules/settlement.ts';
import * as rules from '../../rules/settlement.ts';
import { type LeaseRef, type OutcomeWrite, type TaskId, taskStates } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import type { Store } from '../store.ts';
import { defaultNamespace, outcomeOf, type Scene, type SceneSession } from './scene.ts';

/** One step of a history. */
export type Step =
  | {
      readonly kind: 'submit';
      readonly eager: boolean;
      readonly late: boolean;
      readonly delayed: boolean;
      readonly repeat: boolean;
    }
  | { readonly kind: 'claim'; readonly count: number; readonly lapsed: boolean }
  | {
      readonly kind: 'outcome';
      readonly pick: number;
      readonly result: OutcomeWrite['result'];
      readonly wait: number | null;
      readonly tasks: boolean;
    }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'giveBack'; readonly pick: number; readonly lapsed: boolean }
  | { readonly kind: 'resume'; readonly forget: number }
  | { readonly kind: 'promote' }
  | { readonly kind: 'expire' }
  | { readonly kind: 'lose' }
  | { readonly kind: 'close' };

/** Time in the model: submits are at 0, `past` is over in the database by the next step, `now` lies between. */
const now = 10;
const past = 5;
/** How the handler of a history judges lost attempts. */
export const lossRules = { atMostOnce: false, lostAttemptsMax: 1 };

/** One history: the rows as the rules say they stand, and the store that must agree. */
export class History {
  readonly store: Store;
  readonly database: Database;
  readonly scene: Scene;
  session: SceneSession;
  readonly tasks = new Map<TaskId, Standing>();
  readonly order: TaskId[] = [];
  readonly given: (LeaseRef & { readonly sessionId: string })[] = [];

  constructor(database: Database, scene: Scene, session: SceneSession) {
    this.store = scene.store;
    this.database = database;
    this.scene = scene;
    this.session = session;
  }

  get lapsed() {
    return { sessionId: this.session.id, attachment: this.session.attachment - 1 };
  }

  put(id: TaskId, next: Standing | null): void {
    if (next) this.tasks.set(id, next);
  }

  async submit(step: Extract<Step, { kind: 'submit' }>): Promise<void> {
    const { id: sessionId, attachment } = this.session;
    const task = this.scene.newTask({
      offer: step.eager ? { sessionId, attachment } : null,
      startDelayMs: step.delayed ? 1 : 0,
      ...(step.late ? { totalTimeoutMs: 1 } : {}),
    });
    const times = {
      dueAt: step.delayed ? 1 : 0,
      deadlineAt: step.late ? past : null,
      expiresAt: null,
    };
    const row = rules.submitted(times, step.eager ? sessionId : null, 0);
    const [answer] = await this.scene.submit(task);
    if (answer?.kind !== 'STORED') assert.fail(`submitted, but ${answer?.kind}`);
    assert.equal(answer.state, row.state);
    assert.equal(answer.lease !== null, row.state === 'RUNNING');
    this.tasks.set(task.id, row);
    this.order.push(task.id);
    if (row.state === 'RUNNING') this.given.push({ taskId: task.id, leaseEpoch: 1, sessionId });
    if (!step.repeat) return;
    const [again] = await this.store.submissions.insert([[task]], true);
    assert.deepEqual(again?.[0], {
      ...answer,
      dueInMs: again?.[0]?.kind === 'STORED' ? again[0].dueInMs : 0,
      lease: again?.[0]?.kind === 'STORED' ? again[0].lease : null,
    });
    const [second] = await this.scene.submit(task);
    assert.deepEqual(second, { kind: 'DUPLICATE', id: task.id });
  }

  async claim({ count, lapsed }: Extract<Step, { kind: 'claim' }>): Promise<void> {
    const ready = this.order.filter(
      (id) => this.row(id).state === 'READY' && rules.leased(this.row(id), '', now),
    );
    const session = lapsed ? { ...this.session, attachment: this.lapsed.attachment } : this.session;
    const leases = await this.scene.claim(session, count);
    assert.equal(leases.length, lapsed ? 0 : Math.min(count, ready.length));
    for (const lease of leases) {
      assert.ok(ready.includes(lease.taskId), 'claimed what was not READY');
      this.put(lease.taskId, rules.leased(this.row(lease.taskId), this.session.id, now));
      assert.equal(lease.leaseEpoch, this.row(lease.taskId).leaseEpoch);
      this.given.push({
        taskId: lease.taskId,
        leaseEpoch: lease.leaseEpoch,
        sessionId: this.session.id,
      });
    }
  }

  async outcome({
    pick: at,
    result,
    wait,
    tasks,
  }: Extract<Step, { kind: 'outcome' }>): Promise<void> {
    const lease = this.given[at % Math.max(1, this.given.length)];
    if (lease === undefined) return;
    const write = outcomeOf(lease, result, wait);
    const settled = rules.recorded(this.row(lease.taskId), write, now);
    const [answer] = await this.store.leases.record([write], { tasks });
    assert.equal(answer?.status, settled.status);
    assert.equal(answer?.state ?? null, settled.row?.state ?? null);
    const told = tasks && answer?.state === 'SUCCEEDED' && result === 'SUCCEEDED';
    assert.equal(answer?.task?.state ?? null, told ? 'SUCCEEDED' : null);
    // The clock of the database is not the model's: a retry is due a moment later in both.
    this.put(
      lease.taskId,
      settled.row && { ...settled.row, dueAt: Math.min(settled.row.dueAt, now) },
    );
  }

  async cancel({ pick: at }: Extract<Step, { kind: 'cancel' }>): Promise<void> {
    const id = this.order[at % Math.max(1, this.order.length)];
    if (id === undefined) return;
    const row = this.row(id);
    const result = await this.store.tasks.cancel(defaultNamespace, { ids: [id] }, 'why', 10);
    const next = rules.cancelled(row);
    const expected = isFinished(row.state)
      ? 'finished'
      : row.state === 'RUNNING'
        ? 'requested'
        : 'cancelled';
    assert.equal(result[expected].length, 1, `${row.state}: ${JSON.stringify(result)}`);
    this.put(id, next);
  }

  async giveBack({ pick: at, lapsed }: Extract<Step, { kind: 'giveBack' }>): Promise<void> {
    const lease = this.given[at % Math.max(1, this.given.length)];
    if (lease === undefined) return;
    const attachment = lapsed ? this.lapsed.attachment : this.session.attachment;
    const back = await this.store.leases.giveBack(this.session.id, attachment, [lease]);
    const isIts = !lapsed && this.row(lease.taskId).sessionId === this.session.id;
    const next = isIts ? rules.handedBack(this.row(lease.taskId), lease.leaseEpoch) : null;
    assert.equal(back.length, next ? 1 : 0, 'given back by a lapsed attachment, or not at all');
    this.put(lease.taskId, next);
  }

  /** The agent attaches again with all that it was ever given, but for some that never reached it. */
  async resume({ forget }: Extract<Step, { kind: 'resume' }>): Promise<void> {
    const own = this.given.filter(({ sessionId }) => sessionId === this.session.id);
    const inventory = own.filter((_, at) => forget === 0 || at % 3 !== forget - 1);
    const attached = await this.scene.attach(this.session, inventory);
    if (attached.kind !== 'ATTACHED') assert.fail('the session ended');
    const listed = (id: TaskId, epoch: number) =>
      inventory.some(({ taskId, leaseEpoch }) => taskId === id && leaseEpoch === epoch);
    for (const [id, row] of this.tasks) {
      if (row.state !== 'RUNNING' || row.sessionId !== this.session.id) continue;
      if (!listed(id, row.leaseEpoch)) this.put(id, rules.handedBack(row, row.leaseEpoch));
    }
    const kept = new Set<string>();
    for (const { taskId, leaseEpoch } of inventory) {
      const row = this.row(taskId);
      this.put(taskId, rules.takenUp(row, this.session.id, leaseEpoch));
      const stands = this.row(taskId);
      if (
        stands.state === 'RUNNING' &&
        stands.leaseEpoch === leaseEpoch &&
        stands.sessionId === this.session.id
      )
        kept.add(`${taskId} ${leaseEpoch}`);
    }
    assert.deepEqual(new Set(attached.kept.map((one) => `${one.taskId} ${one.leaseEpoch}`)), kept);
    for (const { taskId, leaseEpoch } of attached.recorded)
      assert.equal(this.row(taskId).endedEpoch, leaseEpoch);
    for (const { taskId, leaseEpoch } of attached.abandoned)
      assert.notEqual(this.row(taskId).endedEpoch, leaseEpoch);
    assert.equal(
      attached.kept.length + attached.recorded.length + attached.abandoned.length,
      new Set(inventory.map((one) => `${one.taskId} ${one.leaseEpoch}`)).size,
    );
  }

  async lose(): Promise<void> {
    const { id, attachment } = this.session;
    await this.store.sessions.detach(id, attachment, 0);
    assert.equal(await this.store.sessions.lose(id, attachment - 1), false);
    assert.equal(await this.store.sessions.lose(id, attachment), true);
    while ((await this.store.sessions.loseLeases(2)).length > 0);
    for (const [task, row] of this.tasks)
      if (row.sessionId === id) this.put(task, rules.lost(row, lossRules));
    this.session = await this.scene.session();
  }

  async close(): Promise<void> {
    const { id, attachment } = this.session;
    assert.equal((await this.store.sessions.close(id, attachment - 1)).length, 0);
    await this.store.sessions.close(id, attachment);
    for (const [task, row] of this.tasks)
      if (row.sessionId === id) this.put(task, rules.leftBehind(row, lossRules));
    this.session = await this.scene.session();
  }

  async promote(): Promise<void> {
    await sleep(2);
    await this.store.timers.promote(1_000);
    for (const [id, row] of this.tasks) this.put(id, rules.promoted(row, now));
  }

  async expire(): Promise<void> {
    await sleep(2);
    await this.store.timers.expire(1_000);
    for (const [id, row] of this.tasks) this.put(id, rules.expired(row, now));
  }

  async run(step: Step): Promise<void> {
    if (step.kind === 'submit') await this.submit(step);
    else if (step.kind === 'claim') await this.claim(step);
    else if (step.kind === 'outcome') await this.outcome(step);
    else if (step.kind === 'cancel') await this.cancel(step);
    else if (step.kind === 'giveBack') await this.giveBack(step);
    else if (step.kind === 'resume') await this.resume(step);
    else await this[step.kind]();
    if (step.kind === 'submit' && step.late) await sleep(2);
    await this.compare();
  }

  /** Every row stands as the rules say, once. */
  async compare(): Promise<void> {
    const rows = await this.read();
    assert.equal(rows.length, this.tasks.size);
    for (const row of rows) {
      const model = this.row(row.id);
      const expected = [
        model.state,
        model.attempt,
        model.failures,
        model.losses,
        model.leaseEpoch,
        model.endedEpoch,
        model.sessionId,
        model.cancelRequested,
        isFinished(model.state),
      ];
      assert.deepEqual(
        [
          row.state,
          row.attempt,
          row.failures,
          row.losses,
          row.leaseEpoch,
          row.endedEpoch,
          row.sessionId,
          row.cancelRequested,
          row.ended,
        ],
        expected,
      );
    }
  }

  async read() {
    const ids = [...this.tasks.keys()];
    const rows = await this.database.run<TaskColumns>(readSql, [uuids(ids)]);
    return rows.map((row) => ({ ...row, state: taskStates[row.state - 1] }));
  }

  row(id: TaskId): Standing {
    const row = this.tasks.get(id);
    if (row === undefined) throw new Error(`No task ${id}.`);
    return row;
  }

  isOpen(): boolean {
    return [...this.tasks.values()].some((row) => !isFinished(row.state));
  }

  /** What is left can be brought to its end. */
  async finish(): Promise<void> {
    for (let round = 0; round < 5 && this.isOpen(); round += 1) {
      await this.promote();
      await this.expire();
      await this.claim({ kind: 'claim', count: 100, lapsed: false });
      for (const [at, { taskId, leaseEpoch }] of this.given.entries())
        if (this.row(taskId).state === 'RUNNING' && this.row(taskId).leaseEpoch === leaseEpoch)
          await this.outcome({
            ...{ kind: 'outcome', pick: at, result: 'SUCCEEDED', wait: null, tasks: false },
          });
    }
    await this.compare();
    for (const row of this.tasks.values())
      assert.ok(isFinished(row.state), `without end: ${row.state}`);
  }
}

type TaskColumns = Omit<Standing, 'state' | 'dueAt' | 'deadlineAt' | 'expiresAt'> & {
  readonly id: TaskId;
  readonly state: number;
  readonly ended: boolean;
};

const readSql = statement(
  'test_read',
  `SELECT id, state, attempt, failures, losses, lease_epoch AS "leaseEpoch", ended_epoch AS "endedEpoch",
    session_id AS "sessionId", cancel_requested_at IS NOT NULL AS "cancelRequested", ended_at IS NOT NULL AS ended
  FROM tasks WHERE id = ANY($1::uuid[])`,
);
