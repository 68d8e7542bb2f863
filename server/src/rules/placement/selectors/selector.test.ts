/** Selectors: which labels meet which terms, who comes first, and what is in the way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matches, meets, type Selector, scoreOf, type Term, tiersOf, unmetBy } from './selector.ts';

const zone = (value: string): Term => ({ label: 'zone', operator: 'EQUALS', value });
const nobody: ReadonlySet<string> = new Set();
const agent = (agentId: string, labels: Readonly<Record<string, string>>) => ({ agentId, labels });
const selectorWith = (changes: Partial<Selector>): Selector => ({
  ...{ require: [], prefer: [], avoidEarlierAgents: null },
  ...changes,
});

describe('a term', () => {
  const label = 'x';
  /** Values of the label that meet the term, and values that do not; null: there is no such label. */
  const table: readonly [Term, readonly (string | null)[], readonly (string | null)[]][] = [
    [{ label, operator: 'EQUALS', value: '2' }, ['2'], ['2.0', '', null]],
    [{ label, operator: 'EQUALS', value: '' }, [''], ['2', null]],
    [{ label, operator: 'NOT_EQUALS', value: '2' }, ['2.0', '', null], ['2']],
    [{ label, operator: 'IN', values: ['a', 'b'] }, ['a', 'b'], ['c', 'A', '', null]],
    [{ label, operator: 'NOT_IN', values: ['a', 'b'] }, ['c', 'A', '', null], ['a', 'b']],
    [{ label, operator: 'EXISTS' }, ['a', ''], [null]],
    [{ label, operator: 'NOT_EXISTS' }, [null], ['a', '']],
    [{ label, operator: 'GREATER', number: 2 }, ['2.5', '10', '003'], ['2', '-3', '2.0', null]],
    [{ label, operator: 'AT_LEAST', number: 2 }, ['2', '2.0', '10'], ['1.9', '-2', null]],
    [{ label, operator: 'LESS', number: 2 }, ['1.9', '-10', '0'], ['2', '10', null]],
    [{ label, operator: 'AT_MOST', number: 2 }, ['2', '-10', '002'], ['2.1', '10', null]],
    [
      { label, operator: 'AT_LEAST', number: -1e9 },
      ['0', '-5'],
      ['', ' 1', '1 ', '1e3', '0x10', '+1', '.5', '1.', '1,5', '64Gi', 'Infinity', 'NaN', '٣'],
    ],
  ];

  for (const [term, met, unmet] of table)
    it(`${term.operator} is met by ${met.map((value) => JSON.stringify(value)).join(', ')}`, () => {
      const labelsWith = (value: string | null) => (value === null ? { y: '2' } : { x: value });
      for (const value of met) assert.ok(meets(labelsWith(value), term), `${value}`);
      for (const value of unmet) assert.ok(!meets(labelsWith(value), term), `${value}`);
    });

  it('sees only labels that an agent carries itself', () => {
    assert.ok(!meets({}, { label: 'constructor', operator: 'EXISTS' }));
  });
});

describe('an agent', () => {
  const selector = selectorWith({ require: [zone('a'), { label: 'gpu', operator: 'EXISTS' }] });

  it('matches when it meets all requirements', () => {
    assert.ok(matches(selector, agent('n1', { zone: 'a', gpu: '' }), nobody));
    assert.ok(!matches(selector, agent('n1', { zone: 'a' }), nobody));
    assert.ok(matches(selectorWith({}), agent('n1', {}), nobody));
  });

  it('of an earlier attempt does not match only where that is required', () => {
    const earlier = new Set(['n1']);
    const one = agent('n1', {});
    assert.ok(!matches(selectorWith({ avoidEarlierAgents: 'REQUIRED' }), one, earlier));
    assert.ok(matches(selectorWith({ avoidEarlierAgents: 'REQUIRED' }), one, nobody));
    assert.ok(matches(selectorWith({ avoidEarlierAgents: 'PREFERRED' }), one, earlier));
    assert.ok(matches(selectorWith({}), one, earlier));
  });
});

describe('an explanation', () => {
  it('counts by how many agents each requirement is not met, most first', () => {
    const selector = selectorWith({
      require: [
        zone('a'),
        { label: 'gpu', operator: 'EXISTS' },
        { label: 'os', operator: 'EXISTS' },
      ],
      avoidEarlierAgents: 'REQUIRED',
    });
    const agents = [
      agent('n1', { zone: 'a', os: 'linux' }),
      agent('n2', { zone: 'b', os: 'linux' }),
      agent('n3', { zone: 'a', os: 'linux', gpu: '1' }),
    ];
    assert.deepEqual(unmetBy(selector, agents, new Set(['n3'])), [
      { requirement: 1, agents: 2 },
      { requirement: 0, agents: 1 },
      { requirement: 'avoidEarlierAgents', agents: 1 },
    ]);
    assert.deepEqual(unmetBy(selectorWith({}), agents, new Set(['n3'])), []);
  });
});

describe('preferences', () => {
  const prefer = [
    { term: zone('a'), weight: 10 },
    { term: { label: 'ssd', operator: 'EXISTS' } as const, weight: 5 },
  ];
  const idsOf = (selector: Selector, agents: ReturnType<typeof agent>[], earlier = nobody) =>
    tiersOf(selector, agents, earlier).map((tier) => tier.map(({ agentId }) => agentId));

  it('add up to a score', () => {
    assert.equal(scoreOf({ prefer }, { zone: 'a', ssd: '' }), 15);
    assert.equal(scoreOf({ prefer }, { zone: 'b', ssd: '' }), 5);
    assert.equal(scoreOf({ prefer }, {}), 0);
  });

  it('put agents into tiers, and those that do not match into none', () => {
    const selector = selectorWith({ require: [{ label: 'old', operator: 'NOT_EXISTS' }], prefer });
    const agents = [
      ...[agent('n1', {}), agent('n2', { zone: 'a' }), agent('n3', { zone: 'a', ssd: '' })],
      ...[agent('n4', { zone: 'a' }), agent('n5', { zone: 'a', ssd: '', old: '' })],
    ];
    assert.deepEqual(idsOf(selector, agents), [['n3'], ['n2', 'n4'], ['n1']]);
    assert.deepEqual(idsOf(selectorWith({}), agents.slice(0, 2)), [['n1', 'n2']]);
    assert.deepEqual(idsOf(selector, []), []);
  });

  it('never make up for an earlier attempt that is to be avoided', () => {
    const heaviest = Array.from({ length: 16 }, () => ({ term: zone('a'), weight: 100 }));
    const selector = selectorWith({ prefer: heaviest, avoidEarlierAgents: 'PREFERRED' });
    const agents = [agent('n1', { zone: 'a' }), agent('n2', {}), agent('n3', {})];
    assert.deepEqual(idsOf(selector, agents, new Set(['n1', 'n3'])), [['n2'], ['n1'], ['n3']]);
  });

  it('keep every agent that matches, once', () => {
    const labels = fc.dictionary(fc.constantFrom('zone', 'ssd'), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(fc.array(labels), (all) => {
        const agents = all.map((own, n) => agent(`n${n}`, own));
        const selector = selectorWith({ require: [zone('a')], prefer });
        const tiers = tiersOf(selector, agents, nobody);
        const scores = tiers.map(
          (tier) => new Set(tier.map((one) => scoreOf(selector, one.labels))),
        );
        for (const [n, own] of scores.entries()) {
          assert.equal(own.size, 1);
          assert.ok(n === 0 || Math.max(...own) < Math.min(...(scores[n - 1] ?? [])));
        }
        assert.deepEqual(
          new Set(tiers.flat()),
          new Set(agents.filter((one) => matches(selector, one, nobody))),
        );
        assert.equal(tiers.flat().length, new Set(tiers.flat()).size);
      }),
    );
  });
});
