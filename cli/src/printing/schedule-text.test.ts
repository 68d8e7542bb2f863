// Schedules in words.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { misfireText, overlapText, whenText } from './schedule-text.ts';
import { zoneText } from './zone-text.ts';

describe('when a schedule asks', () => {
  it('is said in a line, with the zone where it matters', () => {
    const at = new Date('2031-04-05T06:07:08Z');
    for (const [times, text] of [
      [{ cron: ['0 3 * * *'], zone: 'Europe/Berlin' }, '0 3 * * * Europe/Berlin'],
      [{ quartz: '0 0 3 ? * 2', every: '5m' }, '0 0 3 ? * 2 (quartz); every 5m UTC'],
      [{ every: '5m', zone: 'Europe/Berlin' }, 'every 5m'],
      [{ afterEnd: '90s' }, '90s after the end of the task before'],
      [{ at }, 'at 2031-04-05T06:07:08.000Z'],
      [{ at: Array(6).fill(at) }, 'at 6 moments'],
    ] as const) {
      assert.equal(whenText(times), text);
    }
  });
});

describe('policies', () => {
  it('say what becomes of late times', () => {
    assert.equal(
      misfireText({}),
      'the newest late time fires; late is what is more than 60s overdue',
    );
    assert.equal(
      misfireText({ rule: 'ALL', max: 7, catchUp: '2d', startDeadline: '1h', lateAfter: '5m' }),
      'all late times fire, at most 7 at once; late is what is more than 5m overdue; ' +
        'what is older than 2d does not fire; given up if not started within 1h',
    );
  });

  it('say what becomes of times while tasks are unfinished', () => {
    assert.deepEqual(
      [
        overlapText({ rule: 'ALLOW' }),
        overlapText({ rule: 'ALLOW', running: 2 }),
        overlapText({ rule: 'SKIP' }),
        overlapText({ rule: 'BUFFER', buffer: 3 }),
        overlapText({ rule: 'CANCEL' }),
      ],
      [
        'times fire whatever is unfinished',
        'a time is skipped while 2 tasks are unfinished',
        'a time is skipped while a task is unfinished',
        'a time waits while a task is unfinished; at most 3 wait',
        'unfinished tasks are cancelled first',
      ],
    );
  });
});

describe('a moment in a zone', () => {
  it('has the offset and the day of the week that hold there', () => {
    const winter = new Date('2031-01-01T23:30:00Z');
    assert.equal(zoneText(winter, 'Europe/Berlin'), '2031-01-02 00:30:00 +01:00 Thu');
    const summer = new Date('2031-07-01T23:30:00Z');
    assert.equal(zoneText(summer, 'Europe/Berlin'), '2031-07-02 01:30:00 +02:00 Wed');
    assert.equal(zoneText(winter, 'UTC'), '2031-01-01 23:30:00 +00:00 Wed');
    assert.equal(zoneText(winter, 'Asia/Kathmandu'), '2031-01-02 05:15:00 +05:45 Thu');
    assert.equal(zoneText(winter, 'Europe/Atlantis'), undefined);
  });
});
