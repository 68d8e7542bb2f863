/** Which ends are noted: those that are heard of at once, all others by walking, and none while none matters. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { configOf } from '../config.ts';
import { taskId } from '../rules/schedule/scene.ts';
import type { TaskId } from '../rules/task.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { systemTime } from '../time.ts';
import { createInProcessWakeups } from '../wakeups/in-process.ts';
import { createEndWatch } from './end-watch.ts';

type Page = Awaited<ReturnType<Store['schedules']['findEnds']>>;

/** A watch over a database that answers with these pages; time goes by as the test says. */
function watchScene(pages: Page[] = []) {
  const scene = { now: 0, noted: [] as TaskId[][], walks: 0, nudges: 0, fails: false };
  const schedules = {
    findEnds: async () => {
      scene.walks += 1;
      return pages.shift() ?? { ended: [], unfinished: [], last: null };
    },
    noteEnds: async (ids: readonly TaskId[]) => {
      if (scene.fails) throw new StoreUnavailable('away');
      scene.noted.push([...ids]);
      return ids.length;
    },
  } as unknown as Store['schedules'];
  const wakeups = createInProcessWakeups(pino({ level: 'silent' }), (action) => action());
  const watch = createEndWatch({
    ...{ store: { schedules } as Store, wakeups, config: configOf() },
    time: { ...systemTime, now: () => scene.now },
    onEnd: () => {
      scene.nudges += 1;
    },
  });
  const finish = (...ids: TaskId[]) =>
    wakeups.publish('moved', { tasks: ids.map((id) => ({ taskId: id, finished: true })) });
  return { scene, watch, finish };
}

const [a, b, c] = [taskId(1), taskId(2), taskId(3)];

describe('ends of tasks', () => {
  it('that are followed are noted as soon as they are heard of, and no others', async () => {
    const { scene, watch, finish } = watchScene();
    watch.follow([a, b]);
    finish(a, c);
    assert.equal(scene.nudges, 1);
    await watch.note();
    assert.deepEqual(scene.noted, [[a]]);
    await watch.note();
    assert.equal(scene.noted.length, 1);
  });

  it('are noted later if the database is away', async () => {
    const { scene, watch, finish } = watchScene();
    watch.follow([a]);
    finish(a);
    scene.fails = true;
    await assert.rejects(watch.note(), StoreUnavailable);
    scene.fails = false;
    await watch.note();
    assert.deepEqual(scene.noted, [[a]]);
  });

  it('that nobody heard of are found by walking, page after page, and then with the safety poll', async () => {
    const { scene, watch, finish } = watchScene([
      { ended: [a], unfinished: [b], last: b },
      { ended: [], unfinished: [c], last: null },
    ]);
    watch.watch(true);
    await watch.note();
    assert.deepEqual([scene.noted, scene.nudges], [[[a]], 1]);
    await watch.note();
    await watch.note();
    assert.equal(scene.walks, 2);
    finish(b, c);
    await watch.note();
    assert.deepEqual(scene.noted.at(-1), [b, c]);
    scene.now = 5_000;
    await watch.note();
    assert.equal(scene.walks, 3);
  });

  it('are not looked for while none matters', async () => {
    const { scene, watch, finish } = watchScene();
    watch.follow([a]);
    watch.watch(false);
    finish(a);
    await watch.note();
    assert.deepEqual([scene.walks, scene.noted], [0, []]);
  });

  it('that others have noted are forgotten with the next walk', async () => {
    const { scene, watch, finish } = watchScene([{ ended: [], unfinished: [b], last: null }]);
    watch.follow([a]);
    watch.watch(true);
    scene.now = 1;
    await watch.note();
    scene.now = 5_000;
    await watch.note();
    finish(a);
    assert.equal(scene.nudges, 0);
  });
});
