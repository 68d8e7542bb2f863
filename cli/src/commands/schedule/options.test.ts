// What options make of a new schedule, and of one that is stored.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineSchedule, type Schedule } from '@muster/sdk';
import { UsageError } from '../../exit-codes.ts';
import { changesOf, scheduleOf, timesOf } from './options.ts';

const stored: Schedule = {
  id: '01890000-0000-7000-8000-000000000001',
  name: 'report/nightly',
  description: '',
  handler: 'report.send',
  state: 'ACTIVE',
  pauseNote: '',
  pausedByFailures: false,
  nextTime: undefined,
  fires: 0,
  failures: 0,
  times: { every: '5m', anchorTime: new Date(0), zone: 'Europe/Berlin', jitter: '10s' },
  task: {
    input: { to: 'a@b.c' },
    inputTemplate: undefined,
    priority: 3,
    key: undefined,
    keyWeight: undefined,
    retry: { maxAttempts: 5, initialDelay: '2s' },
    timeout: '30s',
    totalTimeout: undefined,
    atMostOnce: undefined,
    labels: { team: 'ops' },
  },
  misfire: { rule: 'ALL', max: 7, lateAfter: '2m' },
  overlap: { rule: 'BUFFER', running: 1, buffer: 3 },
  failuresMax: undefined,
  createTime: undefined,
  updateTime: undefined,
};

describe('a new schedule', () => {
  it('is what was given, and nothing else', () => {
    const options = scheduleOf('report/nightly', {
      handler: 'report.send',
      input: '{"to":"a@b.c"}',
      cron: ['0 3 * * *', '@monthly'],
      at: ['2031-04-05T06:07:08Z'],
      zone: 'Europe/Berlin',
      'exclude-date': ['2031-12-25'],
      misfire: 'all',
      'catch-up': '2h',
      overlap: 'buffer',
      buffer: '3',
      'failures-max': '5',
      'max-attempts': '2',
      label: ['team=ops'],
    });
    assert.deepEqual(options, {
      name: 'report/nightly',
      handler: 'report.send',
      input: { to: 'a@b.c' },
      cron: ['0 3 * * *', '@monthly'],
      at: [new Date('2031-04-05T06:07:08Z')],
      zone: 'Europe/Berlin',
      excludeDates: ['2031-12-25'],
      misfire: { rule: 'ALL', catchUp: '2h' },
      overlap: { rule: 'BUFFER', buffer: 3 },
      failuresMax: 5,
      retry: { maxAttempts: 2 },
      labels: { team: 'ops' },
    });
    assert.equal(defineSchedule(options).name, 'report/nightly');
    assert.deepEqual(scheduleOf('a', { handler: 'sweep', every: '5m', running: '2' }), {
      name: 'a',
      handler: 'sweep',
      every: '5m',
      overlap: { rule: 'ALLOW', running: 2 },
    });
  });

  it('needs a handler, and values that can be read', () => {
    assert.throws(() => scheduleOf('a', { every: '5m' }), /Give the --handler/);
    assert.throws(() => scheduleOf('a', { handler: 'b', input: '{' }), UsageError);
    assert.throws(() => timesOf({ every: '5' }), /--every is "5"|every is "5"/);
    assert.throws(() => timesOf({ at: ['2031-04-05T06:07:08'] }), /--at is/);
    assert.throws(() => scheduleOf('a', { handler: 'b', overlap: 'skp' }), /Did you mean "SKIP"/);
  });
});

describe('a change', () => {
  it('of when replaces the way, and keeps zone and bounds', () => {
    assert.deepEqual(changesOf({ cron: ['0 4 * * *'] }, stored), {
      cron: ['0 4 * * *'],
      zone: 'Europe/Berlin',
      jitter: '10s',
    });
    assert.deepEqual(changesOf({ zone: 'UTC' }, stored), { ...stored.times, zone: 'UTC' });
  });

  it('of the task keeps what is not named', () => {
    assert.deepEqual(changesOf({ 'max-attempts': '2' }, stored), {
      handler: 'report.send',
      input: { to: 'a@b.c' },
      priority: 3,
      retry: { maxAttempts: 2, initialDelay: '2s' },
      timeout: '30s',
      labels: { team: 'ops' },
    });
    const changes = changesOf({ handler: 'sweep', 'input-template': '[{{key}}]' }, stored);
    assert.deepEqual([changes.handler, changes.inputTemplate], ['sweep', '[{{key}}]']);
    assert.ok(!('input' in changes));
  });

  it('of the task is refused where its input would be lost', () => {
    const input = { mediaType: 'x/sealed', data: Buffer.from([1]) };
    const sealed = { ...stored, task: { ...stored.task, input } };
    assert.throws(() => changesOf({ priority: '1' }, sealed), /\(x\/sealed\) cannot be read here/);
    assert.equal(changesOf({ priority: '1', input: '5' }, sealed).input, 5);
    assert.deepEqual(changesOf({ description: 'new' }, sealed), { description: 'new' });
  });

  it('of a policy keeps what still has a meaning', () => {
    assert.deepEqual(changesOf({ misfire: 'skip' }, stored), {
      misfire: { rule: 'SKIP', lateAfter: '2m' },
    });
    assert.deepEqual(changesOf({ 'catch-up': '1d' }, stored), {
      misfire: { rule: 'ALL', max: 7, lateAfter: '2m', catchUp: '1d' },
    });
    assert.deepEqual(changesOf({ buffer: '9' }, stored), {
      overlap: { rule: 'BUFFER', running: 1, buffer: 9 },
    });
    assert.deepEqual(changesOf({ overlap: 'skip', 'failures-max': '0' }, stored), {
      overlap: { rule: 'SKIP' },
      failuresMax: 0,
    });
  });

  it('of nothing is refused', () => {
    assert.throws(() => changesOf({}, stored), /Say what to change/);
  });
});
