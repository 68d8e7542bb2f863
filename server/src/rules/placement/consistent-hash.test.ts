/** Consistent hashing: keys stay, move no more than they must, and no agent is above the bound. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Candidate } from './candidate.ts';
import { asks, candidate, chiSquare, createBatches, fleet } from './scene.ts';

const keys = Array.from({ length: 10_000 }, (_, n) => `customer-${n}`);
const asked = keys.map((key) => ({ key, tiers: null }));
const slack = (loadSlack: number) => ({ name: 'CONSISTENT_HASH', loadSlack }) as const;

/** Where each key is when no bound keeps it from its owner. */
const ownersAmong = (candidates: readonly Candidate[]) => allAmong(candidates, 1e9);
/** Where each key is when all of them run at once. */
const allAmong = (candidates: readonly Candidate[], loadSlack: number) =>
  createBatches(slack(loadSlack)).next(candidates, asked);
const movedBetween = (before: readonly unknown[], after: readonly unknown[]) =>
  keys.flatMap((_, n) => (before[n] === after[n] ? [] : [n]));

describe('CONSISTENT_HASH', () => {
  it('gives each agent as many keys as the others: chi-square of 9 degrees below 27.88, which one of 1,000 exceeds', () => {
    const owners = ownersAmong(fleet(10));
    const counts = fleet(10).map(
      ({ agentId }) => owners.filter((owner) => owner === agentId).length,
    );
    assert.ok(chiSquare(counts, Array(10).fill(1_000)) < 27.88, `${counts}`);
  });

  it('moves the keys of an agent that leaves, and no others, evenly to all that stay', () => {
    const before = ownersAmong(fleet(10));
    const after = ownersAmong(fleet(10).filter((_, n) => n !== 3));
    const moved = movedBetween(before, after);
    assert.deepEqual(
      moved,
      keys.flatMap((_, n) => (before[n] === 'agent-3' ? [n] : [])),
    );
    const heirs = Map.groupBy(moved, (n) => after[n]);
    const counts = [...heirs.values()].map(({ length }) => length);
    // Eight degrees: one of 1,000 exceeds 26.12.
    assert.ok(chiSquare(counts, Array(9).fill(moved.length / 9)) < 26.12, `${counts}`);
  });

  it('moves no more than one of N keys when an agent joins, all of them to it', () => {
    const before = ownersAmong(fleet(10));
    const after = ownersAmong(fleet(11));
    const moved = movedBetween(before, after);
    assert.ok(moved.length > 0 && moved.length <= keys.length / 10, `${moved.length} keys`);
    for (const n of moved) assert.equal(after[n], 'agent-10');
  });

  it('under a bound moves besides only keys that it keeps from their owners', () => {
    const [ten, eleven] = [fleet(10), fleet(11)];
    const [owned, ownedAfter] = [ownersAmong(ten), ownersAmong(eleven)];
    for (const [loadSlack, besidesMax] of [
      [0.25, 0.005],
      [0.01, 0.1],
    ] as const) {
      const [before, after] = [allAmong(ten, loadSlack), allAmong(eleven, loadSlack)];
      const kept = new Set([...movedBetween(owned, before), ...movedBetween(ownedAfter, after)]);
      const moved = movedBetween(before, after);
      const besides = moved.filter((n) => owned[n] === ownedAfter[n]);
      assert.ok(besides.every((n) => kept.has(n)));
      assert.ok(besides.length > 0 && besides.length <= keys.length * besidesMax);
      assert.ok(moved.length <= keys.length * (1 / 10 + besidesMax), `${moved.length} keys`);
    }
  });

  it('puts nobody above the average and the slack, rounded up, however the load was before', () => {
    const loads = fc.array(fc.nat(30), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(loads, fc.constantFrom(0.01, 0.25, 1), fc.nat(200), (busy, loadSlack, tasks) => {
        const candidates = fleet(busy.length).map((one, n) => ({ ...one, busy: busy[n] ?? 0 }));
        const batch = Array.from({ length: tasks }, (_, n) => ({ key: `k${n % 7}`, tiers: null }));
        const chosen = createBatches(slack(loadSlack)).next(candidates, batch);
        const loadOf = new Map(candidates.map((one) => [one.agentId, one.busy]));
        let all = busy.reduce((sum, n) => sum + n, 0);
        for (const id of chosen) {
          all += 1;
          const load = (loadOf.get(id) ?? 0) + 1;
          assert.ok(load <= Math.ceil(((1 + loadSlack) * all) / busy.length), `${load} of ${all}`);
          loadOf.set(id, load);
        }
      }),
    );
  });

  it('waits for the owner within the bound that has no free slot, and passes over one above the bound', () => {
    const [owner = ''] = createBatches(slack(0.25)).next(fleet(4), asks(1, 'k'));
    const withOwner = (changes: Partial<Candidate>, others: Partial<Candidate>) =>
      fleet(4).map((one) => ({ ...one, ...(one.agentId === owner ? changes : others) }));
    const batches = createBatches(slack(0.25));
    const waiting = withOwner({ slots: 2, busy: 2 }, { busy: 2 });
    assert.deepEqual(batches.next(waiting, asks(1, 'k')), [`waits for ${owner}`]);
    const [other] = batches.next(withOwner({ busy: 3 }, { busy: 1 }), asks(1, 'k'));
    assert.notEqual(other, owner);
  });

  it('knows an agent by its id, so a restart moves nothing', () => {
    const restarted = fleet(10).map((one) => ({
      ...one,
      sessionId: candidate(`${one.agentId} again`).sessionId,
      joinedAt: 1_000 - one.joinedAt,
    }));
    assert.deepEqual(ownersAmong(restarted), ownersAmong(fleet(10)));
  });

  it('takes the one with a free slot of two agents with the same id', () => {
    const [one] = fleet(1, { slots: 2, busy: 2 });
    const other = candidate('agent-0', { sessionId: candidate('other').sessionId, busy: 2 });
    const batches = createBatches(slack(0.25));
    for (const both of [
      [one ?? other, other],
      [other, one ?? other],
    ])
      assert.deepEqual(batches.next(both, asks(1, 'k')), ['agent-0']);
  });

  it('sends a task without a key to the least loaded', () => {
    const candidates = [candidate('a', { slots: 4, busy: 2 }), candidate('b', { slots: 4 })];
    assert.deepEqual(createBatches(slack(0.25)).next(candidates, 2), ['b', 'b']);
  });
});
