// Two coordinators over one Postgres, without any wakeups between them: everything holds within a safety poll.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { WatchTasksResponse__Output } from '@muster/proto';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { openRawClients, type RawClients } from './raw-client.ts';

eachEngine('replicas', (engine) => {
  // The embedded database belongs to one process.
  if (engine.name === 'pglite') return;
  describe('with two coordinators', { concurrency: 5 }, () => {
    const coordinators: TestCoordinator[] = [];
    const clients: RawClients[] = [];
    before(async () => {
      // The second has no timers: what it stores falls due at the first.
      for (const flags of [[], ['--roles', 'api,dispatch']]) {
        const coordinator = await startCoordinator(engine, { flags });
        coordinators.push(coordinator);
        clients.push(openRawClients(coordinator.address));
      }
    });
    after(async () => {
      for (const each of clients) each.close();
      for (const coordinator of coordinators) await coordinator.stop();
    });
    const pair = () => {
      const [first, second] = clients;
      assert.ok(first && second);
      return { first, second };
    };

    it('lets who waits at one hear of what happens at the other', async () => {
      const { first, second } = pair();
      const { tasks } = await first.tasks('SubmitTasks', {
        tasks: Array(3).fill({ handler: 'replica.wait' }),
      });
      const ids = tasks.map(({ id }) => id);
      const waiting = first.tasks('WaitTasks', { ids });
      const watched: WatchTasksResponse__Output[] = [];
      const watch = first.taskClient.WatchTasks({ ids });
      watch.on('data', (answer: WatchTasksResponse__Output) => watched.push(answer));
      await eventually(() => watched.length > 0);
      const begun = performance.now();
      await second.tasks('CancelTasks', { ids });
      const waited = await waiting;
      assert.ok(performance.now() - begun < 8000);
      assert.deepEqual([waited.tasks.length, waited.pendingIds], [3, []]);
      await eventually(
        () =>
          watched.flatMap((answer) => answer.tasks).filter(({ endTime }) => endTime).length >= 3,
      );
    });

    it('knows a namespace at once that was made at the other', async () => {
      const { first, second } = pair();
      await second.namespaces('CreateNamespace', { namespace: { name: 'fresh' } });
      const { tasks } = await first.tasks('SubmitTasks', {
        namespace: 'fresh',
        tasks: [{ handler: 'a' }],
      });
      assert.equal(tasks.length, 1);
      const { task } = await second.tasks('GetTask', {
        namespace: 'fresh',
        id: tasks[0]?.id ?? '',
      });
      assert.equal(task?.handler, 'a');
    });

    it('promotes at one what was stored at the other', async () => {
      const { second } = pair();
      const delayed = { handler: 'replica.due', startDelay: { nanos: 100_000_000 } };
      const { tasks } = await second.tasks('SubmitTasks', { tasks: [delayed] });
      const id = tasks[0]?.id ?? '';
      const state = async () => (await second.tasks('GetTask', { id })).task?.state;
      await eventually(state, (now) => now === 'TASK_STATE_READY', { timeoutMs: 8000 });
    });

    it('stores a submit once that is sent to both', async () => {
      const { first, second } = pair();
      const task = { handler: 'replica.once', idempotencyKey: 'once' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? first : second).tasks('SubmitTasks', { tasks: [task] }),
        ),
      );
      assert.equal(new Set(answers.map(({ tasks }) => tasks[0]?.id)).size, 1);
      assert.equal(answers.filter(({ tasks }) => !tasks[0]?.duplicate).length, 1);
    });

    it('lists both coordinators with their roles', async () => {
      const { coordinators: listed } = await pair().first.fleet('ListCoordinators', {});
      const roles = listed.map((each) => [...each.roles].sort().join());
      assert.deepEqual(roles.sort(), ['api,dispatch', 'api,dispatch,monitoring,scheduling']);
    });
  });
});
