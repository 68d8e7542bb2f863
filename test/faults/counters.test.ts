// The coordinator is killed between any two steps of claim, assign, accept and record. After its
// restart the slots that it counts are the slots that rows hold: none leaks and none is given twice
// (camunda/camunda#59633, where a counter and what it counts came apart).

import { after, before, describe, it } from 'node:test';
import { createClient } from '@muster/sdk';
import { recorded } from '../handlers/recorded.ts';
import { startAgent } from '../harness/agents.ts';
import { startCoordinator } from '../harness/coordinator.ts';
import { type Engine, eachEngine } from '../harness/engines.ts';
import { freePort } from '../harness/ports.ts';
import { type Piece, startProxy, type Verdict } from '../harness/proxy.ts';
import { type CountedStage, expectCounted } from './counted.ts';
import type { FlushKind } from './postgres-wire.ts';
import { type Moment, type Step, steps, watchFlushes } from './steps.ts';

const slots = 4;
const agentId = 'counted';

interface Stage extends CountedStage {
  stop(): Promise<void>;
}

/** A coordinator that can be killed at a moment and comes back at the same place, with its one agent. */
async function startStage(engine: Engine): Promise<Stage> {
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
  if (databaseProxy) watchFlushes(databaseProxy, (piece, kind) => judge('database', piece, kind));
  let coordinator = await start();
  const client = createClient({ address, retryTimeout: '60s' });
  const agent = await startAgent(agentProxy.address, { agentId, handlers: [recorded], slots });
  return {
    ...{ client, slots },
    arm(step, ids) {
      armed = { step, moment: step.moment(), ids };
    },
    death: () => coordinator.process.exit,
    async revive() {
      coordinator = await start();
    },
    async countRunning() {
      const found = await client.services.fleet.getAgent({ id: agentId });
      return found.agent?.running ?? -1;
    },
    async stop() {
      try {
        await agent.stop();
        await client.close();
        await coordinator.stop();
      } finally {
        await coordinator.kill();
        await agentProxy.close();
        await databaseProxy?.close();
      }
    },
  };
}

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
        await expectCounted(stage, step);
      });
  });
});
