/** The loop of turns, over a real store: one schedule that cannot be followed or written stops no other. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { pino } from 'pino';
import { eachEngine } from '../../../test/harness/engines.ts';
import { configOf } from '../config.ts';
import { scheduleWith } from '../rules/schedule/scene.ts';
import { beginAt } from '../rules/schedule/turn.ts';
import { emptySlotPool } from '../rules/slot-pool.ts';
import type { Database } from '../store/engines/database.ts';
import { openStoreAndDatabase } from '../store/open.ts';
import { createScene, defaultNamespace, type Scene } from '../store/scene/scene.ts';
import type { Store, WrittenSchedule } from '../store/store.ts';
import { systemTime } from '../time.ts';
import { noEvents } from '../wakeups/events/events.ts';
import { createInProcessWakeups } from '../wakeups/in-process.ts';
import { createTurns } from './turns.ts';

const logger = pino({ level: 'silent' });

eachEngine('turns', (engine) => {
  let store: Store;
  let database: Database;
  let scene: Scene;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      database: engine.databaseUrl ?? 'memory',
    }));
    scene = await createScene(store);
  });
  after(() => store.close());

  /** Stores schedules that are due, in the order of their names. */
  async function storeDue(names: readonly string[], priorityOf = (_: string) => 0): Promise<void> {
    const handlerId = await scene.handler();
    const written = names.map((name): WrittenSchedule => {
      const { spec } = scheduleWith({});
      return {
        ...{ name, handlerId, handler: 'any', input: null },
        spec: { ...spec, task: { ...spec.task, priority: priorityOf(name) } },
      };
    });
    const unasked = () => assert.fail('They are new.');
    await store.schedules.apply(
      defaultNamespace,
      written,
      {
        begin: (schedule, now) => ({ ...beginAt(schedule, now, false), pauseNote: '' }),
        change: unasked,
        approve: () => {},
      },
      { validateOnly: false, mayExist: false },
    );
    await database.execute(`UPDATE schedules SET next_at = date_trunc('minute', now()), look_at = now() - interval '1 s'
      WHERE name IN (${names.map((name) => `'${name}'`).join(', ')})`);
  }

  const loop = () =>
    createTurns({
      ...{
        store,
        wakeups: createInProcessWakeups(logger),
        events: noEvents,
        pool: emptySlotPool,
        config: configOf(),
      },
      ...{ time: systemTime, logger },
    });

  async function stateOf(name: string) {
    const schedule = await store.schedules.get(defaultNamespace, name);
    assert.ok(schedule);
    return { state: schedule.state, note: schedule.pauseNote, fires: schedule.fires };
  }

  it('pauses a schedule whose zone is no longer known, and fires the others', async () => {
    await storeDue(['zone/a', 'zone/b', 'zone/c']);
    await database.execute(`UPDATE schedules SET spec = jsonb_set(spec, '{timing,zone}', '"Mars/Olympus"')
      WHERE name = 'zone/b'`);
    assert.equal((await loop().runOnce()).did, 3);
    const bad = await stateOf('zone/b');
    assert.equal(bad.state, 'PAUSED');
    assert.match(bad.note, /^It cannot be followed: The time zone "Mars\/Olympus" is unknown/);
    assert.deepEqual([(await stateOf('zone/a')).fires, (await stateOf('zone/c')).fires], [1, 1]);
  });

  it('pauses a schedule whose task the database refuses, and fires the others', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `poison/${10 + index}`);
    await storeDue(names, (name) => (name === 'poison/17' ? 77 : 0));
    await database.execute('ALTER TABLE tasks ADD CONSTRAINT poison CHECK (priority <> 77)');
    const turns = loop();
    for (let runs = 0; runs < 60; runs += 1) if ((await turns.runOnce()).did === 0) break;
    const bad = await stateOf('poison/17');
    assert.equal(bad.state, 'PAUSED');
    assert.match(bad.note, /^It cannot be followed: .*poison/);
    for (const name of names.filter((each) => each !== 'poison/17'))
      assert.equal((await stateOf(name)).fires, 1, name);
  });
});
