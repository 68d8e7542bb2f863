// Names from elsewhere become names that are allowed here.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitDescription, handlerName, isZone, NameGiver, scheduleName } from './names.ts';

describe('a name from elsewhere', () => {
  it('stays as near as it may to what it was', () => {
    const handlers = [
      'demoJobHandler',
      'sync.Orders',
      'HTTPServer',
      '2fast',
      'a b',
      'x/y',
      '任务',
      '_',
    ];
    assert.deepEqual(handlers.map(handlerName), [
      ...['demo-job-handler', 'sync.orders', 'http-server', 'fast', 'a-b', 'x.y', '', ''],
    ]);
    assert.deepEqual(['My Job', '/usr/bin/x', '任务', 'a'.repeat(200)].map(scheduleName), [
      ...['my-job', 'usr/bin/x', '', 'a'.repeat(128)],
    ]);
  });

  it('is given once', () => {
    const names = new NameGiver();
    const long = 'a'.repeat(200);
    const given = ['a', 'a', 'a-2', 'a', '', long, long].map((wish) => names.give(wish, 'none'));
    assert.deepEqual(given.slice(0, 5), ['a', 'a-2', 'a-2-2', 'a-3', 'none']);
    assert.equal(new Set(given).size, given.length);
    for (const name of given) assert.match(name, /^[a-z0-9][a-z0-9._/-]{0,127}$/);
  });

  it('of a zone is looked up', () => {
    assert.deepEqual(['Europe/Berlin', 'UTC', 'Mars/Base', ''].map(isZone), [
      true,
      true,
      false,
      false,
    ]);
  });

  it('may come with a description that is too long', () => {
    const { description = '', warnings } = fitDescription('😀'.repeat(400));
    assert.ok(Buffer.byteLength(description) <= 1_024);
    assert.ok(description.isWellFormed());
    assert.equal(warnings.length, 1);
    assert.deepEqual(fitDescription('short'), { description: 'short', warnings: [] });
  });
});
