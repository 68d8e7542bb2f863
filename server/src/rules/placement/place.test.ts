/** Placing: what holds for every strategy, names, tiers, and what is remembered. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { placementLimits } from './limits.ts';
import { place, type StrategyState } from './place.ts';
import { asks, candidate, createBatches, fleet, seeded, told } from './scene.ts';
import { type Strategy, strategyFault, strategyNamed, strategyNames } from './strategy.ts';

/** Each strategy, as its owner would set it. */
const strategies: readonly Strategy[] = strategyNames.map((name) => {
  switch (name) {
    case 'CONSISTENT_HASH':
      return { name, loadSlack: placementLimits.loadSlackDefault };
    case 'FAILOVER':
      return { name, order: ['agent-2', 'gone'], waits: true };
    case 'BUSY_OVER':
      return { name, order: [] };
    default:
      return { name };
  }
});

const full = { slots: 3, busy: 3 };
const anyFleet = fc
  .array(fc.record({ slots: fc.nat(4), busy: fc.nat(5) }), { minLength: 1, maxLength: 8 })
  .map((loads) => fleet(loads.length).map((one, n) => ({ ...one, ...loads[n] })));
const anyAsks = fc.array(
  fc.record({ key: fc.constantFrom(null, 'k', 'l', '__proto__'), tiers: fc.constant(null) }),
  { maxLength: 30 },
);

describe('every strategy', () => {
  it('chooses only where a slot is free, and waits only for one that is full', () => {
    fc.assert(
      fc.property(
        ...[fc.constantFrom(...strategies), anyFleet, anyAsks, fc.nat()],
        (strategy, candidates, batch, seed) => {
          const { choices } = place(strategy, candidates, null, batch, seeded(seed));
          const busy = new Map(candidates.map((one) => [one.sessionId, one.busy]));
          assert.equal(choices.length, batch.length);
          for (const choice of choices) {
            if (!('candidate' in choice)) continue;
            const { sessionId, slots } = choice.candidate;
            const taken = busy.get(sessionId) ?? 0;
            assert.equal(taken < slots, choice.kind === 'CHOSEN', strategy.name);
            if (choice.kind === 'CHOSEN') busy.set(sessionId, taken + 1);
          }
        },
      ),
    );
  });

  it('chooses somebody while a slot is free, unless it is bound to one or wants an idle one', () => {
    const bound = ['CONSISTENT_HASH', 'STICKY', 'FIRST', 'LAST', 'FAILOVER', 'BUSY_OVER'];
    const free = strategies.filter(({ name }) => !bound.includes(name));
    fc.assert(
      fc.property(fc.constantFrom(...free), anyFleet, (strategy, candidates) => {
        const room = candidates.reduce((sum, one) => sum + Math.max(0, one.slots - one.busy), 0);
        const chosen = createBatches(strategy).next(candidates, room + 1);
        assert.deepEqual(
          chosen.map((text) => text === 'ALL_BUSY'),
          Array.from({ length: room + 1 }, (_, n) => n === room),
          strategy.name,
        );
      }),
    );
  });

  it('decides one by one as it does in a batch', () => {
    for (const strategy of strategies) {
      const [single, batch] = [createBatches(strategy), createBatches(strategy)];
      let candidates = fleet(5, { slots: 20 });
      const chosen = Array.from({ length: 40 }, (_, n) => {
        const [text = ''] = single.next(candidates, asks(1, `k${n % 9}`));
        candidates = candidates.map((one) =>
          one.agentId === text ? { ...one, busy: one.busy + 1 } : one,
        );
        return text;
      });
      const keyed = chosen.map((_, n) => ({ key: `k${n % 9}`, tiers: null }));
      assert.deepEqual(batch.next(fleet(5, { slots: 20 }), keyed), chosen, strategy.name);
      assert.deepEqual(batch.state(), single.state(), strategy.name);
    }
  });

  it('says whether there is nobody, or nobody who is free', () => {
    for (const strategy of strategies) {
      const batches = createBatches(strategy);
      assert.deepEqual(batches.next([], asks(1, 'k')), ['NOBODY']);
      assert.deepEqual(batches.next(fleet(1), [{ key: 'k', tiers: [] }]), ['NOBODY']);
      const [text] = batches.next(fleet(1, full), asks(1, 'new'));
      const waits = ['CONSISTENT_HASH', 'FIRST', 'LAST', 'FAILOVER'].includes(strategy.name);
      assert.equal(text, waits ? 'waits for agent-0' : 'ALL_BUSY', strategy.name);
    }
  });
});

describe('tiers', () => {
  const [best, good, bad] = [candidate('best', { slots: 1 }), candidate('good'), candidate('bad')];
  const tiers = [[best], [good], []];

  it('are tried from the best one on, and those who are in none are not chosen', () => {
    const batch = Array.from({ length: 3 }, () => ({ key: null, tiers }));
    assert.deepEqual(createBatches({ name: 'RANDOM' }).next([best, good, bad], batch), [
      ...['best', 'good', 'good'],
    ]);
  });

  it('do not bring back who is not there any more', () => {
    assert.deepEqual(createBatches({ name: 'FIRST' }).next([good, bad], [{ key: null, tiers }]), [
      'good',
    ]);
  });

  it('end at the one to which a task is bound', () => {
    const candidates = [{ ...best, busy: 1 }, good];
    assert.deepEqual(createBatches({ name: 'FIRST' }).next(candidates, [{ key: null, tiers }]), [
      'waits for best',
    ]);
  });
});

describe('the state', () => {
  /** What each strategy remembers after a few tasks. */
  const states = strategies.map(
    (strategy) => place(strategy, fleet(3), null, asks(4, 'k'), seeded(1)).state,
  );

  it('of another strategy counts as none', () => {
    for (const strategy of strategies)
      for (const state of states.filter((other) => other?.strategy !== strategy.name)) {
        const run = (from: StrategyState | null) =>
          place(strategy, fleet(3), from, asks(5, 'k'), seeded(1));
        assert.deepEqual(run(state), run(null), `${strategy.name} after ${state?.strategy}`);
      }
  });

  it('is kept by those that remember, and by no others', () => {
    const names = states.flatMap((state) => state?.strategy ?? []);
    assert.deepEqual(names, [
      ...['ROUND_ROBIN', 'WEIGHTED_ROUND_ROBIN', 'STICKY'],
      ...['LEAST_RECENTLY_USED', 'LEAST_FREQUENTLY_USED'],
    ]);
  });

  it('forgets sessions that have gone, however many come and go', () => {
    for (const strategy of strategies) {
      const batches = createBatches(strategy);
      for (let day = 0; day < 50; day += 1) {
        const today = fleet(5).map((one) => candidate(`${one.agentId} of day ${day}`));
        batches.next(today, asks(10));
        assert.ok((batches.state()?.numbers.length ?? 0) <= 5, strategy.name);
      }
    }
  });

  it('holds no more than so many agents, beyond which chance decides', () => {
    const { agentsMax } = placementLimits;
    for (const strategy of strategies) {
      const batches = createBatches(strategy);
      batches.next(fleet(agentsMax), asks(agentsMax));
      const chosen = batches.next(fleet(agentsMax + 1), asks(20));
      assert.ok((batches.state()?.numbers.length ?? 0) <= 1, strategy.name);
      if (/WEIGHTED_ROUND|USED/.test(strategy.name)) assert.ok(new Set(chosen).size > 15);
    }
  });

  it('of what was only waited for stays as it was', () => {
    const sticky = createBatches({ name: 'STICKY' });
    sticky.next(fleet(1), [...asks(1, 'k'), ...asks(1, 'l')]);
    const before = sticky.state();
    assert.deepEqual(sticky.next(fleet(1, full), asks(1, 'k')), ['waits for agent-0']);
    assert.deepEqual(sticky.state(), before);
  });
});

describe('a strategy', () => {
  it('is known by its own name and by that of XXL-JOB', () => {
    for (const name of strategyNames) assert.equal(strategyNamed(name), name);
    const routes = {
      ...{ FIRST: 'FIRST', LAST: 'LAST', ROUND: 'ROUND_ROBIN', RANDOM: 'RANDOM' },
      ...{ CONSISTENT_HASH: 'CONSISTENT_HASH', LEAST_FREQUENTLY_USED: 'LEAST_FREQUENTLY_USED' },
      ...{ LEAST_RECENTLY_USED: 'LEAST_RECENTLY_USED', FAILOVER: 'FAILOVER' },
      ...{ BUSYOVER: 'BUSY_OVER', SHARDING_BROADCAST: 'BROADCAST' },
    };
    assert.equal(Object.keys(routes).length, 10);
    for (const [route, name] of Object.entries(routes)) assert.equal(strategyNamed(route), name);
    assert.equal(strategyNamed('BROADCAST'), 'BROADCAST');
    for (const text of ['', 'round', 'toString', '__proto__'])
      assert.equal(strategyNamed(text), null);
  });

  it('with settings beyond its limits has a fault', () => {
    for (const strategy of strategies) assert.equal(strategyFault(strategy), null);
    for (const loadSlack of [0, -1, 11, Number.NaN, Number.POSITIVE_INFINITY])
      assert.match(strategyFault({ name: 'CONSISTENT_HASH', loadSlack }) ?? '', /from 0.01 to 10/);
    const order = Array.from({ length: 101 }, (_, n) => `agent-${n}`);
    assert.match(strategyFault({ name: 'BUSY_OVER', order }) ?? '', /101 agents; at most 100/);
    assert.match(strategyFault({ name: 'FAILOVER', order, waits: true }) ?? '', /at most 100/);
  });
});

describe('a choice', () => {
  it('names the candidate as it was given', () => {
    const [only] = fleet(1);
    const { choices } = place({ name: 'FIRST' }, only ? [only] : [], null, asks(2), seeded(1));
    for (const choice of choices) assert.ok('candidate' in choice && choice.candidate === only);
    assert.deepEqual(choices.map(told), ['agent-0', 'agent-0']);
  });
});
