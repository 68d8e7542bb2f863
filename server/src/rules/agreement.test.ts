/** Which settings are compared, and what is said of those that differ. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { disagreements, disagreementText } from './agreement.ts';

describe('settings of two coordinators', () => {
  const own = { 'session-timeout': 2000, 'payload-bytes-max': 1024, 'nats-subject-prefix': 'a' };

  it('agree if every one that both know is the same', () => {
    assert.deepEqual(disagreements(own, own), []);
    assert.deepEqual(disagreements(own, {}), []);
    assert.deepEqual(disagreements(own, { 'a-later-setting': 1, 'session-timeout': 2000 }), []);
  });

  it('are named with both values, their units, the other coordinator and the way out', () => {
    const settings = { ...own, 'session-timeout': 7000, 'nats-subject-prefix': 'b' };
    const other = { id: 'c-1', address: 'muster-1:7420', host: 'box/7', settings };
    const text = disagreementText(disagreements(own, settings), other);
    for (const part of [
      'c-1 at muster-1:7420 (box/7)',
      'session-timeout (2000 ms here, 7000 ms there)',
      'nats-subject-prefix ("a" here, "b" there)',
      '--change-settings',
    ])
      assert.ok(text.includes(part), text);
    const bytes = disagreementText(disagreements(own, { 'payload-bytes-max': 1 }), other);
    assert.match(bytes, /payload-bytes-max \(1024 bytes here, 1 bytes there\)/);
  });
});
