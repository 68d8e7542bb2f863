import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from './clock.ts';

test('a timer longer than Node can hold does not fire at once', async () => {
  let fired = false;
  const timer = systemClock.after(30 * 86_400_000, () => {
    fired = true;
  });
  await sleep(30);
  timer.cancel();
  assert.equal(fired, false);
});

test('a timer fires once, and not at all when it was taken back', async () => {
  let fired = 0;
  systemClock.after(1, () => {
    fired += 1;
  });
  systemClock
    .after(1, () => {
      fired += 100;
    })
    .cancel();
  await sleep(30);
  assert.equal(fired, 1);
});
