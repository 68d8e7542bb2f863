// What the calls about schedules send, and what they make of the answers.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import type {
  ListFiresRequest__Output,
  ListSchedulesRequest__Output,
  PreviewScheduleRequest__Output,
  ScheduleSpec,
  UpdateScheduleRequest__Output,
  Fire as WireFire,
  Schedule as WireSchedule,
} from '@muster/proto';
import { gather, reasonIs, startClient } from '../client/fake-coordinator.ts';
import { dateToWire } from '../wire/timestamp.ts';
import { defineSchedule } from './define-schedule.ts';
import type { Fire, Schedule } from './schedule.ts';

const moment = new Date('2031-04-05T06:07:08.009Z');
const later = new Date('2032-01-01T00:00:00Z');

/** A definition of what need not be stored to be looked at. */
const berlin = defineSchedule({
  name: 'report/nightly',
  handler: 'report.send',
  cron: '0 3 * * *',
  zone: 'Europe/Berlin',
});

/** What the coordinator would answer about a spec. */
const stored = (spec: ScheduleSpec | null): WireSchedule => ({
  id: '01890000-0000-7000-8000-000000000001',
  namespace: 'default',
  spec,
  state: 'SCHEDULE_STATE_ACTIVE',
});

const taskId = '01890000-0000-7000-8000-000000000002';
const fired: WireFire = {
  nominalTime: dateToWire(moment),
  decision: 'FIRE_DECISION_FIRED',
  decideTime: dateToWire(later),
  latenessDelay: { seconds: 1, nanos: 5e8 },
  taskId,
  taskState: 'TASK_STATE_RUNNING',
};

/** A client of a coordinator that stores what it is given, and what it was given. */
async function startStoring() {
  const updates: UpdateScheduleRequest__Output[] = [];
  const client = await startClient({
    schedules: {
      UpdateSchedule: (request) => {
        updates.push(request);
        return { schedule: stored(request.spec) };
      },
    },
  });
  return { client, updates };
}

describe('an update', () => {
  it('sends the groups that are changed, each whole', async () => {
    const { client, updates } = await startStoring();
    await client.schedules.update('a', { description: 'new', failuresMax: 0 });
    await client.schedules.update('a', { cron: '0 4 * * *' });
    await client.schedules.update('a', { handler: 'sweep', priority: 3 });
    await client.schedules.update('a', { misfire: 'SKIP', overlap: 'CANCEL' });
    assert.deepEqual(
      updates.map(({ updateMask }) => updateMask?.paths),
      [['description', 'failures_max'], ['timing'], ['task'], ['misfire', 'overlap']],
    );
    const [first, second, third, fourth] = updates.map(({ spec }) => spec);
    assert.deepEqual([first?.name, first?.description, first?.failuresMax], ['a', 'new', 0]);
    assert.deepEqual([first?.timing, first?.task], [null, null]);
    assert.deepEqual([second?.timing?.cron, second?.timing?.zone], [['0 4 * * *'], '']);
    assert.deepEqual([third?.task?.handler, third?.task?.priority], ['sweep', 3]);
    assert.equal(fourth?.misfire?.rule, 'MISFIRE_RULE_SKIP');
    assert.equal(fourth?.overlap?.rule, 'OVERLAP_RULE_CANCEL');
  });

  it('refuses halves of groups, and nothing at all', async () => {
    const { client, updates } = await startStoring();
    const { update } = client.schedules;
    await assert.rejects(update('a', { zone: 'Europe/Berlin' }), /never asks for a task/);
    await assert.rejects(update('a', { input: 5 }), /handler is undefined, but must be given/);
    await assert.rejects(update('a', {}), /changes is "\{\}", but must be at least one/);
    await assert.rejects(update('a', { crn: '@daily' } as object), /Did you mean "cron"/);
    await assert.rejects(update('A', { description: '' }), reasonIs('OPTION_INVALID'));
    assert.equal(updates.length, 0);
  });
});

describe('lists', () => {
  it('are read page by page, with their filters', async () => {
    const asked: ListSchedulesRequest__Output[] = [];
    const client = await startClient({
      schedules: {
        ListSchedules: (request) => {
          asked.push(request);
          const second = request.pageToken === 'next';
          const name = second ? 'b' : 'a';
          return { schedules: [stored({ name })], nextPageToken: second ? '' : 'next' };
        },
      },
    });
    const wishes = { handler: 'sweep', states: ['PAUSED', 'ACTIVE'], pageSize: 1 } as const;
    const all: Schedule[] = await gather(client.schedules.list(wishes));
    assert.deepEqual(
      all.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(
      asked.map(({ handler, states, pageSize, pageToken }) => [
        ...[handler, states.join(), pageSize, pageToken],
      ]),
      [
        ['sweep', 'SCHEDULE_STATE_PAUSED,SCHEDULE_STATE_ACTIVE', 1, ''],
        ['sweep', 'SCHEDULE_STATE_PAUSED,SCHEDULE_STATE_ACTIVE', 1, 'next'],
      ],
    );
    await assert.rejects(gather(client.schedules.list({ pageSize: 0 })), /pageSize is 0/);
  });

  it('of fires tell what became of each time', async () => {
    const asked: ListFiresRequest__Output[] = [];
    const late: WireFire = {
      nominalTime: dateToWire(moment),
      decision: 'FIRE_DECISION_SKIPPED_LATE',
      lastNominalTime: dateToWire(later),
      skipped: 40,
    };
    const client = await startClient({
      schedules: {
        ListFires: (request) => {
          asked.push(request);
          const second = request.pageToken === 'next';
          return { fires: [second ? late : fired], nextPageToken: second ? '' : 'next' };
        },
      },
    });
    const decisions = ['FIRED', 'SKIPPED_LATE'] as const;
    const fires = await gather(client.schedules.fires('a', { decisions }));
    const expected: Fire[] = [
      {
        ...{ nominalTime: moment, decision: 'FIRED', decideTime: later, latenessMs: 1_500 },
        ...{ taskId, taskState: 'RUNNING', lastNominalTime: undefined, skipped: 0 },
      },
      {
        ...{ nominalTime: moment, decision: 'SKIPPED_LATE', decideTime: undefined, latenessMs: 0 },
        ...{ taskId: undefined, taskState: undefined, lastNominalTime: later, skipped: 40 },
      },
    ];
    assert.deepEqual(fires, expected);
    assert.deepEqual(asked[1]?.decisions, ['FIRE_DECISION_FIRED', 'FIRE_DECISION_SKIPPED_LATE']);
  });
});

describe('a trigger', () => {
  it('gives the record and the task', async () => {
    const client = await startClient({
      schedules: {
        GetSchedule: ({ name }) => ({ schedule: stored({ name }) }),
        TriggerSchedule: () => ({ fire: { ...fired, decision: 'FIRE_DECISION_BY_HAND' } }),
      },
    });
    const { fire, task } = await client.schedules.trigger('a');
    assert.deepEqual([fire.decision, fire.taskId, task.id], ['BY_HAND', taskId, taskId]);
  });

  it('is tried once, since a second try could make a second task', async () => {
    let triggers = 0;
    let looks = 0;
    const client = await startClient({
      schedules: {
        GetSchedule: ({ name }) => {
          looks += 1;
          if (looks === 1) throw { code: status.UNAVAILABLE, reason: 'DATABASE_UNAVAILABLE' };
          return { schedule: stored({ name }) };
        },
        TriggerSchedule: () => {
          triggers += 1;
          throw { code: status.UNAVAILABLE, reason: 'DATABASE_UNAVAILABLE' };
        },
      },
    });
    await assert.rejects(client.schedules.trigger('a'), reasonIs('DATABASE_UNAVAILABLE'));
    assert.deepEqual([looks, triggers], [2, 1]);
  });
});

describe('pause, resume, delete and backfill', () => {
  it('say which schedule, and why or for when', async () => {
    const said: unknown[] = [];
    const client = await startClient({
      schedules: {
        PauseSchedule: ({ name, note }) => {
          said.push(['pause', name, note]);
          return { schedule: { ...stored({ name }), state: 'SCHEDULE_STATE_PAUSED' } };
        },
        ResumeSchedule: ({ name }) => ({ schedule: stored({ name }) }),
        DeleteSchedule: ({ name }) => {
          said.push(['delete', name]);
          return {};
        },
        BackfillSchedule: ({ name, range, validateOnly }) => {
          said.push(['backfill', name, range?.endTime?.seconds, validateOnly]);
          return { fires: [{ ...fired, decision: 'FIRE_DECISION_BACKFILLED' }], present: 3 };
        },
      },
    });
    assert.equal((await client.schedules.pause('a', 'holiday')).state, 'PAUSED');
    assert.equal((await client.schedules.resume('a')).state, 'ACTIVE');
    await client.schedules.delete('a');
    const range = { from: moment, to: later };
    const { fires, present } = await client.schedules.backfill('a', { ...range, dryRun: true });
    assert.deepEqual([fires.map(({ decision }) => decision), present], [['BACKFILLED'], 3]);
    assert.deepEqual(said, [
      ['pause', 'a', 'holiday'],
      ['delete', 'a'],
      ['backfill', 'a', later.getTime() / 1_000, true],
    ]);
    const backwards = { from: later, to: moment };
    await assert.rejects(
      client.schedules.backfill('a', backwards),
      /range\.to is .*after its from/,
    );
  });
});

describe('a preview', () => {
  it('is of a stored schedule, of a definition, or of times alone', async () => {
    const asked: PreviewScheduleRequest__Output[] = [];
    const client = await startClient({
      schedules: {
        PreviewSchedule: (request) => {
          asked.push(request);
          return { times: [dateToWire(moment), dateToWire(later)] };
        },
      },
    });
    const { preview } = client.schedules;
    assert.deepEqual(await preview('a', { count: 2, after: moment }), [moment, later]);
    await preview(berlin);
    await preview({ cron: '@daily', zone: 'Asia/Tokyo' });
    assert.deepEqual(
      asked.map(({ name, spec, timesMax }) => [name, spec?.timing?.zone, timesMax]),
      [
        ['a', undefined, 2],
        ['', 'Europe/Berlin', 10],
        ['', 'Asia/Tokyo', 10],
      ],
    );
    assert.equal(asked[0]?.afterTime?.seconds, Math.floor(moment.getTime() / 1_000));
    await assert.rejects(preview({ crn: 'x' } as object), reasonIs('OPTION_UNKNOWN'));
    await assert.rejects(preview('a', { count: 1_001 }), /count is 1001/);
    await assert.rejects(preview({}), /never asks for a task/);
  });
});

describe('apply', () => {
  const named = (name: string, input?: unknown) =>
    defineSchedule({ name, handler: 'sweep', every: '5m', input });

  it('sends all in one call, and tells what it did to each', async () => {
    const client = await startClient({
      schedules: {
        ApplySchedules: ({ specs, validateOnly }) => ({
          schedules: specs.map(({ name }) =>
            validateOnly
              ? { name, action: 'APPLY_ACTION_UPDATED', changedFields: ['timing', 'failures_max'] }
              : { name, action: 'APPLY_ACTION_UNCHANGED' },
          ),
          unservedHandlers: [{ handler: 'sweep', known: true }],
        }),
      },
    });
    const unserved = { nearestHandler: undefined, known: true };
    const both = [named('a'), named('b')];
    assert.deepEqual(await client.schedules.apply(both), [
      { name: 'a', action: 'UNCHANGED', changedFields: [], unserved },
      { name: 'b', action: 'UNCHANGED', changedFields: [], unserved },
    ]);
    const [first] = await client.schedules.apply(new Set(both), { dryRun: true });
    const changedFields = ['timing', 'failures_max'];
    assert.deepEqual(first, { name: 'a', action: 'UPDATED', changedFields, unserved });
    assert.deepEqual(await client.schedules.apply([]), []);
  });

  it('refuses more than one call holds, and a name that comes twice', async () => {
    let calls = 0;
    const client = await startClient({
      schedules: {
        ApplySchedules: () => {
          calls += 1;
          return {};
        },
      },
    });
    const { apply } = client.schedules;
    const many = Array.from({ length: 10_001 }, (_, n) => named(`a${n}`));
    await assert.rejects(apply(many), /10001 schedules.*split them into several/);
    const large = Array.from({ length: 60 }, (_, n) => named(`a${n}`, 'x'.repeat(65_000)));
    await assert.rejects(apply(large), /60 schedules of 39\d{5} bytes.*at most 10000 and 3670016/);
    await assert.rejects(apply([named('a'), named('a')]), /name is "a"/);
    await assert.rejects(apply([{ name: 'a' } as never]), reasonIs('OPTION_INVALID'));
    assert.equal(calls, 0);
  });
});
