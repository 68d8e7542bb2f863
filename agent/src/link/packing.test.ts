import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pack } from './packing.ts';

const limits = { messageItemsMax: 3, messageBytesMax: 10 };
const own = (bytes: number) => bytes;

test('a message holds so many items or bytes, whichever is first', () => {
  assert.deepEqual(pack([1, 1, 1, 1], own, limits), [[1, 1, 1], [1]]);
  assert.deepEqual(pack([6, 4, 1], own, limits), [[6, 4], [1]]);
  assert.deepEqual(pack([], own, limits), []);
});

test('an item that is too large for any message has one to itself', () => {
  assert.deepEqual(pack([1, 50, 1], own, limits), [[1], [50], [1]]);
});
