/** Admissions: whom limits let pass, in which order, and how lanes stand after it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LaneId, TaskId } from '../task.ts';
import {
  type Admission,
  admit,
  fullLookMs,
  type SharedLimit,
  sharedLookAt,
  sharedRoom,
  type WaitingLane,
} from './admission.ts';
import { noLimits } from './limits.ts';

const lane = (id: string, count: number, changes: Partial<WaitingLane> = {}): WaitingLane => ({
  id: id as LaneId,
  weight: 1,
  turn: 0,
  open: true,
  bucket: null,
  running: 0,
  heads: Array.from({ length: count }, (_, n) => ({
    taskId: `${id}${n + 1}` as TaskId,
    bytes: 100,
  })),
  late: 0,
  whole: true,
  ...changes,
});
const shared = (changes: Partial<SharedLimit>): SharedLimit => ({
  ...{ id: 1, name: '', concurrency: null, rate: null, bucket: null, running: 0 },
  ...changes,
});
const room = (slots: number) => ({ slots, bytesMax: 1_000_000, now: 1_000 });
const taken = ({ taken }: Admission) => taken.map(({ taskId }) => taskId).join(' ');
const stands = ({ lanes }: Admission) => lanes.map(({ stands }) => stands).join(' ');
const hourly = { count: 1, windowMs: 3_600_000, burst: 2 };

describe('an admission', () => {
  it('deals slots to lanes in turn, and begins with the one that has had least', () => {
    const lanes = [lane('a', 5, { turn: 2 }), lane('b', 5, { turn: 4 }), lane('c', 1, { turn: 4 })];
    const first = admit(lanes, [], noLimits, room(7));
    assert.equal(taken(first), 'a1 a2 a3 b1 c1 a4 b2');
    assert.deepEqual(
      first.lanes.map(({ turn }) => turn),
      [6, 6, 5],
    );
    assert.deepEqual([stands(first), first.more], ['OPEN OPEN GONE', true]);
  });

  it('gives a lane as many turns as it weighs', () => {
    const lanes = [lane('a', 9, { weight: 3 }), lane('b', 9)];
    assert.equal(taken(admit(lanes, [], noLimits, room(8))), 'a1 a2 a3 b1 a4 a5 a6 b2');
  });

  it('lets a lane that was closed begin among the others, not where it stood', () => {
    const lanes = [lane('a', 3, { turn: 10 }), lane('b', 3, { turn: 1, open: false })];
    assert.equal(taken(admit(lanes, [], noLimits, room(4))), 'a1 b1 a2 b2');
  });

  it('takes no more of a key than may run, and closes its lane', () => {
    const limits = { ...noLimits, keyConcurrency: 2 };
    const found = admit([lane('a', 3, { running: 1 }), lane('b', 1)], [], limits, room(9));
    assert.equal(taken(found), 'a1 b1');
    assert.deepEqual([stands(found), found.more], ['CLOSED GONE', false]);
    assert.equal(found.lanes[0]?.lookAt, 1_000 + fullLookMs);
    const over = admit([lane('a', 3, { running: 7 })], [], limits, room(9));
    assert.equal(taken(over), '', 'a limit that was lowered');
  });

  it('takes no more of a key than its bucket holds, and remembers the bucket', () => {
    const limits = { ...noLimits, keyRate: hourly };
    const found = admit([lane('a', 3), lane('b', 1)], [], limits, room(9));
    assert.equal(taken(found), 'a1 b1 a2');
    assert.equal(stands(found), 'CLOSED EMPTY');
    assert.deepEqual(
      found.lanes.map(({ lookAt }) => lookAt),
      [1_000 + 3_600_000, 1_000 + 3_600_000],
    );
  });

  it('lets no more pass than every shared limit does', () => {
    const limits = [shared({ concurrency: 5, running: 2 }), shared({ id: 2, rate: hourly })];
    assert.equal(sharedRoom(limits, 1_000), 2);
    const found = admit([lane('a', 9)], limits, noLimits, room(9));
    assert.equal(taken(found), 'a1 a2');
    assert.deepEqual(found.buckets, [{ id: 2, bucket: { tokens: 0, at: 1_000 } }]);
    assert.deepEqual([stands(found), found.more], ['OPEN', false]);
    assert.equal(sharedLookAt(limits, 1_000), null);
    const after = [shared({ id: 2, rate: hourly, bucket: { tokens: 0, at: 1_000 } })];
    assert.equal(sharedLookAt(after, 1_000), 3_601_000);
    assert.equal(sharedRoom([shared({ concurrency: 1, running: 4 })], 0), 0);
  });

  it('stops at its bytes, but never before the first', () => {
    assert.equal(
      taken(admit([lane('a', 3)], [], noLimits, { ...room(9), bytesMax: 250 })),
      'a1 a2',
    );
    const found = admit([lane('a', 3)], [], noLimits, { ...room(9), bytesMax: 1 });
    assert.deepEqual([taken(found), found.more], ['a1', true]);
  });

  it('comes back to a lane of which only late tasks are left', () => {
    const found = admit([lane('a', 1, { late: 2 })], [], noLimits, room(9));
    assert.deepEqual([taken(found), stands(found), found.more], ['a1', 'CLOSED', false]);
  });

  it('never takes more than any limit allows, and leaves no lane with work behind', () => {
    const someLane = fc.record({
      weight: fc.double({ min: 0.001, max: 1_000, noNaN: true }),
      turn: fc.double({ min: 0, max: 1e6, noNaN: true }),
      open: fc.boolean(),
      running: fc.nat({ max: 5 }),
      count: fc.nat({ max: 8 }),
      whole: fc.boolean(),
    });
    const limit = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null });
    const some = fc.record({
      lanes: fc.array(someLane, { minLength: 1, maxLength: 12 }),
      ...{ keyConcurrency: limit, concurrency: limit, slots: fc.integer({ min: 1, max: 20 }) },
    });
    fc.assert(
      fc.property(some, ({ lanes, keyConcurrency, concurrency, slots }) => {
        const waiting = lanes.map(({ count, ...facts }, n) => lane(`l${n}-`, count, facts));
        const running = waiting.reduce((sum, each) => sum + each.running, 0);
        const limits = [shared({ concurrency, running })];
        const found = admit(waiting, limits, { ...noLimits, keyConcurrency }, room(slots));
        assert.ok(found.taken.length <= slots);
        if (concurrency !== null)
          assert.ok(found.taken.length <= Math.max(0, concurrency - running));
        for (const [n, each] of waiting.entries()) {
          const own = found.taken.filter(({ laneId }) => laneId === each.id).length;
          if (keyConcurrency !== null) assert.ok(own <= Math.max(0, keyConcurrency - each.running));
          const left = !each.whole || own < each.heads.length;
          const standing = found.lanes[n];
          assert.equal(standing?.stands === 'GONE', !left);
          if (standing?.stands === 'CLOSED') assert.ok(standing.lookAt !== null);
        }
      }),
    );
  });
});
