// Simulated clusters from seeds: nothing that Muster promises is broken, and each known bug is found.
// A seed that fails is repeated with the command that its failure tells.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulateApart } from './apart.ts';
import type { Bug } from './cluster/bugs.ts';

const busy = Array.from({ length: 12 }, (_, n) => ['busy', 1 + n] as const);
const long = [1, 2, 3].map((seed) => ['long', seed] as const);
const hoursMin = 10_000;
const bugs: readonly Bug[] = ['no attachment check', 'no silence rule', 'no inventory verdict'];

describe('a simulated cluster', () => {
  it(`keeps every promise over ${hoursMin} session-hours`, {
    timeout: 300_000,
  }, async (context) => {
    let hours = 0;
    let moved = 0;
    for (const { broken, kind, seed, sessionHours, moves } of await simulateApart({
      runs: [...busy, ...long],
    })) {
      const again = `Again: node test/simulation/main.ts ${kind} ${seed}`;
      assert.deepEqual(broken, [], `${broken.join('\n')}\n${again}`);
      hours += sessionHours;
      moved += moves;
    }
    context.diagnostic(`${Math.floor(hours)} session-hours`);
    assert.ok(moved > 0, 'no agent was asked to move');
    assert.ok(hours >= hoursMin, `only ${hours} session-hours were simulated`);
  });

  for (const bug of bugs)
    it(`fails with ${bug}`, { timeout: 120_000 }, async () => {
      const told = await simulateApart({ runs: busy, bug });
      const found = told.flatMap(({ broken }) => broken);
      assert.ok(found.length > 0, `no broken promise was found in ${told.length} seeds`);
    });
});
