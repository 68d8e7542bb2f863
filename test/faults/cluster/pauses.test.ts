// What is paused stays paused although everything is restarted: coordinators, agents that register again, and Postgres.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAgent } from '@muster/agent';
import { type Client, createClient } from '@muster/sdk';
import { free, one, two } from '../../handlers/limited.ts';
import { eventually } from '../../harness/eventually.ts';
import { startPostgres } from '../../harness/postgres.ts';
import { newHistory, readRuns } from '../history.ts';
import { limitedFile } from './limits/work.ts';
import { type Cluster, startCluster } from './places/cluster.ts';
import { readAttached } from './verdict/evidence.ts';

const shape = { coordinators: 2, agents: 2, slots: 5, handlers: limitedFile };
/** Looks are frequent, so that whoever would hand over what is paused does so before the witnesses have run. */
const flags = ['--safety-poll-interval', '250ms', '--peek-interval', '250ms'];
const beside = 'beside';

describe('what is paused [postgres]', () => {
  it('stays so across restarts of everything, and runs when it is resumed', async (t) => {
    const postgres = await startPostgres();
    const cluster = await startCluster(postgres, { ...shape, flags });
    t.after(async () => {
      await cluster.stop();
      await postgres.stop('immediate');
    });
    const history = newHistory();
    const client = cluster.connect('60s');
    const witness = await startWitness(cluster);
    t.after(witness.stop);
    const { limits } = client;
    await limits.setHandler(two.name, { concurrency: 2 });
    await limits.pauseHandler(two.name, 'limited');
    await limits.pauseHandler(one.name, 'without limits');
    const input = { history, seed: 1, runMs: [0, 1] as const };
    const submit = async (handler: typeof one | typeof two | typeof free) =>
      (await client.submit(handler, input)).id;
    const paused = [await submit(two), await submit(one)];
    await submit(free).then((id) => client.handle(id).result({ timeout: '20s' }));
    await limits.pauseNamespace('moving');
    const held = [await submit(free), await submit(two)];
    const ran = () => readRuns(history).map(({ taskId }) => taskId);
    const expectNoneRan = async (ids: readonly string[]) => {
      // Submitted at each coordinator, these have passed whatever claims for what is paused.
      for (let round = 0; round < 3; round += 1) await witness.runOne();
      assert.deepEqual(
        ran().filter((id) => ids.includes(id)),
        [],
      );
    };
    await expectNoneRan([...paused, ...held]);

    await restartAll(cluster);
    await expectNoneRan([...paused, ...held]);
    await expectFlow(client, two.name, { note: 'limited', waiting: 2, namespacePaused: true });

    await limits.resumeNamespace();
    await client.handle(held[0] ?? '').result({ timeout: '20s' });
    await restartAll(cluster);
    await submit(free).then((id) => client.handle(id).result({ timeout: '20s' }));
    await expectNoneRan([...paused, ...held.slice(1)]);
    await expectFlow(client, two.name, { note: 'limited', waiting: 2, namespacePaused: false });
    await expectFlow(client, one.name, {
      note: 'without limits',
      waiting: 0,
      namespacePaused: false,
    });

    for (const { name } of [one, two]) await limits.resumeHandler(name);
    for (const id of [...paused, ...held]) await client.handle(id).result({ timeout: '20s' });
    assert.equal(ran().length, 6, 'each ran once');
    assert.deepEqual(await cluster.stop(), []);
  });
});

async function expectFlow(
  client: Client,
  name: string,
  expected: { readonly note: string; readonly waiting: number; readonly namespacePaused: boolean },
): Promise<void> {
  const {
    paused,
    namespacePaused,
    pauseNote: note,
    waiting,
    running,
  } = await client.limits.handler(name);
  assert.deepEqual(
    { paused, running, namespacePaused, note, waiting },
    { paused: true, running: 0, ...expected },
  );
}

/** An agent in a namespace that nobody pauses, which shows that coordinators hand tasks over. */
async function startWitness({ coordinators }: Cluster) {
  const addresses = coordinators.map(({ address }) => address);
  const clients = addresses.map((address) =>
    createClient({ address, namespace: beside, retryTimeout: '60s' }),
  );
  await clients[0]?.services.namespaces.createNamespace({ namespace: { name: beside } });
  const agent = createAgent({
    address: addresses,
    namespace: beside,
    handlers: [free],
    logger: false,
  });
  const history = newHistory();
  await agent.start();
  return {
    async runOne(): Promise<void> {
      for (const client of clients) {
        const task = await client.submit(free, { history, seed: 1, runMs: [0, 1] });
        await task.result({ timeout: '30s' });
      }
    },
    async stop(): Promise<void> {
      await agent.stop();
      for (const client of clients) await client.close();
    },
  };
}

/** One coordinator and one agent are asked to stop, the others are killed, and Postgres is stopped while nobody is there. */
async function restartAll({ coordinators, agents, postgres, databaseUrl }: Cluster): Promise<void> {
  const ends = [...agents, ...coordinators].map((place, at) =>
    at % 2 === 0 ? place.terminate() : place.kill(),
  );
  await Promise.all(ends);
  await postgres.stop('immediate');
  await postgres.start();
  await Promise.all(coordinators.map((place) => place.start()));
  await Promise.all(agents.map((place) => place.start()));
  const lives = agents.map(({ name, life }) => `${name}.${life}`);
  await eventually(
    () => readAttached(databaseUrl),
    (now) => lives.every((life) => now.some(({ agentId }) => agentId === life)),
    { timeoutMs: 20_000, what: 'all agents to be attached' },
  );
}
