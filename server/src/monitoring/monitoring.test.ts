/** Who is called dead or lost, and when nobody is. Time and the database's answers are given by the test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { CoordinatorId, SessionId } from '../rules/task.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { CoordinatorRow, Coordinators, Store } from '../store/store.ts';
import { noEvents } from '../wakeups/events/events.ts';
import { createLostSessions } from './lost-sessions.ts';
import { createMembership } from './membership.ts';
import { createObservations } from './observations.ts';

const logger = pino({ level: 'silent' });

describe('observations', () => {
  it('count from the first sight of a value, and anew after a change or an outage', () => {
    const seen = createObservations<string, number>();
    assert.equal(seen.unchangedFor('a', 1, 100), 0);
    assert.equal(seen.unchangedFor('a', 1, 700), 600);
    assert.equal(seen.unchangedFor('a', 2, 800), 0);
    seen.clear();
    assert.equal(seen.unchangedFor('a', 2, 5000), 0);
    seen.keepOnly(new Set(['b']));
    assert.equal(seen.unchangedFor('a', 2, 6000), 0);
  });
});

function membershipScene() {
  const scene = {
    now: 0,
    counter: 1,
    alive: true,
    fails: false,
    takesMs: 1,
    dead: [] as string[],
    declared: 0,
  };
  const other = { id: 'other' as CoordinatorId, roles: ['dispatch'], address: 'there:1' };
  const coordinators = {
    beat: async () => {
      scene.now += scene.takesMs;
      if (scene.fails) throw new StoreUnavailable('away');
      const row = {
        ...other,
        draining: false,
        counter: scene.counter,
      } as unknown as CoordinatorRow;
      return { alive: scene.alive, others: [row], detached: [], lostLeases: false };
    },
    declareDead: async (id: CoordinatorId) => {
      scene.dead.push(id);
      return true;
    },
  } as unknown as Coordinators;
  const membership = createMembership({
    ...{
      coordinators,
      id: 'own' as CoordinatorId,
      roles: [],
      version: '',
      settings: {},
      logger,
      timeoutMs: 7000,
      livelyMs: 3000,
    },
    ...{ address: () => '', sessionCount: () => 0, stopping: () => false, died: () => {} },
    clock: () => scene.now,
    declaredDead: () => {
      scene.declared += 1;
    },
  });
  const beatUntil = async (until: number) => {
    while (scene.now < until) {
      await membership.beat().catch(() => {});
      scene.now += 1000;
    }
  };
  return { scene, membership, beatUntil };
}

describe('membership', () => {
  it('calls another dead after seven seconds without a sign of life, and not before', async () => {
    const { scene, beatUntil } = membershipScene();
    await beatUntil(6500);
    assert.deepEqual(scene.dead, []);
    await beatUntil(8500);
    assert.equal(scene.dead[0], 'other');
  });

  it('calls nobody dead who gives signs of life', async () => {
    const { scene, beatUntil, membership } = membershipScene();
    for (let n = 0; n < 20; n += 1) {
      scene.counter += 1;
      await beatUntil(scene.now + 3000);
    }
    assert.deepEqual(scene.dead, []);
    assert.deepEqual(membership.addresses('dispatch'), ['there:1']);
  });

  it('begins anew after every failed or slow statement of its own', async () => {
    for (const trouble of [{ fails: true }, { takesMs: 2500 }]) {
      const { scene, membership, beatUntil } = membershipScene();
      for (let n = 0; n < 5; n += 1) {
        await beatUntil(scene.now + 5500);
        Object.assign(scene, trouble);
        await membership.beat().catch(() => {});
        Object.assign(scene, { fails: false, takesMs: 1 });
      }
      assert.deepEqual(scene.dead, []);
    }
  });

  it('says so when it was declared dead itself', async () => {
    const { scene, membership } = membershipScene();
    scene.alive = false;
    await membership.beat();
    assert.equal(scene.declared, 1);
  });
});

describe('lost sessions', () => {
  const id = 'session' as SessionId;

  function lossScene() {
    const scene = { now: 0, lost: [] as string[], ended: 0 };
    const sessions = {
      lose: async (session: SessionId, attachment: number) => {
        scene.lost.push(`${session} ${attachment}`);
        return true;
      },
      loseLeases: async () => {
        scene.ended += 1;
        return [];
      },
    };
    const store = { sessions } as unknown as Store;
    const wakeups = {
      publish: () => {},
      subscribe: () => () => {},
      hearsOthers: () => true,
      start: async () => {},
      stop: async () => {},
    };
    const lostSessions = createLostSessions({
      ...{ store, wakeups, logger },
      events: noEvents,
      clock: () => scene.now,
    });
    return { scene, lostSessions };
  }

  it('are lost when they were seen detached for as long as their row allows', async () => {
    const { scene, lostSessions } = lossScene();
    assert.equal(await lostSessions.look([{ id, attachment: 1, lostInMs: 4000 }], false), 4000);
    scene.now = 3000;
    assert.equal(await lostSessions.look([{ id, attachment: 1, lostInMs: 4000 }], false), 1000);
    scene.now = 4000;
    assert.equal(await lostSessions.look([{ id, attachment: 1, lostInMs: 4000 }], false), null);
    assert.deepEqual(scene.lost, ['session 1']);
    assert.equal(scene.ended, 1);
  });

  it('begin anew when they attached in between, and after an outage', async () => {
    const { scene, lostSessions } = lossScene();
    await lostSessions.look([{ id, attachment: 1, lostInMs: 4000 }], false);
    scene.now = 5000;
    await lostSessions.look([{ id, attachment: 2, lostInMs: 4000 }], false);
    scene.now = 8000;
    lostSessions.restart();
    await lostSessions.look([{ id, attachment: 2, lostInMs: 4000 }], false);
    scene.now = 11_500;
    await lostSessions.look([{ id, attachment: 2, lostInMs: 4000 }], false);
    assert.deepEqual(scene.lost, []);
  });

  it('have the leases that an earlier sweep left ended as well', async () => {
    const { scene, lostSessions } = lossScene();
    await lostSessions.look([], true);
    assert.equal(scene.ended, 1);
  });
});
