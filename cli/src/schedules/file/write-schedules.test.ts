// What is written can be read again, and says the same.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScheduleOptions } from '@muster/sdk';
import { faultsText } from './faults.ts';
import { readSchedules } from './read-schedules.ts';
import { writeSchedules } from './write-schedules.ts';

const written = (options: ScheduleOptions, comments: string[] = [], commentedOut = false) => ({
  ...{ options, comments, commentedOut },
});

describe('a written file', () => {
  it('comes back as it was, in the order of the form', () => {
    const options: ScheduleOptions = {
      misfire: { rule: 'ALL', max: 9 },
      overlap: 'SKIP',
      input: {
        text: '  two\n lines: #no comment\n',
        empty: '',
        number: '007',
        none: null,
        yes: 'yes',
      },
      handler: 'a.b',
      cron: ['* * * * *', '@daily'],
      at: [new Date('2031-04-05T06:07:08.009Z')],
      excludeRanges: [{ from: new Date(0), to: new Date(1_000) }],
      clockChanges: 'BOTH',
      retry: { maxAttempts: 5, nonRetryableErrors: ['E'] },
      labels: { rule: 'ALL' },
      name: 'a',
    };
    const text = writeSchedules(['head'], [written(options)]);
    const { entries, faults } = readSchedules(text);
    assert.equal(faults.count, 0, faultsText('a', faults));
    assert.deepEqual(entries[0]?.options, options);
    assert.match(text, /^# head\n\nschedules:\n {2}- name: a\n {4}handler: a\.b\n {4}cron:\n/);
    assert.match(text, /\n {4}overlap: skip\n/);
  });

  it('keeps as a comment what cannot be applied', () => {
    const text = writeSchedules([], [written({ name: 'a', handler: 'h' }, ['why'], true)]);
    assert.equal(text, 'schedules: []\n  # why\n  # - name: a\n  #   handler: h\n');
    assert.deepEqual(readSchedules(text).entries, []);
    assert.equal(readSchedules(text).faults.count, 0);
  });

  it('lets no comment break out of its line', () => {
    const text = writeSchedules(
      ['x\nschedules: 5'],
      [written({ name: 'a', handler: 'h' }, ['b\r\n- c\u2028d'])],
    );
    const { entries, faults } = readSchedules(text);
    assert.equal(faults.count, 0, text);
    assert.deepEqual(
      entries.map(({ options }) => options.name),
      ['a'],
    );
  });
});
