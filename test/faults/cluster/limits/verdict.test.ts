// The verdict on limits finds what it is there to find.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bound, RateBound } from './bounds.ts';
import type { Step } from './ledger.ts';
import { judgeLedger, unreached } from './verdict.ts';

const one: Bound = { name: 'one', max: 1, handlers: ['a', 'b'], eachKey: false };
const each: Bound = { name: 'each', max: 1, handlers: ['k'], eachKey: true };
const rate: RateBound = { handler: 'r', count: 10, burst: 2 };

type Told = readonly [taskId: string, ...states: string[]];

/** Steps of tasks, each in a transaction of its own; a name in brackets is of the transaction before. */
function stepsOf(...told: readonly Told[]): readonly Step[] {
  let transaction = 0;
  const stands = new Map<string, string>();
  return told.flatMap(([name, ...states]) =>
    states.map((after): Step => {
      const isSame = name.startsWith('(');
      const taskId = name.replace(/[()]/g, '');
      if (!isSame) transaction += 1;
      const [handler = '', key = null] = taskId.split(/[0-9:]/);
      const before = stands.get(taskId) ?? null;
      stands.set(taskId, after);
      const times = { leaseEpoch: 1, leasedAt: 0 };
      return { transaction: String(transaction), taskId, handler, key, before, after, ...times };
    }),
  );
}

const faultsOf = (steps: readonly Step[]) => judgeLedger(steps, [one, each], rate).faults;

describe('limits on leases', () => {
  const [begins, ends] = [['WAITING', 'RUNNING'], ['SUCCEEDED']] as const;

  it('are kept by leases that follow each other', () => {
    const steps = stepsOf(
      ['a1', ...begins],
      ['b2', 'WAITING'],
      ['a1', ...ends],
      ['b2', 'RUNNING', ...ends],
    );
    const verdict = judgeLedger(steps, [one], rate);
    assert.deepEqual(verdict.faults, []);
    assert.deepEqual(
      verdict.seen.map(({ most, fullCommits }) => [most, fullCommits]),
      [[1, 1]],
    );
    assert.deepEqual(unreached(verdict, rate), ['rate']);
  });

  it('are broken by two at once, of whichever handlers', () => {
    const steps = stepsOf(['a1', ...begins], ['b2', ...begins], ['a1', ...ends], ['b2', ...ends]);
    assert.match(faultsOf(steps).join(), /one : 2 leases at once under a limit of 1/);
  });

  it('are of each key', () => {
    const pair = (key: string) => stepsOf(['k:x', ...begins], [`k:${key}`, ...begins]);
    const ended = (steps: readonly Step[]) =>
      faultsOf(steps).filter((fault) => !/ended/.test(fault));
    assert.deepEqual(ended(pair('y')), []);
    assert.match(ended(pair('x2')).join(), /each x: 2 leases/);
  });

  it('hold for what a transaction leaves', () => {
    const steps = stepsOf(['a1', ...begins], ['b2', ...begins], ['(a1)', ...ends], ['b2', ...ends]);
    assert.deepEqual(faultsOf(steps), []);
  });
});

describe('a rate', () => {
  const steps = (...times: readonly number[]) =>
    times.flatMap((leasedAt, n) =>
      stepsOf([`r${n}`, 'WAITING', 'RUNNING', 'SUCCEEDED']).map((step) => ({ ...step, leasedAt })),
    );

  it('allows the burst and what a window brings', () => {
    const verdict = judgeLedger(steps(0, 0, 100, 200, 1_000, 1_000), [], rate);
    assert.deepEqual([verdict.faults, verdict.rate], [[], { handOvers: 6, most: 2 }]);
    assert.deepEqual(unreached(verdict, rate), []);
  });

  it('allows no more, in any window', () => {
    assert.match(faultsOf(steps(0, 0, 99)).join(), /2.010 were handed over beyond 10/);
    assert.match(faultsOf(steps(0, 5_000, 5_050, 5_060)).join(), /beyond/);
  });
});

describe('a task', () => {
  it('ends once', () => {
    assert.match(faultsOf(stepsOf(['x1', 'READY', 'RUNNING'])).join(), /ended 0 times/);
    const twice = stepsOf(['x1', 'READY', 'RUNNING', 'FAILED', 'READY', 'RUNNING', 'FAILED']);
    assert.match(faultsOf(twice).join(), /ended 2 times/);
  });

  it('makes no step that was not written down', () => {
    const steps = stepsOf(['x1', 'READY', 'RUNNING', 'FAILED']);
    assert.match(faultsOf(steps.toSpliced(1, 1)).join(), /was READY, and became FAILED as RUNNING/);
  });
});
