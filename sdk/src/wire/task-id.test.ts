// Ids of tasks: UUIDv7 that rise strictly within a process.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createIdSource, isUuid, newTaskId } from './task-id.ts';

describe('task ids', () => {
  it('are UUIDs of version 7 that carry the time', () => {
    const id = newTaskId();
    assert.ok(isUuid(id));
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
    const ms = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    assert.ok(Math.abs(ms - Date.now()) < 1_000);
  });

  it('never share their random bytes', () => {
    const tails = new Set(Array.from({ length: 5_000 }, () => newTaskId().slice(19)));
    assert.equal(tails.size, 5_000);
  });

  it('rise strictly while the clock stands still, and when it is set back', () => {
    let now = 1_700_000_000_000;
    const next = createIdSource(
      () => now,
      (bytes) => bytes.fill(0xff),
    );
    let last = '';
    for (let count = 0; count < 10_000; count += 1) {
      if (count === 9_000) now -= 60_000;
      const id = next();
      assert.ok(id > last, `${id} after ${last}`);
      last = id;
    }
  });
});
