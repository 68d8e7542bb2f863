import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Slots } from './slots.ts';

describe('slots', () => {
  test('are counted overall and per handler', () => {
    const slots = new Slots(3, new Map([['rare', 1]]), () => {});
    const rare = slots.take('rare');
    assert.equal(slots.isFree('rare'), false);
    assert.equal(slots.isFree('other'), true);
    slots.take('other');
    slots.take('other');
    assert.equal(slots.isFree('other'), false);
    assert.throws(() => slots.take('other'), /No slot is free/);
    rare.free();
    rare.free();
    assert.equal(slots.isFree('rare'), true);
    assert.equal(slots.taken, 2);
  });

  test('of a handler that outlives its outcome are not offered until it ends', () => {
    const offers: number[] = [];
    const slots: Slots = new Slots(2, new Map(), () => offers.push(slots.offered));
    const taken = slots.take('work');
    taken.stick();
    taken.stick();
    assert.equal(slots.anyFree, true);
    assert.equal(slots.offered, 1);
    taken.free();
    assert.deepEqual(offers, [1, 2]);
    const other = slots.take('work');
    other.free();
    assert.deepEqual(offers, [1, 2]);
  });
});
