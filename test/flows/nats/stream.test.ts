// Events in a stream: whoever reads it misses none, whatever is stopped or killed meanwhile.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Client, createClient, defineHandler } from '@muster/sdk';
import { connect } from 'nats';
import { startAgent } from '../../harness/agents.ts';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { type NatsServer, nats, startNats } from '../../harness/nats.ts';
import { temporaryFolder } from '../../harness/reaper.ts';

const streamName = 'TOLD';
const echo = defineHandler({ name: 'echo', run: () => null });

type Kept = { readonly id: string; readonly subject: string; readonly type: string };

/** Everything in the stream, in its order; none if there is no stream. */
async function readStream(server: NatsServer): Promise<readonly Kept[]> {
  const client = await connect({ servers: server.address });
  try {
    const { streams } = await client.jetstreamManager();
    const info = await streams.info(streamName).catch(() => null);
    const kept: Kept[] = [];
    for (let seq = 1; seq <= (info?.state.last_seq ?? 0); seq += 1)
      kept.push((await streams.getMessage(streamName, { seq })).json<Kept>());
    return kept;
  } finally {
    await client.close();
  }
}

function kindsOf(kept: readonly Kept[], id: string): readonly string[] {
  return kept.filter(({ subject }) => subject === id).map(({ type }) => type.slice(12));
}

eachEngine('events in a stream', (engine) => {
  describe('of coordinators', { skip: nats.skip, concurrency: 1 }, () => {
    let server: NatsServer;
    const coordinators: TestCoordinator[] = [];
    let client: Client;
    let agent: Awaited<ReturnType<typeof startAgent>>;
    before(async () => {
      const folder = temporaryFolder('streams');
      server = await startNats({ flags: ['--jetstream', '--store_dir', folder] });
      const flags = ['--nats-servers', server.address, '--events', 'all'];
      // The embedded database belongs to one process.
      for (const _ of engine.name === 'pglite' ? [1] : [1, 2])
        coordinators.push(
          await startCoordinator(engine, { flags: [...flags, '--events-stream', streamName] }),
        );
      const address = coordinators.map((each) => each.address).join(',');
      client = createClient({ address, retryTimeout: '10s' });
      agent = await startAgent(address, { handlers: [echo], slots: 10 });
    });
    after(async () => {
      await agent.stop();
      await client.close();
      for (const coordinator of coordinators) await coordinator.stop();
      await server.stop();
    });

    /** Runs tasks to their end, and answers their ids. */
    const runSome = async (count: number): Promise<readonly string[]> => {
      const inputs = Array.from({ length: count }, () => null);
      const tasks = await Promise.all(inputs.map((input) => client.submit(echo, input)));
      await Promise.all(tasks.map((task) => task.result({ timeout: '30s' })));
      return tasks.map(({ id }) => id);
    };
    const expectAll = async (ids: readonly string[]) => {
      const whole = ['submitted', 'started', 'succeeded'];
      const kept = await eventually(
        () => readStream(server),
        (now) => ids.every((id) => kindsOf(now, id).length >= whole.length),
        { intervalMs: 200, timeoutMs: 30_000, what: 'the stream to have all events' },
      );
      for (const id of ids) assert.deepEqual(kindsOf(kept, id), whole);
      assert.equal(new Set(kept.map(({ id }) => id)).size, kept.length);
    };

    it('are there, each once, and in the order of their task', async () => {
      await expectAll(await runSome(100));
    });

    it('wait while NATS is away, and outlive the coordinator under which they happened', async () => {
      await server.stop();
      const ids = await runSome(50);
      const [doomed, other] = coordinators;
      if (doomed !== undefined && other !== undefined) {
        coordinators.shift();
        await doomed.kill();
      }
      await server.start();
      await expectAll(ids);
    });
  });
});
