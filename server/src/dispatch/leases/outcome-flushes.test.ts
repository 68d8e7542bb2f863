/** How outcomes that wait are cut into flushes. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { splitBatch } from './outcome-flushes.ts';

const pending = (taskId: string, bytes = 100) => ({ lease: { taskId }, bytes });

it('takes a bounded batch of two hundred thousand, and leaves the others in order', () => {
  const waiting = Array.from({ length: 200_000 }, (_, n) => pending(`${n}`));
  const { batch, rest } = splitBatch(waiting, 500, 1_000_000);
  assert.deepEqual(batch, waiting.slice(0, 500));
  assert.equal(rest.length, 199_500);
  assert.equal(rest[0], waiting[500]);
});

it('ends a batch before it is too large, and takes each task once', () => {
  const [a, again, b, c] = [pending('a', 60), pending('a', 1), pending('b', 30), pending('c', 20)];
  const { batch, rest } = splitBatch([a, again, b, c], 500, 100);
  assert.deepEqual(
    [batch, rest],
    [
      [a, b],
      [again, c],
    ],
  );
});
