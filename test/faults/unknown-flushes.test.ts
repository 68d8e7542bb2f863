// Connections to Postgres are cut between send and reply of each kind of flush, 500 times in all, under
// load from real agents. Afterwards no RUNNING row is orphaned, nothing is lost, and no task has two
// outcomes. The order of cuts comes from a seed, which is printed.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Client, createClient } from '@muster/sdk';
import pg from 'pg';
import { recorded } from '../handlers/recorded.ts';
import { queued } from '../handlers/recorded-queue.ts';
import { type AgentProcess, startAgentProcess } from '../harness/agents.ts';
import { startCoordinator, type TestCoordinator } from '../harness/coordinator.ts';
import { sharedPostgres } from '../harness/engines.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/ports.ts';
import { createDatabaseAt, dropDatabaseAt } from '../harness/postgres.ts';
import { startProxy, type TcpProxy } from '../harness/proxy.ts';
import { seeded } from './chance.ts';
import { expectHonestHistory, newHistory } from './history.ts';
import { createWireReader, type FlushKind, flushKinds, type WireReader } from './postgres-wire.ts';
import { assignmentsIn, type RawAgent, refOf, startRawAgent } from './raw-agent.ts';

/** Cuts of each kind; 500 in all. */
const quotas: Readonly<Record<FlushKind, number>> = {
  insert: 90,
  'eager insert': 60,
  'keyed insert': 60,
  claim: 80,
  record: 100,
  'give back': 40,
  progress: 45,
  attach: 25,
  // Of these cluster/schedules.test.ts has tests.
  turn: 0,
};
/** Of the flushes of a kind that still needs cuts, so many are cut. */
const cutShare = 0.4;
/** Of the cuts, so many come right after the request, when Postgres may not even have read it. */
const hastyShare = 0.3;
/** Longer than an agent's stream must have lasted for the next dial to follow at once. */
const streamCutMs = 1_200;
const orphanAgeS = 10;
const label = 'unknown-flushes';
const labels = { story: label };

/** Cuts the coordinator's connections, and counts. */
interface Cutter {
  readonly cuts: Readonly<Record<FlushKind, number>>;
  /** Whether these kinds have been cut often enough; without any, whether all have. */
  isDone(...kinds: readonly FlushKind[]): boolean;
}

function startCutter(proxy: TcpProxy, random: () => number): Cutter {
  const cuts = Object.fromEntries(flushKinds.map((kind) => [kind, 0])) as Record<FlushKind, number>;
  const links = new Map<number, { reader: WireReader; doomed: FlushKind | undefined }>();
  proxy.inspect(({ direction, connection, bytes }) => {
    const link = links.get(connection) ?? { reader: createWireReader(), doomed: undefined };
    links.set(connection, link);
    if (direction === 'down') return link.doomed === undefined ? 'pass' : 'cut';
    const kind = link.reader.read(bytes);
    if (kind === undefined || cuts[kind] >= quotas[kind] || random() >= cutShare) return 'pass';
    cuts[kind] += 1;
    link.doomed = kind;
    return random() < hastyShare ? 'pass-then-cut' : 'pass';
  });
  const isDone = (...kinds: readonly FlushKind[]) =>
    (kinds.length > 0 ? kinds : flushKinds).every((kind) => cuts[kind] >= quotas[kind]);
  return { cuts, isDone };
}

/**
 * Submits all kinds of tasks until all is cut; every id that was acknowledged is in `ids`. A kind whose flushes
 * have been cut often enough makes room for the others.
 */
function startLoad(client: Client, history: string, cutter: Cutter) {
  const ids: string[] = [];
  const loop = async (kinds: readonly FlushKind[], round: (n: number) => Promise<void>) => {
    for (let n = 0; !cutter.isDone(...kinds); n += 1) await round(n);
  };
  const wait = { timeout: '60s' } as const;
  const one = async (runMs: number, options: object, reportEveryMs?: number) => {
    const input = { history, runMs, ...(reportEveryMs !== undefined && { reportEveryMs }) };
    const task = await client.submit(recorded, input, { labels, ...options });
    ids.push(task.id);
    return task;
  };
  const fresh = () =>
    loop([], async () => {
      await (await one(20, {})).result(wait);
    });
  const reporting = () =>
    loop(['progress'], async () => {
      await (await one(500, {}, 40)).result(wait);
    });
  const keyed = (name: number) =>
    loop(['keyed insert'], async (n) => {
      const options = { idempotencyKey: `${name}/${n}` };
      const [first, second] = [await one(20, options), await one(20, options)];
      assert.equal(first.id, second.id, 'one key, one task');
      await first.result(wait);
    });
  const waiting = () =>
    loop(['insert', 'claim', 'give back'], async () => {
      const inputs = Array.from({ length: 8 }, () => ({ history, runMs: 20 }));
      const group = await client.submitMany(queued, inputs, { labels });
      ids.push(...group.ids);
      await group.results(wait);
    });
  const times = (count: number, start: (n: number) => Promise<void>) =>
    Array.from({ length: count }, (_, n) => start(n));
  const loops = [
    ...times(10, fresh),
    ...times(4, reporting),
    ...times(3, keyed),
    ...times(6, waiting),
  ];
  /** `ended` settles when all is cut; it rejects as soon as a task has failed. */
  return { ids, ended: Promise.all(loops) };
}

/** An agent that gives every task of the queue back; after a start, because unstarted ones are not offered again at once. */
async function startFickleAgent(address: string): Promise<RawAgent> {
  const agent = await startPatiently(address);
  agent.stream.onMessage((message) => {
    const leases = assignmentsIn(message).map(refOf);
    if (leases.length === 0) return;
    agent.stream.send({ started: { leases } });
    setTimeout(() => agent.stream.send({ released: { leases } }), 10);
  });
  return agent;
}

/** The cut may fall on the very statement that begins its session; an agent then dials again. */
async function startPatiently(address: string): Promise<RawAgent> {
  const hello = { agentId: 'fickle', handlers: [{ name: queued.name }] };
  for (let tries = 1; ; tries += 1) {
    try {
      return await startRawAgent(address, hello);
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

describe('flushes whose reply is lost [postgres]', () => {
  let databaseUrl = '';
  let database: pg.Client;
  let coordinator: TestCoordinator;
  let databaseProxy: TcpProxy;
  let agentProxy: TcpProxy;
  let cutter: Cutter;
  let client: Client;
  const agents: AgentProcess[] = [];

  before(async () => {
    databaseUrl = await createDatabaseAt(await sharedPostgres());
    database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    const url = new URL(databaseUrl);
    databaseProxy = await startProxy({ targetPort: Number(url.port), targetHost: url.hostname });
    url.host = databaseProxy.address;
    cutter = startCutter(databaseProxy, seeded('unknown flushes'));
    const port = await freePort();
    agentProxy = await startProxy({ targetPort: port });
    // Agents learn addresses from coordinators; these must stay behind the proxy.
    const flags = ['--progress-interval', '20ms', '--advertised-address', agentProxy.address];
    coordinator = await startCoordinator(
      { databaseUrl },
      { database: url.href, grpcAddress: `127.0.0.1:${port}`, flags },
    );
    client = createClient({ address: coordinator.address, retryTimeout: '60s' });
    for (const file of ['recorded.ts', 'recorded.ts', 'recorded-queue.ts', 'recorded-queue.ts'])
      agents.push(await startAgentProcess(agentProxy.address, file, { slots: 20 }));
  });

  after(async () => {
    try {
      for (const agent of agents) await agent.stop();
      await client.close();
      await coordinator.stop();
    } finally {
      for (const { process } of [...agents, coordinator]) await process.end();
      await agentProxy.close();
      await databaseProxy.close();
      await database.end();
      await dropDatabaseAt(databaseUrl);
    }
  });

  /** RUNNING rows whose lease is older than so many seconds. */
  async function running(olderThanS: number): Promise<string[]> {
    const { rows } = await database.query<{ id: string }>(
      `SELECT id FROM muster.tasks WHERE state = 4 AND leased_at <= now() - $1 * interval '1 second'`,
      [olderThanS],
    );
    return rows.map(({ id }) => id);
  }

  it('500 cuts: no row is orphaned, nothing is lost, no task has two outcomes', async () => {
    const history = newHistory();
    const fickle = await startFickleAgent(coordinator.address);
    const load = startLoad(client, history, cutter);
    const streams = setInterval(() => {
      if (!cutter.isDone('attach')) agentProxy.cut();
    }, streamCutMs);
    const orphans = new Set<string>();
    const cutting = eventually(
      async () => {
        for (const id of await running(orphanAgeS)) orphans.add(id);
        return { ...cutter.cuts };
      },
      () => cutter.isDone(),
      { timeoutMs: 80_000, intervalMs: 250, what: 'all cuts' },
    );
    await Promise.all([cutting, load.ended]).finally(() => clearInterval(streams));
    databaseProxy.heal();
    const noRow = { timeoutMs: orphanAgeS * 1000, what: 'no RUNNING row' };
    await eventually(
      () => running(0),
      (rows) => rows.length === 0,
      noRow,
    );
    fickle.stream.close();

    const cuts = flushKinds.map((kind) => `${cutter.cuts[kind]} ${kind}`).join(', ');
    assert.deepEqual(cutter.cuts, quotas);
    assert.deepEqual([...orphans], [], 'RUNNING for too long');
    const { tasks, runs } = await expectHonestHistory(client, { label, history, ids: load.ids });
    assert.equal(runs.length, tasks.length, 'every task ran once');
    for (const { id, attempt, lostAttempts } of tasks)
      assert.deepEqual([attempt, lostAttempts], [1, 0], id);
    console.log(`${tasks.length} tasks; cuts: ${cuts}`);
  });
});
