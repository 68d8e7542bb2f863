// Limits over two real coordinators that are really killed, and agents too: by the database's own history never more leases
// than allowed. `make soak STORY=limits` plays the same for minutes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../harness/eventually.ts';
import { nats } from '../../harness/nats.ts';
import { startPostgres } from '../../harness/postgres.ts';
import { Chance } from '../../simulation/world/chance.ts';
import { newHistory } from '../history.ts';
import { readLeases } from './limits/ledger.ts';
import { limitsReport } from './limits/told.ts';
import { limitedFile, startLimited } from './limits/work.ts';
import { type Cluster, startCluster } from './places/cluster.ts';
import { killUntil } from './play/kills.ts';

/** Its first kill is of a coordinator. */
const seed = 3;
const betweenMs = [300, 1_000] as const;
const shape = {
  ...{ coordinators: 2, agents: 3, slots: 12, handlers: limitedFile },
  flags: ['--session-timeout', '4s'],
};

describe('limits over two coordinators [postgres]', { skip: nats.skip }, () => {
  it('are never exceeded while coordinators and agents are killed, and no slot is lost', async (t) => {
    const postgres = await startPostgres();
    const cluster = await startCluster(postgres, shape);
    t.after(async () => {
      await cluster.stop();
      await postgres.stop('immediate');
    });
    const running = await startLimited(cluster, {
      ...{ label: 'limits', history: newHistory(), seed, seconds: 6, keys: 10 },
      ...{ runMs: [100, 400], calmMs: 40_000 },
      tasks: { two: 40, keyed: 150, one: 30, other: 30, rated: 60 },
    });
    await killBusiest(cluster);
    const chosen = await killUntil(running.lastAt, cluster, new Chance(seed), betweenMs);
    const kills = { ...chosen, agents: chosen.agents + 1 };
    const result = await running.end();
    const told = limitsReport(result, kills);
    for (const { text } of told) console.log(text);
    assert.deepEqual(result.faults.slice(0, 10), [], `${result.faults.length} in all`);
    assert.deepEqual(
      told.filter(({ isKept }) => !isKept),
      [],
    );
    assert.deepEqual(await cluster.stop(), []);
  });
});

const enoughLeases = 3;

/** Kills the agent that runs most, so that in so short a time leases are lost at all. */
async function killBusiest({ databaseUrl, agents }: Cluster): Promise<void> {
  const busiest = await eventually(
    () => readLeases(databaseUrl),
    ([most]) => most !== undefined && most.leases >= enoughLeases,
    { intervalMs: 5, what: 'an agent to run several tasks' },
  );
  const place = agents.find(({ name }) => busiest[0]?.agentId.startsWith(`${name}.`));
  await place?.kill();
  await place?.start();
}
