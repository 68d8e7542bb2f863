// One value that Postgres refuses travels in a flush among 499 good ones: the neighbours are recorded,
// and the offender alone is answered for. Text that Postgres cannot hold is replaced long before, so a
// trigger plays the part of a value that nobody foresaw. The store's own tests show the same on PGlite.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Agent } from '@muster/agent';
import { type Client, createClient, defineHandler, MusterError } from '@muster/sdk';
import pg from 'pg';
import { startAgent } from '../harness/agents.ts';
import { startCoordinator, type TestCoordinator } from '../harness/coordinator.ts';
import { eachEngine } from '../harness/engines.ts';
import { eventually } from '../harness/eventually.ts';

const count = 500;
const poisonAt = 250;
const inputs = Array.from({ length: count }, (_, n) =>
  n === poisonAt ? 'poisonous' : `good ${n}`,
);
const wait = { timeout: '60s' } as const;

let entered = 0;
const opened = Promise.withResolvers<void>();
/** All attempts end in the same moment, so that their outcomes travel together. */
const gathered = defineHandler({
  name: 'poison.gathered',
  retry: { maxAttempts: 3, initialDelay: '0s' },
  async run(input: string) {
    entered += 1;
    await opened.promise;
    return input;
  },
});

const submitted = defineHandler({ name: 'poison.submitted', run: (input: string) => input });

eachEngine('a flush with one poison value', (engine) => {
  if (engine.name === 'pglite') return;
  describe('among 499 good ones', () => {
    let database: pg.Client;
    let coordinator: TestCoordinator;
    let client: Client;
    let agent: Agent;
    before(async () => {
      coordinator = await startCoordinator(engine);
      client = createClient({ address: coordinator.address, retryTimeout: '10s' });
      const handlers = [gathered, submitted];
      agent = await startAgent(coordinator.address, { handlers, slots: count });
      database = new pg.Client({ connectionString: engine.databaseUrl });
      await database.connect();
    });
    after(async () => {
      await database.end();
      await agent.stop();
      await client.close();
      assert.equal((await coordinator.process.end('SIGTERM')).code, 0);
    });

    /** Has Postgres refuse rows whose column holds the poison, as it refuses what it cannot store. */
    async function refuse(event: 'INSERT' | 'UPDATE', column: 'input' | 'output'): Promise<void> {
      await database.query(
        `CREATE OR REPLACE FUNCTION muster.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF position('poisonous'::bytea IN NEW.${column}) > 0
          THEN RAISE EXCEPTION 'no such value' USING ERRCODE = '22P05'; END IF; RETURN NEW; END $$`,
      );
      await database.query(
        `CREATE OR REPLACE TRIGGER refuse BEFORE ${event} ON muster.tasks
          FOR EACH ROW EXECUTE FUNCTION muster.refuse()`,
      );
    }

    it('of outcomes: 499 are recorded, and the offender is FAILED as REFUSED', async () => {
      const group = await client.submitMany(gathered, inputs);
      await eventually(() => entered === count);
      await refuse('UPDATE', 'output');
      opened.resolve();
      for await (const result of group.settled(wait))
        assert.equal(result.state, result.index === poisonAt ? 'FAILED' : 'SUCCEEDED');
      const offender = await group.handles[poisonAt]?.get('full');
      assert.deepEqual([offender?.failure?.kind, offender?.attempt], ['REFUSED', 1]);
      assert.equal(entered, count, 'nothing is run again');
    });

    it('of submits: 499 are stored, and the offender’s caller alone is refused', async () => {
      await refuse('INSERT', 'input');
      // Calls of their own: what is gathered into one call is stored wholly or not at all.
      const { submitTasks } = client.services.tasks;
      const calls = inputs.map((input) => {
        const data = Buffer.from(JSON.stringify(input));
        const payload = { mediaType: 'application/json', data };
        return submitTasks({ tasks: [{ handler: submitted.name, input: payload }] });
      });
      const settled = await Promise.allSettled(calls);
      const refused = settled.flatMap((call, n) => (call.status === 'rejected' ? [n] : []));
      assert.deepEqual(refused, [poisonAt]);
      const offender = settled[poisonAt];
      assert.ok(offender?.status === 'rejected' && offender.reason instanceof MusterError);
      const { reason, code } = offender.reason;
      assert.deepEqual([reason, code], ['INVALID_REQUEST', 3]);
      assert.equal(coordinator.errors.length, 1, 'whoever runs it hears of what nobody foresaw');
    });
  });
});
