/**
 * What dispatch does when replies of the database are lost, late or refused: no lease is sent twice, none is forgotten,
 * and slots are counted right.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease, LeaseRef, TaskId } from '../rules/task.ts';
import { StoreRefused, StoreUnavailable } from '../store/errors.ts';
import { createScene, type Scene, type SceneAgent, until } from './scene/scene.ts';

const lost = () => new StoreUnavailable('the reply was lost');

describe('dispatch', () => {
  let scene: Scene;
  let handlers = 0;

  before(async () => {
    scene = await createScene();
  });
  after(() => scene.close());

  /** An agent with a handler of its own. */
  async function attachOwn(slots: number, more = {}) {
    handlers += 1;
    const name = `scene.h${handlers}`;
    const agent = await scene.attach({ agentId: name, slots, handlers: [{ name }], ...more });
    return { name, agent, handlerId: scene.handlerId(name) };
  }

  function finish(agent: SceneAgent, leases: readonly { taskId: string; leaseEpoch: number }[]) {
    const output = { mediaType: 'text/plain', data: Buffer.from('done') };
    agent.say({ outcomes: { outcomes: leases.map((lease) => ({ lease, output })) } });
  }

  function heldBy(agent: SceneAgent): number {
    const session = scene.parts.sessions.get(agent.sessionId);
    return (session?.held ?? 0) + (session?.reserved ?? 0);
  }

  async function expectAll(agent: SceneAgent, ids: readonly TaskId[]): Promise<void> {
    await until(() => agent.assigned().length >= ids.length);
    await sleep(50);
    assert.deepEqual(
      agent
        .assigned()
        .map(({ taskId }) => taskId)
        .sort(),
      [...ids].sort(),
      'each once',
    );
    finish(agent, agent.assigned());
    await until(() => agent.acks().length >= ids.length);
    assert.ok(agent.acks().every(({ status }) => status === 'OUTCOME_STATUS_RECORDED'));
    for (const id of ids) assert.equal(await scene.state(id), 'SUCCEEDED');
    assert.equal(heldBy(agent), 0);
  }

  it('sends what a claim took whose reply was lost, once', async () => {
    let isLost = false;
    scene.faults.leases.claim = async (request) => {
      const leases = await scene.store.leases.claim(request);
      if (leases.length === 0 || isLost) return leases;
      isLost = true;
      throw lost();
    };
    const { name, agent, handlerId } = await attachOwn(4);
    const ids = await scene.insert(name, 3);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    await expectAll(agent, ids);
    assert.ok(isLost);
    delete scene.faults.leases.claim;
  });

  it('keeps the slots of a claim whose reply was lost until its rows were read', async () => {
    let reads = 0;
    scene.faults.leases.claim = async () => {
      delete scene.faults.leases.claim;
      throw lost();
    };
    scene.faults.leases.running = async (ids) => {
      reads += 1;
      if (reads < 3) throw lost();
      return scene.store.leases.running(ids);
    };
    const { name, agent, handlerId } = await attachOwn(4);
    await until(() => reads >= 1);
    assert.equal(heldBy(agent), 4, 'nothing is known of these slots yet');
    const ids = await scene.insert(name, 4);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    await expectAll(agent, ids);
    assert.equal(reads, 3);
    delete scene.faults.leases.running;
  });

  it('does not send a lease whose reply came after it was taken up from the database', async () => {
    const late = Promise.withResolvers<void>();
    let claimed: readonly Lease[] = [];
    scene.faults.leases.claim = async (request) => {
      const leases = await scene.store.leases.claim(request);
      if (leases.length === 0) return leases;
      claimed = leases;
      await late.promise;
      return leases;
    };
    const { name, agent, handlerId } = await attachOwn(4);
    const ids = await scene.insert(name, 2);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    await until(() => claimed.length > 0);
    const session = scene.parts.sessions.get(agent.sessionId);
    assert.ok(session);
    scene.parts.reconciliation.recheck(session, () => {});
    await until(() => agent.assigned().length === 2);
    finish(agent, agent.assigned());
    await until(() => agent.acks().length === 2);
    late.resolve();
    await sleep(50);
    assert.equal(agent.assigned().length, 2, 'not sent again');
    for (const id of ids) assert.equal(await scene.state(id), 'SUCCEEDED');
    assert.equal(heldBy(agent), 0);
    delete scene.faults.leases.claim;
  });

  it('does not send a lease whose reply came after it was given back', async () => {
    const late = Promise.withResolvers<void>();
    scene.faults.leases.claim = async (request) => {
      delete scene.faults.leases.claim;
      const leases = await scene.store.leases.claim(request);
      await late.promise;
      return leases;
    };
    // Every unknown lease seems to be old.
    scene.faults.leases.running = async (ids) =>
      (await scene.store.leases.running(ids)).map((row) => ({ ...row, ageMs: 5000 }));
    handlers += 1;
    const name = `scene.h${handlers}`;
    await scene.dictionaries.ensureHandlers(scene.namespaceId, [name]);
    const [id] = await scene.insert(name, 1);
    assert.ok(id);
    const agent = await scene.attach({ agentId: name, slots: 1, handlers: [{ name }] });
    await until(async () => (await scene.state(id)) === 'RUNNING');
    await scene.parts.reconciliation.runOnce();
    await until(async () => (await scene.state(id)) === 'READY');
    late.resolve();
    await until(() => agent.assigned().length === 1);
    delete scene.faults.leases.running;
    await sleep(50);
    assert.deepEqual(
      agent.assigned(),
      [{ taskId: id, leaseEpoch: 2 }],
      'only the next lease is sent',
    );
    finish(agent, agent.assigned());
    await until(async () => (await scene.state(id)) === 'SUCCEEDED');
  });

  it('keeps the slot of an abandoned insert until the rows were read, and sends what it left', async () => {
    const { name, agent, handlerId } = await attachOwn(2);
    const reservation = await until(() => scene.parts.pool.reserve(handlerId));
    const [id] = await scene.insert(name, 1, reservation.offer);
    assert.ok(id);
    assert.equal(await scene.state(id), 'RUNNING');
    reservation.abandon();
    assert.equal(heldBy(agent), 1);
    await expectAll(agent, [id]);
  });

  it('gives back at once what was stored for a session that has gone', async () => {
    const { name, agent, handlerId } = await attachOwn(2);
    const reservation = await until(() => scene.parts.pool.reserve(handlerId));
    const [id] = await scene.insert(name, 1, reservation.offer);
    assert.ok(id);
    const rows = await scene.store.leases.running([agent.sessionId]);
    const [lease] = await scene.store.leases.load(rows);
    assert.ok(lease);
    agent.breakOff();
    await until(() => scene.parts.sessions.get(agent.sessionId) === null);
    reservation.fulfil(lease);
    await until(async () => (await scene.state(id)) === 'READY');
  });

  it('keeps the pool closed while older work waits, and opens it after a short claim', async () => {
    const { name, agent, handlerId } = await attachOwn(2);
    await until(() => scene.parts.pool.reserve(handlerId)).then((slot) => slot.cancel());
    const ids = await scene.insert(name, 3);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    await until(() => agent.assigned().length === 2);
    assert.equal(scene.parts.pool.reserve(handlerId), null, 'no slot is free');
    finish(agent, agent.assigned().slice(0, 1));
    assert.equal(scene.parts.pool.reserve(handlerId), null, 'the third task comes first');
    await until(() => agent.assigned().length === 3);
    finish(agent, agent.assigned());
    await until(() => scene.parts.pool.reserve(handlerId)).then((slot) => slot.cancel());
    for (const id of ids) await until(async () => (await scene.state(id)) === 'SUCCEEDED');
  });

  it('records an outcome once, though the reply of its flush was lost', async () => {
    let flushes = 0;
    scene.faults.leases.record = async (writes) => {
      flushes += 1;
      const results = await scene.store.leases.record(writes);
      if (flushes === 1) throw lost();
      return results;
    };
    const { name, agent, handlerId } = await attachOwn(2);
    const ids = await scene.insert(name, 2);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    await expectAll(agent, ids);
    assert.equal(flushes, 2);
    delete scene.faults.leases.record;
  });

  it('records 499 outcomes beside one that the database refuses, and that one as refused', async () => {
    const { name, agent, handlerId } = await attachOwn(500);
    const ids = await scene.insert(name, 500);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    await until(() => agent.assigned().length === 500);
    const poison = ids[137];
    assert.ok(poison);
    scene.faults.leases.record = async (writes) => {
      if (writes.some(({ taskId, output }) => taskId === poison && output !== null))
        throw new StoreRefused('22P05', 'a value that cannot be stored', null);
      return scene.store.leases.record(writes);
    };
    finish(agent, agent.assigned());
    await until(() => agent.acks().length === 500);
    delete scene.faults.leases.record;
    assert.ok(agent.acks().every(({ status }) => status === 'OUTCOME_STATUS_RECORDED'));
    const rows = await scene.store.tasks.getMany(scene.namespaceId, ids, 'BASIC');
    assert.equal(rows.filter(({ state }) => state === 'SUCCEEDED').length, 499);
    const refused = rows.find(({ id }) => id === poison);
    assert.deepEqual([refused?.state, refused?.failure?.kind], ['FAILED', 'REFUSED']);
  });

  it('writes the log lines of an attempt before its outcome, however slow they are', async () => {
    const { name, agent, handlerId } = await attachOwn(1);
    const [id] = await scene.insert(name, 1);
    assert.ok(id);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    const [lease] = await until(() => agent.assigned().length > 0 && agent.assigned());
    assert.ok(lease);
    scene.faults.leases.appendLogLines = async (...given) => {
      await sleep(100);
      return scene.store.leases.appendLogLines(...given);
    };
    agent.say({ logLines: { reports: [{ lease, lines: [{ message: 'the last word' }] }] } });
    finish(agent, [lease]);
    await until(() => agent.acks().length === 1);
    delete scene.faults.leases.appendLogLines;
    const [attempt] = await scene.store.tasks.attempts(id);
    assert.deepEqual(
      attempt?.logLines.map(({ message }) => message),
      ['the last word'],
    );
  });

  it('detaches a session whose attach was not answered', async () => {
    let id: string | null = null;
    scene.faults.sessions.create = async (...given) => {
      delete scene.faults.sessions.create;
      id = given[0];
      await scene.store.sessions.create(...given);
      throw lost();
    };
    handlers += 1;
    const name = `scene.h${handlers}`;
    await assert.rejects(scene.attach({ agentId: name, slots: 1, handlers: [{ name }] }));
    await until(async () => {
      const [row] = await scene.store.sessions.find(scene.namespaceId, name, 1);
      return row?.id === id && row?.state === 'DETACHED';
    });
  });

  it('drops a lease that has moved on, and tells its agent', async () => {
    const { name, agent, handlerId } = await attachOwn(1);
    const [id] = await scene.insert(name, 1);
    assert.ok(id);
    scene.wakeups.publish('ready', { handlerIds: [handlerId] });
    const [lease] = await until(() => agent.assigned().length > 0 && agent.assigned());
    assert.ok(lease);
    await scene.store.leases.returnUnsent([lease as LeaseRef]);
    await scene.parts.reconciliation.runOnce();
    const cancels = await until(
      () => agent.heard.find((message) => message.cancels)?.cancels?.cancels,
    );
    assert.deepEqual(
      cancels.map((cancel) => [cancel.lease?.taskId, cancel.cause]),
      [[id, 'CANCEL_CAUSE_LAPSED']],
    );
    finish(agent, [lease]);
    await until(() => agent.acks().length === 1);
    assert.equal(agent.acks()[0]?.status, 'OUTCOME_STATUS_STALE');
  });

  it("keeps to a handler's own share of the slots", async () => {
    handlers += 2;
    const [scarce, plenty] = [`scene.h${handlers - 1}`, `scene.h${handlers}`];
    const own = [{ name: scarce, slots: 2 }, { name: plenty }];
    const agent = await scene.attach({ agentId: scarce, slots: 5, handlers: own });
    await scene.insert(scarce, 4);
    await scene.insert(plenty, 1);
    const handlerIds = [scarce, plenty].map(scene.handlerId);
    scene.wakeups.publish('ready', { handlerIds });
    await until(() => agent.assigned().length === 3);
    await sleep(50);
    assert.equal(agent.assigned().length, 3);
    assert.equal(scene.parts.pool.reserve(scene.handlerId(scarce)), null);
  });
});
