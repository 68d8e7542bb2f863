// The coordinator is killed between any two steps of claim, assign, accept and record. After its
// restart the slots that it counts are the slots that rows hold: none leaks and none is given twice
// (camunda/camunda#59633, where a counter and what it counts came apart).

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type Client, createClient } from '@muster/sdk';
import { type RecordedInput, recorded } from '../handlers/recorded.ts';
import { startAgent } from '../harness/agents.ts';
import { startCoordinator } from '../harness/coordinator.ts';
import { type Engine, eachEngine } from '../harness/engines.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/ports.ts';
import { type Piece, startProxy, type TcpProxy, type Verdict } from '../harness/proxy.ts';
import { uuidV7 } from '../harness/task-ids.ts';
import { expectHonestHistory, newHistory, type Run, readRuns } from './history.ts';
import { createWireReader, type FlushKind, type WireReader } from './postgres-wire.ts';

const slots = 4;
/** Some begin at once, the others are claimed when slots are free. */
const taskCount = 2 * slots;
/** Long enough that nothing is sent ahead of a free slot. */
const runMs = 120;
/** Waves of tasks within which the moment of a step must come. */
const wavesMax = 30;
const wait = { timeout: '20s' } as const;

/**
 * Sees bytes of one kind of connection; true: the coordinator dies now and they are lost. `flush` is what was last
 * asked on a connection to Postgres.
 */
type Moment = (piece: Piece, ids: readonly string[], flush: FlushKind | undefined) => boolean;

/** Between which two steps the coordinator dies. */
interface Step {
  readonly name: string;
  /** On the connections of the agent, or of the coordinator to Postgres. */
  readonly at: 'agent' | 'database';
  readonly moment: () => Moment;
}

const mentions = ({ bytes }: Piece, ids: readonly string[]) => ids.some((id) => bytes.includes(id));

/** The n-th piece in a direction that speaks of one of the tasks. */
const mention = (direction: Piece['direction'], n: number) => (): Moment => {
  let count = 0;
  return (piece, ids) => {
    if (piece.direction !== direction || !mentions(piece, ids)) return false;
    count += 1;
    return count === n;
  };
};

/** The first outcome, which carries what the handler returned; or the first answer after it. */
const outcome = (moment: 'told' | 'answered') => (): Moment => {
  let told = false;
  return (piece, ids) => {
    told ||= piece.direction === 'up' && piece.bytes.includes('attempt 1 epoch');
    return told && (moment === 'told' || (piece.direction === 'down' && mentions(piece, ids)));
  };
};

const asked = (kind: FlushKind) => (): Moment => (piece, _ids, flush) =>
  piece.direction === 'up' && flush === kind;

/** The reply, up to the word that the statement is complete; what it says of the tasks need not name them. */
const answered = (kind: FlushKind) => (): Moment => (piece, _ids, flush) =>
  piece.direction === 'down' &&
  flush === kind &&
  /SELECT \d|INSERT 0/.test(piece.bytes.toString('latin1'));

/** A claim answers with rows; most find none. */
const claimAnswered = (): Moment => (piece, ids, flush) =>
  piece.direction === 'down' && flush === 'claim' && mentions(piece, ids);

const steps: readonly Step[] = [
  { name: 'eager start asked', at: 'database', moment: asked('eager insert') },
  { name: 'eager start stored, not answered', at: 'database', moment: answered('eager insert') },
  { name: 'claim asked', at: 'database', moment: asked('claim') },
  { name: 'claim stored, not answered', at: 'database', moment: claimAnswered },
  { name: 'assigned, not sent', at: 'agent', moment: mention('down', 1) },
  { name: 'sent, acceptance not read', at: 'agent', moment: mention('up', 1) },
  { name: 'accepted, start not read', at: 'agent', moment: mention('up', 2) },
  { name: 'ended, outcome not read', at: 'agent', moment: outcome('told') },
  { name: 'outcome read, recording asked', at: 'database', moment: asked('record') },
  { name: 'outcome recorded, not answered', at: 'database', moment: answered('record') },
  { name: 'outcome recorded, not acknowledged', at: 'agent', moment: outcome('answered') },
];

/** A coordinator that can be killed at a moment and comes back at the same place, with its one agent. */
async function startStage(engine: Engine) {
  const port = await freePort();
  const agentProxy = await startProxy({ targetPort: port });
  const { databaseProxy, database } = await placeData(engine);
  // Agents learn addresses from coordinators; this one must stay behind the proxy.
  const flags = ['--advertised-address', agentProxy.address];
  const address = `127.0.0.1:${port}`;
  const start = () => startCoordinator(engine, { database, grpcAddress: address, flags });
  let armed: { readonly step: Step; readonly moment: Moment; ids: readonly string[] } | undefined;

  const judge = (at: Step['at'], piece: Piece, kind: FlushKind | undefined): Verdict => {
    if (armed?.step.at !== at || !armed.moment(piece, armed.ids, kind)) return 'pass';
    armed = undefined;
    coordinator.process.signal('SIGKILL');
    return 'drop';
  };
  agentProxy.inspect((piece) => judge('agent', piece, undefined));
  watchFlushes(databaseProxy, (piece, kind) => judge('database', piece, kind));
  let coordinator = await start();
  return {
    agentProxy,
    client: createClient({ address, retryTimeout: '60s' }),
    agent: await startAgent(agentProxy.address, {
      agentId: 'counted',
      handlers: [recorded],
      slots,
    }),
    /** Lets the coordinator die at a step of these tasks. */
    arm(step: Step, ids: readonly string[]): void {
      armed = { step, moment: step.moment(), ids };
    },
    /** Settles when it is dead. */
    death: () => coordinator.process.exit,
    async revive(): Promise<void> {
      coordinator = await start();
    },
    async stop(): Promise<void> {
      try {
        await this.agent.stop();
        await this.client.close();
        await coordinator.stop();
      } finally {
        await coordinator.kill();
        await agentProxy.close();
        await databaseProxy?.close();
      }
    },
  };
}

type Stage = Awaited<ReturnType<typeof startStage>>;

async function placeData(engine: Engine) {
  if (engine.databaseUrl === undefined)
    return { database: engine.freshFolder(), databaseProxy: undefined };
  const url = new URL(engine.databaseUrl);
  const databaseProxy = await startProxy({
    targetPort: Number(url.port),
    targetHost: url.hostname,
  });
  url.host = databaseProxy.address;
  return { database: url.href, databaseProxy };
}

/** Keeps in mind what was last asked on each connection. */
function watchFlushes(
  proxy: TcpProxy | undefined,
  judge: (piece: Piece, kind: FlushKind | undefined) => Verdict,
): void {
  const links = new Map<number, { readonly reader: WireReader; kind: FlushKind | undefined }>();
  proxy?.inspect((piece) => {
    const link = links.get(piece.connection) ?? { reader: createWireReader(), kind: undefined };
    links.set(piece.connection, link);
    if (piece.direction === 'up') link.kind = link.reader.read(piece.bytes);
    return judge(piece, link.kind);
  });
}

eachEngine('counters after a crash', (engine) => {
  describe('between two steps', () => {
    let stage: Stage;
    before(async () => {
      stage = await startStage(engine);
    });
    after(() => stage.stop());

    // The embedded database has no connection to watch.
    for (const step of steps.filter(({ at }) => at === 'agent' || engine.name === 'postgres'))
      it(`${step.name}: slots are counted as rows hold them`, async () => {
        const label = step.name.replace(/[ ,]+/g, '-');
        const history = newHistory();
        const submit = (ids: readonly string[], input: Partial<RecordedInput>) =>
          Promise.all(
            ids.map((id) =>
              stage.client.submit(
                recorded,
                { history, ...input },
                { id, labels: { story: label } },
              ),
            ),
          );
        const ids: string[] = [];
        stage.arm(step, ids);
        let isDead = false;
        const death = stage.death().then(() => {
          isDead = true;
        });
        const ends: Promise<unknown>[] = [];
        // Eager starts, for one, are offered only after it is known that nothing older waits.
        for (let wave = 1; !isDead; wave += 1) {
          assert.ok(wave <= wavesMax, 'the moment never came');
          const fresh = newIds(taskCount);
          ids.push(...fresh);
          const submitted = submit(fresh, { runMs });
          ends.push(submitted.then((tasks) => Promise.all(tasks.map((task) => task.result(wait)))));
          await Promise.race([death, ends.at(-1)]);
        }
        await stage.revive();
        await Promise.all(ends);

        // All slots can be had again, and no more than there are.
        const gate = `${history}.gate`;
        const more = newIds(slots + 2);
        const held = await submit(more, { gate });
        const begun = () => readRuns(history).filter(({ taskId }) => more.includes(taskId)).length;
        await eventually(begun, (runs) => runs === slots, { what: 'all slots to be taken' });
        assert.equal(await countRunning(stage.client), slots);
        const fresh = await submit(newIds(1), { gate });
        assert.equal((await fresh[0]?.get())?.state, 'READY');
        assert.equal(await countRunning(stage.client), slots);
        writeFileSync(gate, '');
        for (const task of [...held, ...fresh]) await task.result(wait);

        const all = [...ids, ...more, ...fresh.map(({ id }) => id)];
        const { tasks, runs } = await expectHonestHistory(stage.client, {
          label,
          history,
          ids: all,
        });
        assert.equal(runs.length, all.length, 'every task ran once');
        assert.ok(tasks.every(({ attempt, lostAttempts }) => attempt === 1 && lostAttempts === 0));
        assert.equal(mostAtOnce(runs), slots);
        await eventually(
          () => countRunning(stage.client),
          (running) => running === 0,
        );
      });
  });
});

function newIds(count: number): string[] {
  return Array.from({ length: count }, () => uuidV7());
}

/** RUNNING rows of the agent's session. */
async function countRunning(client: Client): Promise<number> {
  const { agent } = await client.services.fleet.getAgent({ id: 'counted' });
  return agent?.running ?? -1;
}

function mostAtOnce(runs: readonly Run[]): number {
  return Math.max(
    ...runs.map(
      ({ beganAt }) =>
        runs.filter((run) => run.beganAt <= beganAt && (run.endedAt ?? Infinity) > beganAt).length,
    ),
  );
}
