// One short seed of the soak: three coordinators and three agents in which everything goes wrong for a quarter of a
// minute. Longer ones, by the hundred: `make soak`.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { nats } from '../../harness/nats.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres.ts';
import { seeded } from '../chance.ts';
import { type Play, playSeed, text } from './play/seed.ts';

const shortPlay: Play = {
  shape: { coordinators: 3, agents: 3, slots: 10 },
  trouble: { faultyMs: 13_000, everyMs: 2_000, lastsMaxMs: 8_500 },
};
const seedMax = 2 ** 31;

describe('a cluster [postgres]', { skip: nats.skip }, () => {
  let postgres: PostgresServer;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop('immediate'));

  it('keeps every promise while everything goes wrong', async () => {
    const seed = Math.floor(seeded('a cluster')() * seedMax);
    const steps: string[] = [];
    const result = await playSeed(postgres, seed, {
      ...shortPlay,
      say: (step) => steps.push(step),
    });
    const { breaches, complaints, faults, tasks, acknowledged } = result;
    const found = [...breaches.map(text), ...complaints];
    assert.deepEqual(found.slice(0, 10), [], `${steps.join('\n')}\nlogs: ${result.folder}`);
    assert.ok(
      faults.length >= 3 && acknowledged > 100,
      `${faults.length} faults, ${acknowledged} tasks`,
    );
    console.log(`seed ${seed}: ${faults.length} faults, ${tasks} tasks`);
  });
});
