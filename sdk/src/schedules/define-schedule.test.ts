// Definitions of schedules: what they infer, and what they refuse without a coordinator.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '../client.ts';
import type { MusterError } from '../errors.ts';
import { defineHandler } from '../handler.ts';
import type { InputOf } from '../handler-reference.ts';
import {
  defineSchedule,
  isScheduleDefinition,
  type ScheduleDefinition,
} from './define-schedule.ts';

const sendReport = defineHandler({
  name: 'report.send',
  run: (input: { to: string }) => input.to,
});
const sweep = defineHandler({ name: 'sweep', run: (_input: undefined) => {} });

const nightly = defineSchedule({
  name: 'report/nightly',
  handler: sendReport,
  input: { to: 'a@b.c' },
  cron: ['0 3 * * *'],
  zone: 'Europe/Berlin',
  overlap: { rule: 'BUFFER', buffer: 2 },
});

/** Never called: the compiler is the test. */
export async function inferredTypes(client: Client): Promise<ScheduleDefinition[]> {
  const cron = '@daily';
  const template = defineSchedule({ name: 'a', handler: sendReport, inputTemplate: '{}', cron });
  const byName = defineSchedule({ name: 'b', handler: 'report.send', input: { any: 1 }, cron });
  const typed = defineSchedule<InputOf<typeof sendReport>>({
    ...{ name: 'c', handler: 'report.send', cron },
    input: { to: 'a' },
  });
  const without = defineSchedule({ name: 'd', handler: sweep, every: '5m' });
  // @ts-expect-error: the input is wrong.
  defineSchedule({ name: 'e', handler: sendReport, input: { to: 5 }, cron });
  // @ts-expect-error: the input has something that the handler does not know.
  defineSchedule({ name: 'f', handler: sendReport, input: { to: 'a', bcc: 'b' }, cron });
  // @ts-expect-error: the input is missing.
  defineSchedule({ name: 'g', handler: sendReport, cron });
  // @ts-expect-error: BUFFER needs to know how many may wait.
  defineSchedule({ name: 'h', handler: sweep, cron, overlap: 'BUFFER' });
  // @ts-expect-error: a duration has a unit.
  defineSchedule({ name: 'i', handler: sweep, every: 300 });
  await client.schedules.update('a', { handler: sendReport, input: { to: 'b' } });
  // @ts-expect-error: the input is wrong.
  await client.schedules.update('a', { handler: sendReport, input: { to: 5 } });
  // @ts-expect-error: schedules are not renamed.
  await client.schedules.update('a', { name: 'b' });
  // @ts-expect-error: options are not a definition.
  await client.schedules.create({ name: 'a', handler: sweep, every: '5m' });
  const { task } = await client.schedules.trigger<string>('report/nightly');
  const output: string = await task.result();
  await client.schedules.preview(nightly);
  await client.schedules.preview({ cron: output });
  return [template, byName, typed, without];
}

/** Options of a schedule that is right but for these. */
const define = (options: object) => () =>
  defineSchedule({
    ...{ name: 'a', handler: 'sweep', ...('every' in options ? {} : { cron: '@daily' }) },
    ...options,
  } as Parameters<typeof defineSchedule>[0]);

/** Options that say nothing of when. */
const bare = (options: object) => define({ cron: undefined, ...options });

describe('a definition of a schedule', () => {
  it('is frozen, and what is changed afterwards does not count', () => {
    const cron = ['0 3 * * *'];
    const own = defineSchedule({ name: 'a', handler: 'sweep', cron, misfire: { rule: 'ALL' } });
    cron.push('0 4 * * *');
    assert.deepEqual(own.cron, ['0 3 * * *']);
    assert.ok(Object.isFrozen(own) && Object.isFrozen(own.cron) && Object.isFrozen(own.misfire));
    assert.ok(isScheduleDefinition(own));
    assert.ok(!isScheduleDefinition({ name: 'a' }));
  });

  it('that was copied and changed is none until it is defined again', () => {
    const copy = { ...nightly, name: 'report/weekly', cron: '0 3 * * 1' };
    assert.equal(isScheduleDefinition(copy), false);
    assert.equal(defineSchedule(copy).cron, '0 3 * * 1');
    assert.throws(define({ ...copy, quartz: '0 0 3 ? * 2' }), /quartz is/);
  });

  it('names what it does not know together with the nearest option', () => {
    assert.throws(
      define({ timezone: 'UTC' }),
      (error: MusterError) => error.reason === 'OPTION_UNKNOWN',
    );
    assert.throws(define({ zon: 'UTC' }), /Schedule "a" has no option "zon"\. Did you mean "zone"/);
    assert.throws(define({ misfire: { late: '5m' } }), /misfire has no option "late"/);
    assert.throws(define({ overlap: { rule: 'ALLOW', runing: 1 } }), /Did you mean "running"/);
    assert.throws(define({ retry: { maxAttempt: 3 } }), /Did you mean "maxAttempts"/);
  });

  it('refuses names that the coordinator would refuse', () => {
    for (const name of ['', 'Report', '-a', 'a b', 'x'.repeat(129), undefined]) {
      assert.throws(
        () => defineSchedule({ name: name as string, handler: 'a', every: '5m' }),
        (error: MusterError) => error.reason === 'OPTION_INVALID' && /name is/.test(error.message),
        String(name),
      );
    }
    assert.throws(define({ handler: 'Not A Name' }), /Handler: name is "Not A Name"/);
    assert.throws(define({ handler: undefined }), /Handler: name is undefined/);
  });

  it('needs one way of saying when, of those that go together', () => {
    assert.throws(
      bare({}),
      /cron is undefined, but must be given, or quartz, every, at or afterEnd/,
    );
    assert.throws(bare({ cron: [] }), /never asks for a task/);
    assert.throws(bare({ at: [] }), /never asks for a task/);
    assert.throws(define({ quartz: '0 0 3 * * ?' }), /quartz is .*left out where cron is given/);
    for (const other of [{ cron: '@daily' }, { every: '5m' }, { at: new Date() }])
      assert.throws(bare({ ...other, afterEnd: '5m' }), /afterEnd is "5m", but must be left out/);
    assert.throws(define({ anchorTime: new Date() }), /anchorTime is .*every is not given/);
    for (const right of [
      { cron: ['@daily', '0 3 * * *'], every: '5m', at: new Date() },
      { quartz: '0 0 3 * * ?', at: [new Date()] },
      { every: '5m', anchorTime: new Date(0) },
      { afterEnd: '90s', startTime: new Date() },
    ]) {
      assert.ok(isScheduleDefinition(bare(right)()));
    }
  });

  it('refuses times that are malformed or out of range', () => {
    const early = new Date(0);
    const late = new Date(1);
    for (const [options, refusal] of [
      [{ cron: Array(21).fill('@daily') }, /cron is 21, but must be at most 20 expressions/],
      [{ cron: ' ' }, /cron is " "/],
      [{ cron: `${'* '.repeat(140)}*` }, /at most 256 bytes/],
      [{ every: '400d' }, /every is "400d", but must be from 1ms to 365d/],
      [{ every: '0s' }, /every is "0s"/],
      [{ every: '5' }, /every is "5", but must be a number and a unit/],
      [{ jitter: '2h' }, /jitter is "2h", but must be from 0s to 1h/],
      [{ at: [new Date('never')] }, /at is Invalid Date, but must be a valid Date/],
      [{ at: Array(1_001).fill(early) }, /at is "1001 long", but must be a list of at most 1000/],
      [{ startTime: 5 }, /startTime is 5, but must be a valid Date/],
      [{ startTime: late, endTime: early }, /endTime is .*after startTime/],
      [{ excludeDates: ['2026-02-30'] }, /excludeDates is "2026-02-30"/],
      [{ excludeDates: ['25.12.2026'] }, /days such as "2026-12-25"/],
      [{ excludeRanges: [{ from: late, to: early }] }, /excludeRanges\.to is .*after its from/],
      [{ excludeRanges: [{ from: late }] }, /excludeRanges\.to is undefined/],
      [{ clockChanges: 'JUMP' }, /one of DEFAULT, SKIP, SHIFT, BOTH/],
      [{ limit: 0 }, /limit is 0/],
    ] as const) {
      assert.throws(define(options), refusal);
    }
  });

  it('refuses policies that contradict themselves', () => {
    for (const [options, refusal] of [
      [{ overlap: 'BUFFER' }, /overlap\.buffer is undefined, but must be given with BUFFER/],
      [{ overlap: { rule: 'ALLOW', buffer: 3 } }, /overlap\.buffer is 3, but must be left out/],
      [{ overlap: { rule: 'SKIP', running: 2 } }, /overlap\.running is 2, but must be 1/],
      [{ overlap: { running: 2 } }, /overlap\.rule is ""/],
      [{ overlap: { rule: 'ALLOW', running: 1_001 } }, /from 1 to 1000/],
      [{ misfire: 'NEVER' }, /misfire\.rule is "NEVER", but must be one of ONCE, ALL, SKIP/],
      [{ misfire: { lateAfter: '500ms' } }, /misfire\.lateAfter is "500ms".*from 1s to 1d/],
      [{ misfire: { rule: 'ALL', max: 0 } }, /misfire\.max is 0/],
      [{ failuresMax: 1_001 }, /failuresMax is 1001/],
      [{ description: 'ä'.repeat(513) }, /at most 1,024 bytes/],
      [{ priority: 101 }, /priority is 101/],
      [{ timeout: '31d' }, /timeout is "31d", but must be from 1ms to 30d/],
    ] as const) {
      assert.throws(define(options), refusal);
    }
  });

  it('takes templates that become JSON', () => {
    const template = '{"day": {{local_date}}, "last": {{previous_output}}, "as": "{{name}}"}';
    assert.equal(define({ inputTemplate: template })().inputTemplate, template);
    for (const [inputTemplate, refusal] of [
      ['{"day": "{{local_date}}"}', /JSON with its marks outside of quotes/],
      ['{"day": {{local_dat}}}', /\{\{local_dat\}\} is no known mark: did you mean \{\{local_date/],
      ['{"day": {{x}}}', /\{\{x\}\} is no known mark: known are nominal_time, /],
      ['{"day": ', /JSON when its marks are replaced: /],
      [`"${'x'.repeat(65_536)}"`, /65538 bytes long/],
    ] as const) {
      assert.throws(define({ inputTemplate }), refusal);
    }
    assert.throws(define({ inputTemplate: '1', input: 1 }), /left out where input is given/);
    assert.throws(
      define({ inputTemplate: `"${'x'.repeat(500)}"`, input: 1 }),
      (error: MusterError) => error.message.length < 300,
    );
  });
});
