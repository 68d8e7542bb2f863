// The database goes and comes back; a coordinator is declared dead. Calls get typed answers, waits survive.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { WatchTasksResponse__Output } from '@muster/proto';
import pg from 'pg';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { startProxy, type TcpProxy } from '../../harness/proxy.ts';
import { openRawClients, type RawClients, refusal } from './raw-client.ts';

eachEngine('outages', (engine) => {
  // The embedded database has no connection that could be lost.
  if (engine.name === 'pglite') return;
  describe('with a coordinator behind a proxy', () => {
    let proxy: TcpProxy | undefined;
    let coordinator: TestCoordinator | undefined;
    let clients: RawClients | undefined;
    before(async () => {
      const url = new URL(engine.databaseUrl ?? '');
      proxy = await startProxy({ targetPort: Number(url.port), targetHost: url.hostname });
      url.port = String(proxy.port);
      url.hostname = '127.0.0.1';
      coordinator = await startCoordinator(engine, { database: url.href });
      clients = openRawClients(coordinator.address);
    });
    after(async () => {
      clients?.close();
      await coordinator?.stop();
      await proxy?.close();
    });

    it('tells submitters to come back, and waits the outage out with those who wait', async () => {
      assert.ok(clients && proxy && coordinator);
      const task = { handler: 'outage.task' };
      const { tasks } = await clients.tasks('SubmitTasks', { tasks: [task, task] });
      const ids = tasks.map(({ id }) => id);
      const waiting = clients.tasks('WaitTasks', { ids, waitTimeout: { seconds: 30 } });
      const watched: WatchTasksResponse__Output[] = [];
      const watch = clients.taskClient.WatchTasks({ ids });
      watch.on('data', (answer: WatchTasksResponse__Output) => watched.push(answer));
      watch.on('error', () => {});
      await eventually(() => watched.length > 0);
      const { httpAddress } = coordinator;
      const readyStatus = async () => (await fetch(`http://${httpAddress}/readyz`)).status;
      assert.equal(await readyStatus(), 200);

      proxy.refuse();
      proxy.cut();
      const begun = performance.now();
      const refused = await refusal(clients.tasks('SubmitTasks', { tasks: [task] }));
      assert.ok(performance.now() - begun < 6000, `${performance.now() - begun} ms`);
      assert.deepEqual([refused.code, refused.reason], [14, 'DATABASE_UNAVAILABLE']);
      assert.ok((refused.retryDelayMs ?? 0) > 0);
      assert.equal(await readyStatus(), 503);
      const read = await refusal(clients.tasks('GetTask', { id: ids[0] ?? '' }));
      assert.equal(read.reason, 'DATABASE_UNAVAILABLE');

      proxy.heal();
      await eventually(async () => (await readyStatus()) === 200);
      await clients.tasks('CancelTasks', { ids });
      const waited = await waiting;
      assert.deepEqual([waited.tasks.length, waited.pendingIds], [2, []]);
      await eventually(() => {
        const ended = watched
          .flatMap((answer) => answer.tasks)
          .filter(({ state }) => state === 'TASK_STATE_CANCELLED');
        return new Set(ended.map(({ id }) => id)).size === 2;
      });
    });

    it('begins again under a new id when it was declared dead', async () => {
      assert.ok(clients);
      const { fleet, tasks } = clients;
      const live = async () =>
        (await fleet('ListCoordinators', {})).coordinators
          .filter(({ alive }) => alive)
          .map(({ id }) => id);
      const [before] = await live();
      const database = new pg.Client({ connectionString: engine.databaseUrl });
      await database.connect();
      await database.query('UPDATE muster.coordinators SET alive = false');
      await database.end();
      const after = await eventually(live, (ids) => ids.length === 1 && ids[0] !== before, {
        timeoutMs: 20_000,
      });
      assert.equal(after.length, 1);
      const submitted = await eventually(() =>
        tasks('SubmitTasks', { tasks: [{ handler: 'outage.reborn' }] }),
      );
      assert.equal(submitted.tasks.length, 1);
    });
  });
});
