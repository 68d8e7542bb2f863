/**
 * Random lives of tasks through the pure rules: submits, claims, cancels, retries, outcomes, lost and resumed sessions,
 * and messages that arrive late, twice, or about leases that have lapsed.
 *
 * A small world stands around the rules: agents that run what they were given, and the messages they have sent. What it
 * watches for: a step that is no edge, two recorded ends, an outcome of a lapsed lease that moves a row, a finished task
 * that changes, and a task that can no longer be brought to an end.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Cause, isAllowed, isFinished } from './lifecycle.ts';
import type { Standing } from './settlement.ts';
import * as rules from './settlement.ts';

type Rules = typeof rules;
type Event =
  | {
      readonly kind: 'submit';
      readonly eager: boolean;
      readonly delay: number;
      readonly ttl: number | null;
    }
  | { readonly kind: 'claim' | 'promote' | 'expire' | 'cancel'; readonly pick: number }
  | {
      readonly kind: 'outcome';
      readonly pick: number;
      readonly result: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED';
      readonly wait: number | null;
    }
  | { readonly kind: 'giveBack' | 'resume'; readonly pick: number }
  | { readonly kind: 'lose' }
  | { readonly kind: 'tick' };

const index = fc.nat(30);
const events: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('submit' as const),
    eager: fc.boolean(),
    delay: fc.constantFrom(0, 0, 3),
    ttl: fc.constantFrom(null, null, 1, 20),
  }),
  fc.record({
    kind: fc.constantFrom('claim', 'claim', 'promote', 'expire', 'cancel'),
    pick: index,
  }),
  fc.record({
    kind: fc.constant('outcome' as const),
    pick: index,
    result: fc.constantFrom('SUCCEEDED', 'FAILED', 'FAILED', 'CANCELLED', 'INTERRUPTED'),
    wait: fc.constantFrom(null, 0, 2),
  }),
  fc.record({ kind: fc.constantFrom('giveBack', 'resume'), pick: index }),
  fc.record({ kind: fc.constantFrom('lose', 'tick', 'tick') }),
);

const lossRules = { atMostOnce: false, lostAttemptsMax: 2 };

/** A lease as it was handed out: what its holder believes, whether or not it still stands. */
type Given = { readonly task: number; readonly epoch: number; readonly session: string };

class World {
  now = 100;
  session = 0;
  readonly tasks: Standing[] = [];
  readonly given: Given[] = [];
  readonly ends = new Map<number, number>();
  readonly movedEpochs = new Set<string>();
  readonly rules: Rules;

  constructor(chosen: Rules) {
    this.rules = chosen;
  }

  get sessionId(): string {
    return `session ${this.session}`;
  }

  /** Writes a row, if the rules say so, and checks the step. */
  write(task: number, next: Standing | null, cause: Cause): void {
    const row = this.tasks[task];
    if (row === undefined || next === null) return;
    assert.ok(!isFinished(row.state), `a finished task changed: ${row.state} → ${next.state}`);
    assert.ok(
      row.state === next.state || isAllowed(row.state, next.state, cause),
      `${row.state} → ${next.state} by ${cause}`,
    );
    const given = next.leaseEpoch - row.leaseEpoch;
    assert.equal(
      given,
      cause === 'LEASED' && next.sessionId === this.sessionId && given === 1 ? 1 : 0,
    );
    if (isFinished(next.state)) this.ends.set(task, (this.ends.get(task) ?? 0) + 1);
    this.tasks[task] = next;
    if (given === 1) this.given.push({ task, epoch: next.leaseEpoch, session: this.sessionId });
  }

  submit({ eager, delay, ttl }: Extract<Event, { kind: 'submit' }>): void {
    const dueAt = this.now + delay;
    const times = { dueAt, deadlineAt: null, expiresAt: ttl === null ? null : dueAt + ttl };
    const row = this.rules.submitted(times, eager ? this.sessionId : null, this.now);
    assert.ok(isAllowed(null, row.state, 'SUBMITTED'));
    this.tasks.push(row);
    if (row.state === 'RUNNING')
      this.given.push({ task: this.tasks.length - 1, epoch: 1, session: this.sessionId });
  }

  outcome(
    lease: Given,
    result: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED',
    wait: number | null,
  ): void {
    const row = this.tasks[lease.task];
    if (row === undefined) return;
    const write = {
      leaseEpoch: lease.epoch,
      result,
      retryDelayMs: result === 'FAILED' ? wait : null,
    };
    const settled = this.rules.recorded(row, write, this.now);
    if (settled.row === null) {
      const known = this.movedEpochs.has(`${lease.task} ${lease.epoch}`);
      // Only the last recorded epoch is remembered: an older one is STALE, a newer one never RECORDED unseen.
      if (settled.status === 'RECORDED') assert.ok(known, 'RECORDED, but never written');
      return;
    }
    const key = `${lease.task} ${lease.epoch}`;
    assert.ok(!this.movedEpochs.has(key), 'one lease has two recorded outcomes');
    assert.equal(row.leaseEpoch, lease.epoch, 'the outcome of a lapsed lease moved the row');
    assert.equal(row.sessionId, lease.session);
    this.movedEpochs.add(key);
    this.write(lease.task, settled.row, 'OUTCOME');
  }

  lose(): void {
    for (const [task, row] of this.tasks.entries())
      if (row.sessionId === this.sessionId)
        this.write(task, this.rules.lost(row, lossRules), 'SESSION_LOST');
    this.session += 1;
  }

  /** The agent attaches again with what it believes to hold; of the old attachment nothing is taken any more. */
  resume(lease: Given): void {
    const row = this.tasks[lease.task];
    if (row === undefined || lease.session !== this.sessionId) return;
    this.write(lease.task, this.rules.takenUp(row, lease.session, lease.epoch), 'LEASED');
  }

  run(event: Event): void {
    if (event.kind === 'submit') this.submit(event);
    else if (event.kind === 'lose') this.lose();
    else if (event.kind === 'tick') this.now += 1;
    else if (event.kind === 'outcome' || event.kind === 'resume' || event.kind === 'giveBack')
      this.runOnLease(event, this.given[event.pick % Math.max(1, this.given.length)]);
    else this.runOnTask(event.kind, event.pick % Math.max(1, this.tasks.length));
  }

  runOnLease(
    event: Extract<Event, { kind: 'outcome' | 'resume' | 'giveBack' }>,
    lease: Given | undefined,
  ): void {
    if (lease === undefined) return;
    if (event.kind === 'outcome') this.outcome(lease, event.result, event.wait);
    else if (event.kind === 'resume') this.resume(lease);
    else this.giveBack(lease);
  }

  runOnTask(kind: 'claim' | 'promote' | 'expire' | 'cancel', task: number): void {
    const row = this.tasks[task];
    if (row === undefined) return;
    const { now, sessionId } = this;
    if (kind === 'claim') this.write(task, this.rules.leased(row, sessionId, now), 'LEASED');
    if (kind === 'promote') this.write(task, this.rules.promoted(row, now), 'DUE');
    if (kind === 'expire') this.write(task, this.rules.expired(row, now), 'TOO_LATE');
    if (kind === 'cancel') this.write(task, this.rules.cancelled(row), 'CANCELLED');
  }

  giveBack(lease: Given): void {
    const row = this.tasks[lease.task];
    if (row === undefined) return;
    const next = this.rules.handedBack(row, lease.epoch);
    if (next) assert.equal(row.leaseEpoch, lease.epoch, 'a lapsed lease was given back');
    this.write(lease.task, next, 'HANDED_BACK');
  }

  /** Every task can be brought to its end, and has exactly one. */
  finish(): void {
    this.now += 1_000;
    for (const task of this.tasks.keys()) {
      for (let round = 0; round < 4; round += 1) {
        this.run({ kind: 'promote', pick: task });
        this.run({ kind: 'expire', pick: task });
        this.run({ kind: 'claim', pick: task });
        const row = this.tasks[task];
        if (row?.state !== 'RUNNING') continue;
        this.outcome(
          { task, epoch: row.leaseEpoch, session: row.sessionId ?? '' },
          'SUCCEEDED',
          null,
        );
      }
    }
    for (const [task, row] of this.tasks.entries()) {
      assert.ok(isFinished(row.state), `without end: ${row.state}`);
      assert.equal(this.ends.get(task), 1, 'one recorded end');
    }
  }
}

function live(chosen: Rules, numRuns: number): void {
  const history = fc.array(events, { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(history, (steps) => {
      const world = new World(chosen);
      for (const step of steps) world.run(step);
      world.finish();
    }),
    { numRuns },
  );
}

/** The failure of a property names its cause: an assertion that did not hold. */
function foundByAssertion(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof assert.AssertionError;
}

describe('random lives of tasks', () => {
  test('end once each, over 3,000 runs of 50 steps', () => {
    live(rules, 3_000);
  });

  test('do not, without the epoch guard of outcomes: the property can fail', () => {
    const broken = {
      ...rules,
      recorded: (row: Standing, write: Parameters<Rules['recorded']>[1], now: number) =>
        rules.recorded(row, { ...write, leaseEpoch: row.leaseEpoch }, now),
    };
    assert.throws(() => live(broken, 3_000), foundByAssertion);
  });

  test('do not, without the guard of finished states: the property can fail', () => {
    const broken = {
      ...rules,
      recorded: (row: Standing, write: Parameters<Rules['recorded']>[1], now: number) =>
        rules.recorded({ ...row, state: 'RUNNING' }, write, now),
    };
    assert.throws(() => live(broken, 3_000), foundByAssertion);
  });
});
