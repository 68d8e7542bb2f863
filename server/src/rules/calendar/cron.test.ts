/** Cron expressions as they are read: both dialects, what each field takes, and how a wrong one is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cron, readCron } from './cron.ts';
import { daysOf } from './days.ts';
import { type CronDialect, CronFault } from './field.ts';

const daysIn = (cron: Cron, year: number, month: number) => daysOf(cron.days, year, month);

describe('a cron expression', () => {
  it('of five, six or seven fields is read', () => {
    const five = readCron('5,35 8-18/2 * JAN,JUL *', 'unix');
    assert.deepEqual(five.seconds, [0]);
    assert.deepEqual(five.minutes, [5, 35]);
    assert.deepEqual(five.hours, [8, 10, 12, 14, 16, 18]);
    assert.deepEqual(five.months, [1, 7]);
    assert.equal(five.years, null);
    assert.deepEqual(readCron('*/20 0 0 1 1 *', 'unix').seconds, [0, 20, 40]);
    assert.deepEqual(
      readCron('0 0 0 1 1 ? 2027-2031/2,2040', 'quartz').years,
      new Set([2027, 2029, 2031, 2040]),
    );
    assert.deepEqual(readCron('@daily', 'unix'), readCron('0 0 * * *', 'unix'));
  });

  it('counts days of the week by its dialect', () => {
    // 1 February 2026 is a Sunday.
    assert.deepEqual(daysIn(readCron('0 0 * * 0', 'unix'), 2026, 2), [1, 8, 15, 22]);
    assert.deepEqual(daysIn(readCron('0 0 * * 7', 'unix'), 2026, 2), [1, 8, 15, 22]);
    assert.deepEqual(daysIn(readCron('0 0 0 ? * 1', 'quartz'), 2026, 2), [1, 8, 15, 22]);
    assert.deepEqual(daysIn(readCron('0 0 0 ? * 7', 'quartz'), 2026, 2), [7, 14, 21, 28]);
    const working = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27];
    for (const [text, dialect] of [
      ['0 0 * * 1-5', 'unix'],
      ['0 0 0 ? * 2-6', 'quartz'],
      ['0 0 0 ? * MON-FRI', 'quartz'],
    ] as const)
      assert.deepEqual(daysIn(readCron(text, dialect), 2026, 2), working, text);
    assert.deepEqual(
      daysIn(readCron('0 0 0 ? * SAT-SUN', 'quartz'), 2026, 2),
      [1, 7, 8, 14, 15, 21, 22, 28],
    );
  });

  it('takes L, W and #', () => {
    const days = (text: string, month: number) =>
      daysIn(readCron(`0 0 0 ${text}`, 'quartz'), 2026, month);
    assert.deepEqual(days('L * ?', 2), [28]);
    assert.deepEqual(days('L-2 * ?', 4), [28]);
    assert.deepEqual(days('LW * ?', 5), [29], 'the 31st is a Sunday');
    assert.deepEqual(days('1W * ?', 8), [3], 'the first is a Saturday, and the month is not left');
    assert.deepEqual(days('15W * ?', 3), [16], 'the 15th is a Sunday');
    assert.deepEqual(days('31W * ?', 4), [], 'there is no 31st');
    assert.deepEqual(days('? * 6L', 2), [27]);
    assert.deepEqual(days('? * FRI#2', 2), [13]);
    assert.deepEqual(days('? * MON#5', 3), [30]);
    assert.deepEqual(days('? * MON#5', 2), []);
  });

  it('wants either of two day fields, but both if one begins with *', () => {
    assert.deepEqual(daysIn(readCron('0 0 13 * FRI', 'unix'), 2026, 1), [2, 9, 13, 16, 23, 30]);
    assert.deepEqual(daysIn(readCron('0 0 */10 * SUN', 'unix'), 2026, 2), [1]);
    assert.deepEqual(daysIn(readCron('0 0 13 * ?', 'unix'), 2026, 1), [13]);
  });

  it('that is wrong is refused with the field, the value and an example', () => {
    const wrong: readonly (readonly [string, CronDialect, RegExp])[] = [
      ['', 'unix', /has 0 fields, not 5 to 7: "30 2 \* \* MON-FRI"/],
      ['* * * *', 'unix', /has 4 fields/],
      ['* * * * *', 'quartz', /has 5 fields, not 6 to 7/],
      ['60 * * * *', 'unix', /^The minute "60": .*0-59/],
      ['* 24 * * *', 'unix', /^The hour "24": .*0-23/],
      ['* * 32 * *', 'unix', /^The day of the month "32": /],
      ['* * * 13 *', 'unix', /^The month "13": /],
      ['* * * * 8', 'unix', /^The day of the week "8": /],
      ['* * * * FRY', 'unix', /^The day of the week "fry": /],
      ['*/0 * * * *', 'unix', /^The minute "\*\/0": /],
      ['30-10 * * * *', 'unix', /^The minute "30-10": /],
      ['H * * * *', 'unix', /^The minute "H": it is not made of/],
      ['? * * * *', 'unix', /^The minute "\?": "\?" stands for a day only/],
      ['1,,2 * * * *', 'unix', /^The minute "1,,2": /],
      ['* * * * MON#6', 'unix', /6 is not within 1 and 5/],
      ['* * L-31 * *', 'unix', /31 is not within 0 and 30/],
      ['0 0 0 1 1 ? 1969', 'quartz', /^The year "1969": .*1970 to 2199/],
      ['0 0 0 * * *', 'quartz', /exactly one of them is "\?"/],
      ['0 0 0 ? * 0', 'quartz', /^The day of the week "0": 0 is not within 1 and 7/],
      ['0 0 0 ? * FRY', 'quartz', /^The day of the week "FRY": "fry" is no day of the week/],
      ['@fortnightly', 'unix', /is none of @yearly/],
      [`${'0,'.repeat(200)}0 * * * *`, 'unix', /at most 256/],
    ];
    for (const [text, dialect, why] of wrong)
      assert.throws(
        () => readCron(text, dialect),
        (error) => error instanceof CronFault && why.test(error.message),
        `${text}: ${String(why)}`,
      );
  });
});
