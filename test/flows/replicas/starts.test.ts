// Coordinators that must not start: with another schema than the database has, or with other settings than those that run on it.
// And agents that call themselves the same.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { createClient } from '@muster/sdk';
import pg from 'pg';
import { atGate, gated, openGate } from '../../handlers/gates.ts';
import { startAgent } from '../../harness/agents.ts';
import { startCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { startNode } from '../../harness/processes.ts';

const hasty = ['--coordinator-beat-interval', '200ms', '--coordinator-timeout', '2s'];
const main = createRequire(import.meta.url).resolve('@muster/server/main');

/** Starts a coordinator that does not come to serve; answers what it says at last. */
async function refusedStart(database: string, ...flags: string[]): Promise<string> {
  const free = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
  const process = await startNode(main, ['--database', database, ...free, ...flags]);
  assert.deepEqual(await process.exit, { code: 1, signal: null }, process.lines.join('\n'));
  const [last = ''] = process.lines.filter((line) => JSON.parse(line).level === 60);
  return (JSON.parse(last) as { msg: string }).msg;
}

async function query(database: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(database);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const versionsOf = async (database: string) =>
  (await query(database, 'SELECT number FROM muster.muster_migrations ORDER BY number')).map(
    ({ number }) => Number(number),
  );

eachEngine('starts', (engine) => {
  // The embedded database belongs to one process, and is brought up to date by it.
  if (engine.name === 'pglite') return;
  describe('of coordinators', { concurrency: 4 }, () => {
    it('under an older schema are refused, naming both versions and the word that changes it', async () => {
      const database = (await engine.freshDatabase()) ?? '';
      await (await startCoordinator(engine, { database })).stop();
      const versions = await versionsOf(database);
      const newest = versions.at(-1) ?? 0;
      // As the version before has left it.
      await query(database, `DELETE FROM muster.muster_migrations WHERE number = ${newest}`);
      // What the newest migration has made.
      for (const undo of [
        'DROP TABLE muster.limits, muster.lanes',
        'ALTER TABLE muster.tasks DROP COLUMN lane_id, DROP COLUMN key, DROP COLUMN key_weight',
        'ALTER TABLE muster.namespaces DROP COLUMN paused, DROP COLUMN pause_note',
        `ALTER TABLE muster.handlers DROP COLUMN held, DROP COLUMN namespace_paused, DROP COLUMN pause_note, DROP COLUMN limits,
         DROP COLUMN limit_ids, DROP COLUMN limits_revision, DROP COLUMN settled, DROP COLUMN limited_by`,
      ])
        await query(database, undo);
      const why = await refusedStart(database);
      assert.match(why, new RegExp(`schema version ${newest - 1}, this Muster needs ${newest}`));
      assert.match(why, /--migrate \(MUSTER_MIGRATE=true\)/);
      assert.deepEqual(await versionsOf(database), versions.slice(0, -1));
      const newer = await startCoordinator(engine, { database, flags: ['--migrate'] });
      assert.deepEqual(await versionsOf(database), versions);
      await newer.stop();
    });

    it('under a newer schema are refused, naming both versions; those that run go on', async () => {
      const database = (await engine.freshDatabase()) ?? '';
      const running = await startCoordinator(engine, { database });
      const known = (await versionsOf(database)).at(-1) ?? 0;
      for (const table of ['tasks', 'sessions', 'handlers', 'coordinators'])
        await query(database, `ALTER TABLE muster.${table} ADD COLUMN later int DEFAULT 1`);
      await query(
        database,
        `INSERT INTO muster.muster_migrations (number, name, checksum) VALUES (${known + 1}, 'later', 'x')`,
      );
      for (const flags of [[], ['--migrate']]) {
        const why = await refusedStart(database, ...flags);
        assert.match(why, new RegExp(`schema version ${known + 1}, this Muster knows ${known}`));
      }
      const client = createClient({ address: running.address });
      const agent = await startAgent(running.address, { handlers: [gated] });
      const { id } = await client.submit(gated);
      openGate(id);
      assert.equal(await client.handle(id).result({ timeout: '10s' }), 'passed');
      await agent.stop();
      await client.close();
      await running.stop();
    });

    it('with other settings are refused, naming both values and the other one', async (t) => {
      const database = (await engine.freshDatabase()) ?? '';
      const first = await startCoordinator(engine, { database, flags: hasty });
      const other = ['--session-timeout', '9s', '--retention-window', '3d'];
      const why = await refusedStart(database, ...hasty, ...other);
      assert.ok(why.includes(`at ${first.address} (`), why);
      assert.match(why, /session-timeout \(9000 ms here, 7000 ms there\)/);
      assert.match(why, /retention-window \(259200000 ms here, 604800000 ms there\)/);
      const client = createClient({ address: first.address });
      const { coordinators } = await client.services.fleet.listCoordinators({});
      assert.equal(coordinators.length, 1, 'the refused one has left no row');
      const flags = [...hasty, ...other, '--change-settings'];
      const second = await startCoordinator(engine, { database, flags });
      await second.process.line(/with other settings: .*session-timeout/);
      t.after(async () => {
        await client.close();
        await second.stop();
        await first.stop();
      });
    });

    it('need not agree with one that was killed and has not been missed yet', async () => {
      const database = (await engine.freshDatabase()) ?? '';
      const first = await startCoordinator(engine, { database, flags: hasty });
      await first.kill();
      const flags = [...hasty, '--session-timeout', '9s'];
      const second = await startCoordinator(engine, { database, flags });
      await second.stop();
    });
  });
});

eachEngine('two agents of one name', (engine) => {
  it('have a session each, are both shown, and both work', async (t) => {
    const coordinator = await startCoordinator(engine);
    const client = createClient({ address: coordinator.address });
    const options = { agentId: 'twin', handlers: [gated], slots: 1 };
    const agents = [await startAgent(coordinator.address, options)];
    agents.push(await startAgent(coordinator.address, options));
    t.after(async () => {
      for (const agent of agents) await agent.stop();
      await client.close();
      await coordinator.stop();
    });
    const tasks = [await client.submit(gated), await client.submit(gated)];
    await Promise.all(tasks.map(({ id }) => atGate(id)));
    const { agents: listed } = await client.services.fleet.listAgents({});
    assert.deepEqual(
      listed.map(({ id, running, state }) => [id, running, state]),
      [
        ['twin', 1, 'SESSION_STATE_ATTACHED'],
        ['twin', 1, 'SESSION_STATE_ATTACHED'],
      ],
    );
    assert.deepEqual(
      listed.map(({ sessionId }) => sessionId).sort(),
      agents.map(({ sessionId }) => sessionId).sort(),
    );
    for (const { id } of tasks) openGate(id);
    await eventually(() => agents.every(({ running }) => running === 0));
    for (const task of tasks) assert.equal((await task.get()).state, 'SUCCEEDED');
  });
});
