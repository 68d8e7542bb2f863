// Schedules on their way to the coordinator and back: nothing is lost, nothing is made up.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScheduleSpec, Schedule as WireSchedule } from '@muster/proto';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { gather, reasonIs, startClient } from '../client/fake-coordinator.ts';
import type { Client } from '../client.ts';
import { defineHandler } from '../handler.ts';
import { dateToWire } from '../wire/timestamp.ts';
import { scheduleSpec } from './create-schedules.ts';
import { defineSchedule } from './define-schedule.ts';

const moment = new Date('2031-04-05T06:07:08.009Z');
const later = new Date('2032-01-01T00:00:00Z');

/** A definition in which every option has a value. */
const whole = defineSchedule({
  name: 'report/nightly',
  description: 'Sends the report.',
  handler: 'report.send',
  input: { to: 'a@b.c' },
  quartz: ['0 0 3 ? * 2-6'],
  every: '90s',
  anchorTime: moment,
  at: [moment, later],
  zone: 'Europe/Berlin',
  clockChanges: 'SHIFT',
  startTime: moment,
  endTime: later,
  excludeDates: ['2031-12-25'],
  excludeRanges: [{ from: moment, to: later }],
  limit: 7,
  jitter: '1.5s',
  misfire: { rule: 'ALL', lateAfter: '5m', catchUp: '2d', max: 9, startDeadline: '1h' },
  overlap: { rule: 'BUFFER', running: 2, buffer: 3 },
  failuresMax: 4,
  priority: -5,
  key: 'acme',
  keyWeight: 0.5,
  retry: { maxAttempts: 5, initialDelay: '2s', jitter: 0 },
  timeout: '30s',
  totalTimeout: '1h',
  atMostOnce: false,
  labels: { team: 'ops' },
});

/** What the coordinator would answer about a spec. */
const stored = (spec: ScheduleSpec | null): WireSchedule => ({
  id: '01890000-0000-7000-8000-000000000001',
  namespace: 'default',
  spec,
  state: 'SCHEDULE_STATE_ACTIVE',
  nextTime: dateToWire(later),
  fires: 12,
  createTime: dateToWire(moment),
});

/** A client of a coordinator that stores what it is given. */
function startStoring(): Promise<Client> {
  return startClient({
    schedules: {
      CreateSchedule: ({ spec, pauseNote }) => ({
        schedule: { ...stored(spec), pauseNote },
        unservedHandler: { handler: 'report.send', nearestHandler: 'report.sent', known: false },
      }),
    },
  });
}

describe('a schedule', () => {
  it('comes back as it was defined', async () => {
    const client = await startStoring();
    const schedule = await client.schedules.create(whole, { pauseNote: 'not yet' });
    const { quartz, every, anchorTime, at, zone, clockChanges, startTime, endTime } = whole;
    const { excludeDates, excludeRanges, limit, jitter } = whole;
    assert.deepEqual(schedule.times, {
      ...{ quartz, every, anchorTime, at, zone, clockChanges, startTime, endTime },
      ...{ excludeDates, excludeRanges, limit, jitter: '1500ms' },
    });
    assert.equal(jitter, '1.5s');
    assert.deepEqual(schedule.misfire, whole.misfire);
    assert.deepEqual(schedule.overlap, whole.overlap);
    const { input, priority, retry, timeout, totalTimeout, atMostOnce, labels } = whole;
    const { key, keyWeight } = whole;
    assert.deepEqual(schedule.task, {
      ...{ input, priority, retry, timeout, totalTimeout, atMostOnce, labels, key, keyWeight },
      inputTemplate: undefined,
    });
    const { id, name, description, handler, state, pauseNote, nextTime, fires } = schedule;
    assert.deepEqual(
      { id, name, description, handler, state, pauseNote, nextTime, fires },
      {
        ...{ id: stored(null).id, name: 'report/nightly', description: 'Sends the report.' },
        ...{ handler: 'report.send', state: 'ACTIVE', pauseNote: 'not yet', nextTime: later },
        fires: 12,
      },
    );
    assert.equal(schedule.failuresMax, 4);
    assert.deepEqual(schedule.unserved, { nearestHandler: 'report.sent', known: false });
  });

  it('leaves to the coordinator what its owner left out', async () => {
    const client = await startStoring();
    const bare = defineSchedule({ name: 'a', handler: 'sweep', afterEnd: '5m' });
    const schedule = await client.schedules.create(bare);
    assert.deepEqual(schedule.times, { afterEnd: '5m', zone: 'UTC' });
    assert.deepEqual([schedule.misfire, schedule.overlap], [{ rule: 'ONCE' }, { rule: 'ALLOW' }]);
    assert.deepEqual([schedule.failuresMax, schedule.task.retry], [undefined, undefined]);
    const spec = await scheduleSpec(client, bare);
    assert.deepEqual([spec.misfire, spec.overlap, spec.task?.retry], [null, null, null]);
    assert.ok(!('priority' in (spec.task ?? {})) && !('atMostOnce' in (spec.task ?? {})));
    assert.equal(spec.timing?.dialect, 'CRON_DIALECT_UNSPECIFIED');
  });

  it('has crontab expressions and quartz ones in their own dialects', async () => {
    const client = await startStoring();
    const spec = (times: object) => scheduleSpec(client, { name: 'a', handler: 'sweep', ...times });
    const unix = (await spec({ cron: '0 3 * * 1' })).timing;
    assert.deepEqual([unix?.cron, unix?.dialect], [['0 3 * * 1'], 'CRON_DIALECT_UNIX']);
    const quartz = (await spec({ quartz: '0 0 3 ? * 2' })).timing;
    assert.deepEqual([quartz?.cron, quartz?.dialect], [['0 0 3 ? * 2'], 'CRON_DIALECT_QUARTZ']);
    await assert.rejects(spec({ corn: '@daily' }), reasonIs('OPTION_UNKNOWN'));
  });
});

describe('the input of a schedule', () => {
  const flip = (data: Uint8Array) => Uint8Array.from(data, (byte) => byte ^ 0xff);
  const codec = {
    encode: ({ data }: { data: Uint8Array }) => ({ mediaType: 'x/flipped', data: flip(data) }),
    decode: ({ data }: { data: Uint8Array }) => ({
      ...{ mediaType: 'application/json', data: flip(data) },
    }),
  };

  it('passes the codec, but a template does not, since the coordinator reads it', async () => {
    const client = await startClient({}, { codec });
    const times = { name: 'a', handler: 'sweep', every: '5m' } as const;
    const plain = await scheduleSpec(client, { ...times, input: [1] });
    assert.equal(plain.task?.input?.mediaType, 'x/flipped');
    assert.equal(plain.task?.inputIsTemplate, false);
    const template = await scheduleSpec(client, { ...times, inputTemplate: '[{{key}}]' });
    assert.equal(template.task?.input?.mediaType, 'application/json');
    assert.equal(String(template.task?.input?.data), '[{{key}}]');
    assert.equal(template.task?.inputIsTemplate, true);
  });

  it('stays a payload where this client cannot read it', async () => {
    const foreign = { mediaType: 'application/x-protobuf', data: Buffer.from([1, 2]) };
    const task = { handler: 'sweep', input: foreign };
    const template = {
      handler: 'a',
      input: { ...foreign, data: Buffer.from('{}') },
      inputIsTemplate: true,
    };
    const client = await startClient({
      schedules: {
        ListSchedules: () => ({
          schedules: [stored({ name: 'a', task }), stored({ name: 'b', task: template })],
        }),
      },
    });
    const [first, second] = await gather(client.schedules.list());
    assert.deepEqual(first?.task.input, foreign);
    assert.equal(first?.task.inputTemplate, undefined);
    assert.deepEqual([second?.task.input, second?.task.inputTemplate], [undefined, '{}']);
  });

  it('is checked by the schema of the handler, and has 64 KiB', async () => {
    const client = await startClient({});
    const positive: StandardSchemaV1<number> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          Number(value) > 0 ? { value: Number(value) } : { issues: [{ message: 'not positive' }] },
      },
    };
    const handler = defineHandler({ name: 'count', input: positive, run: (n) => n });
    const spec = (input: number) =>
      scheduleSpec(client, { name: 'a', handler, input, every: '5m' });
    await assert.rejects(spec(-1), reasonIs('INPUT_INVALID'));
    assert.equal(String((await spec(1)).task?.input?.data), '1');
    const large = { name: 'a', handler: 'b', input: 'x'.repeat(65_536), every: '5m' } as const;
    await assert.rejects(scheduleSpec(client, large), reasonIs('PAYLOAD_TOO_LARGE'));
  });
});
