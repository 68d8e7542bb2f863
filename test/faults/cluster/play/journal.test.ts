import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultReach, type Hit, isExcused } from './journal.ts';

const reach = { ...defaultReach, coordinators: 3 };
const excused = (hits: readonly Hit[], lostAt: number) =>
  isExcused(hits, 'agent-1.3', lostAt, reach);

describe('the loss of an agent', () => {
  it('needs an excuse', () => {
    assert.equal(excused([], 10_000), false);
    assert.equal(excused([{ from: 0, to: 9_000, agent: 2 }], 10_000), false, "another's");
  });

  it('is excused by its own death, and by a standstill that lasted', () => {
    const death = { from: 0, to: Infinity, agent: 1 };
    assert.equal(excused([{ ...death, agentId: 'agent-1.3' }], 8_000), true);
    assert.equal(excused([{ ...death, agentId: 'agent-1.2' }], 8_000), false, 'of an earlier life');
    assert.equal(excused([{ from: 0, to: 8_000, agent: 1 }], 8_000), true);
    assert.equal(excused([{ from: 0, to: 3_000, agent: 1 }], 8_000), false, 'too short');
    assert.equal(excused([{ from: 0, to: 8_000, agent: 1 }], 30_000), false, 'long over');
    assert.equal(excused([{ from: 9_000, to: 30_000, agent: 1 }], 8_000), false, 'not yet begun');
  });

  it('is excused by coordinators only if it reached at most one of them', () => {
    const away = (coordinator: number, from: number, to: number) => ({ coordinator, from, to });
    assert.equal(excused([away(0, 0, 20_000)], 10_000), false);
    assert.equal(excused([away(0, 0, 20_000), away(1, 3_000, 20_000)], 10_000), true);
    assert.equal(excused([away(0, 0, 4_000), away(1, 4_000, 8_000)], 10_000), false, 'in turn');
  });

  it('is excused by several hits that follow each other without a gap', () => {
    const hits = [
      { from: 0, to: 3_000, agent: 1 },
      { from: 2_000, to: 5_000, agent: 1 },
    ];
    assert.equal(excused(hits, 9_000), true);
  });
});
