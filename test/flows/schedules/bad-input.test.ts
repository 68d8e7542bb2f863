// Everything wrong that can be said of a schedule is named by its field, with the value and a way out; nothing of it is stored.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ScheduleSpec } from '@muster/proto';
import { refusal } from '../api/raw-client.ts';
import { apiSuite } from '../api/suite.ts';

const invalidArgument = 3;
const unix = 'CRON_DIALECT_UNIX';
const at = (text: string) => ({ seconds: Date.parse(text) / 1_000 });
const text = (data: string | Buffer) => ({
  mediaType: 'application/json',
  data: Buffer.from(data),
});

type Timing = NonNullable<ScheduleSpec['timing']>;
type Task = NonNullable<ScheduleSpec['task']>;

const timed = (timing: Timing): ScheduleSpec => ({ timing });
const tasked = (task: Task): ScheduleSpec => ({ task: { handler: 'a.b', ...task } });
const template = (input: string) => tasked({ input: text(input), inputIsTemplate: true });
const span = (seconds: number, nanos = 0) => ({ seconds, nanos });
const past = at('2020-01-01T00:00:00Z');

/** What is said, the field that is named, and what is said of it: the value, and a way out. */
const faults: readonly (readonly [string, ScheduleSpec, string, RegExp])[] = [
  [
    'an expression that no day matches',
    timed({ cron: ['0 3 * * *', '0 0 30 2 *'], dialect: unix }),
    'timing.cron[1]',
    /is "0 0 30 2 \*", which no day matches any more; for example "0 3 28 2 \*"/,
  ],
  [
    'an expression of years that are past',
    timed({ cron: ['0 0 3 1 1 ? 2020'], dialect: 'CRON_DIALECT_QUARTZ' }),
    'timing.cron[0]',
    /is "0 0 3 1 1 \? 2020", which no day matches any more; for example/,
  ],
  [
    'an expression that cannot be read',
    timed({ cron: ['61 * * * *'], dialect: unix }),
    'timing.cron[0]',
    /is "61 \* \* \* \*"\. .*61.*example/i,
  ],
  [
    'an expression of another dialect',
    timed({ cron: ['0 3 * * *'], dialect: 'CRON_DIALECT_QUARTZ' }),
    'timing.cron[0]',
    /is "0 3 \* \* \*"\. .*has 5 fields, not 6 to 7: "0 30 2 \? \* MON-FRI" is /,
  ],
  [
    'an expression with NUL',
    timed({ cron: ['0 3 * * *\0'], dialect: unix }),
    'timing.cron[0]',
    /holds a NUL character/,
  ],
  [
    'an unknown dialect',
    timed({ cron: ['0 3 * * *'] }),
    'timing.dialect',
    /is not set: CRON_DIALECT_UNIX takes 0 for Sunday, CRON_DIALECT_QUARTZ takes 1/,
  ],
  [
    'too many expressions',
    timed({ cron: Array(21).fill('@daily'), dialect: unix }),
    'timing.cron',
    /has 21 expressions; at most 20 are allowed/,
  ],
  ['no time at all', timed({}), 'timing.cron', /is empty, .* for example "0 3 \* \* \*"/],
  ['no timing', { timing: null }, 'timing', /is not set; .*for example cron \["0 3 \* \* \*"\]/],
  [
    'an unknown zone',
    timed({ cron: ['@daily'], dialect: unix, zone: 'Europe/Berlinn' }),
    'timing.zone',
    /is "Europe\/Berlinn", which is no IANA time zone; for example "Europe\/Berlin"/,
  ],
  [
    'bounds that contradict each other',
    timed({
      ...{ cron: ['@daily'], dialect: unix },
      ...{ startTime: at('2031-01-02T00:00:00Z'), endTime: at('2031-01-01T00:00:00Z') },
    }),
    'timing.end_time',
    /is 2031-01-01T00:00:00\.000Z, which is not after start_time, 2031-01-02T00:00:00\.000Z/,
  ],
  [
    'an end that is past',
    timed({ rateInterval: span(60), endTime: past }),
    'timing.end_time',
    /is 2020-01-01T00:00:00\.000Z, which is past: it is 20/,
  ],
  [
    'moments that are past',
    timed({ runTimes: [past] }),
    'timing.run_times',
    /holds no time to come: it is 20.* submit a task, or make the schedule and trigger it/,
  ],
  [
    'a rate under the minimum',
    timed({ rateInterval: span(0, 500_000_000) }),
    'timing.rate_interval',
    /is 500 ms; at least 1 s is needed \(setting schedule-interval-min\), for example 1s/,
  ],
  [
    'a rate over the maximum',
    timed({ rateInterval: span(366 * 86_400) }),
    'timing.rate_interval',
    /is 31622400000 ms; at most 365 d is allowed/,
  ],
  [
    'a delay after ends together with others',
    timed({ endDelay: span(60), cron: ['@daily'], dialect: unix }),
    'timing.end_delay',
    /together with cron, rate_interval or run_times/,
  ],
  [
    'an anchor without a rate',
    timed({ cron: ['@daily'], dialect: unix, anchorTime: past }),
    'timing.anchor_time',
    /without rate_interval, for example 15 minutes/,
  ],
  [
    'a day that is none',
    timed({ cron: ['@daily'], dialect: unix, excludedDates: ['2031-12-25', '2031-02-30'] }),
    'timing.excluded_dates[1]',
    /is "2031-02-30", which is no day; for example "2026-12-25"/,
  ],
  [
    'a stretch without an end',
    timed({ cron: ['@daily'], dialect: unix, excludedRanges: [{ startTime: past }] }),
    'timing.excluded_ranges[0].end_time',
    /is not set/,
  ],
  [
    'a window of chance that is too long',
    timed({ rateInterval: span(60), jitterWindow: span(3_601) }),
    'timing.jitter_window',
    /is 3601000 ms; at most 1 h is allowed/,
  ],
  [
    'a buffer without a bound',
    { overlap: { rule: 'OVERLAP_RULE_BUFFER' } },
    'overlap.buffer_max',
    /is not set: a line without a bound is refused; for example 1/,
  ],
  [
    'a line where nothing waits',
    { overlap: { rule: 'OVERLAP_RULE_SKIP', bufferMax: 3 } },
    'overlap.buffer_max',
    /is 3, but only OVERLAP_RULE_BUFFER has a line/,
  ],
  [
    'two at once where there is one',
    { overlap: { rule: 'OVERLAP_RULE_CANCEL', runningMax: 2 } },
    'overlap.running_max',
    /is 2, .* for 2 at once use OVERLAP_RULE_ALLOW/,
  ],
  [
    'a bound of late times that do not all fire',
    { misfire: { rule: 'MISFIRE_RULE_SKIP', allMax: 7 } },
    'misfire.all_max',
    /is 7, but only MISFIRE_RULE_ALL has a use for it/,
  ],
  ['too many failures', { failuresMax: 1_001 }, 'failures_max', /is 1001; 1 to 1000 is allowed/],
  ['a bad name', { name: 'Report Daily' }, 'name', /"Report Daily" is no name of a schedule: it /],
  ['a name with NUL', { name: 'a\0b' }, 'name', /holds a NUL character/],
  [
    'a name that is too long',
    { name: 'x'.repeat(129) },
    'name',
    /"x{63}…" is no name of a schedule: it .*128/,
  ],
  ['a bad handler', tasked({ handler: 'A b' }), 'task.handler', /"A b" is no name of a handler/],
  [
    'no task',
    { task: null },
    'task',
    /is not set; it needs a handler, for example "report\.build"/,
  ],
  [
    'an input over 64 KiB',
    tasked({ input: text(Buffer.alloc(65_537)) }),
    'task.input.data',
    /has 65537 bytes; at most 65536 are allowed/,
  ],
  [
    'an unknown placeholder',
    template('{"day": {{local_day}}}'),
    'task.input.data',
    /has the placeholder "\{\{local_day\}\}"; known are .*\{\{local_date\}\}/,
  ],
  [
    'a placeholder with blanks',
    template('{"day": {{ local_date }}}'),
    'task.input.data',
    /has the placeholder "\{\{ local_date \}\}"; known are .*\{\{local_date\}\}/,
  ],
  [
    'more placeholders than may be filled in',
    template(
      JSON.stringify({ keys: Array(101).fill('{{key}}') }).replaceAll('"{{key}}"', '{{key}}'),
    ),
    'task.input.data',
    /has \{\{ 101 times; at most 100 are allowed/,
  ],
  [
    'the previous output more often than an input may hold',
    template(`[${Array(5).fill('{{previous_output}}').join(', ')}]`),
    'task.input.data',
    /has \{\{previous_output\}\} 5 times; at most 4 are allowed/,
  ],
  [
    'a template without text',
    tasked({ inputIsTemplate: true }),
    'task.input_is_template',
    /is set, but there is no input/,
  ],
  [
    'a label with NUL',
    tasked({ labels: { a: 'x\0y' } }),
    'task.labels["a"].value',
    /holds a NUL character/,
  ],
  [
    'a description that is too long',
    { description: 'x'.repeat(1_025) },
    'description',
    /has 1025 bytes; at most 1024 are allowed/,
  ],
];

apiSuite('bad schedules', [], (stage) => {
  const good: ScheduleSpec = {
    ...{ name: 'bad/one', timing: { cron: ['0 3 * * *'], dialect: unix } },
    task: { handler: 'a.b' },
  };
  const create = (spec: ScheduleSpec) =>
    refusal(stage.clients.schedules('CreateSchedule', { spec: { ...good, ...spec } }));
  const stored = async () => {
    const { schedules } = await stage.clients.schedules('ListSchedules', { pageSize: 1_000 });
    return schedules.flatMap(({ spec }) => spec?.name ?? []).filter((name) => /^bad/.test(name));
  };

  for (const [title, spec, field, description] of faults)
    it(`refuses ${title}`, async () => {
      const { code, reason, violations } = await create(spec);
      assert.deepEqual([code, reason], [invalidArgument, 'INVALID_REQUEST']);
      assert.deepEqual(
        violations.map((violation) => violation.field),
        [`spec.${field}`],
      );
      assert.match(violations[0]?.description ?? '', description);
      assert.deepEqual(await stored(), []);
    });

  it('names everything that is wrong at once', async () => {
    const { violations } = await create({
      ...{ name: '', timing: { cron: ['x'], dialect: unix, zone: 'y' }, failuresMax: -1 },
      task: { handler: '', priority: 101 },
    });
    assert.deepEqual(
      violations.map(({ field }) => field),
      [
        ...['spec.name', 'spec.timing.cron[0]', 'spec.timing.zone'],
        ...['spec.task.handler', 'spec.task.priority', 'spec.failures_max'],
      ],
    );
  });

  it('refuses text with NUL, wherever it is', async () => {
    const { violations } = await refusal(
      stage.clients.schedules('CreateSchedule', {
        spec: { ...good, description: 'a\0b' },
        pauseNote: 'c\0d',
      }),
    );
    const said = violations.map(({ field, description }) => `${field} ${description}`);
    assert.deepEqual(said, [
      'spec.description holds a NUL character',
      'pause_note holds a NUL character',
    ]);
  });

  it('refuses a pause without end of its note', async () => {
    const { violations } = await refusal(
      stage.clients.schedules('CreateSchedule', { spec: good, pauseNote: 'x'.repeat(1_025) }),
    );
    assert.deepEqual(
      violations.map(({ field }) => field),
      ['pause_note'],
    );
  });

  it('refuses changes that are none, or that ask for nothing any more', async () => {
    const spec = { ...good, name: 'kept' };
    await stage.clients.schedules('CreateSchedule', { spec });
    const fieldsOf = async (changes: ScheduleSpec, ...paths: string[]) => {
      const request = { spec: { ...spec, ...changes }, updateMask: { paths } };
      const { violations } = await refusal(stage.clients.schedules('UpdateSchedule', request));
      return violations.map(({ field }) => field);
    };
    assert.deepEqual(await fieldsOf({}), ['update_mask']);
    assert.deepEqual(await fieldsOf({}, 'timing', 'name'), ['update_mask.paths[1]']);
    const never: Timing = { cron: ['0 0 31 6 *'], dialect: unix };
    assert.deepEqual(await fieldsOf({ timing: never }, 'timing'), ['spec.timing.cron[0]']);
    assert.deepEqual(await fieldsOf({ timing: null }, 'timing'), ['spec.timing']);
    const { schedule } = await stage.clients.schedules('GetSchedule', { name: 'kept' });
    assert.deepEqual(schedule?.spec?.timing?.cron, ['0 3 * * *']);
  });

  it('refuses previews of nothing, of both, and of too many', async () => {
    const fieldsOf = async (request: object) =>
      (await refusal(stage.clients.schedules('PreviewSchedule', request))).violations.map(
        ({ field }) => field,
      );
    assert.deepEqual(await fieldsOf({}), ['name']);
    assert.deepEqual(await fieldsOf({ name: 'a', spec: good }), ['spec']);
    assert.deepEqual(await fieldsOf({ spec: good, timesMax: 1_001 }), ['times_max']);
    assert.deepEqual(await fieldsOf({ spec: { timing: { cron: ['x'], dialect: unix } } }), [
      'spec.timing.cron[0]',
    ]);
  });
});
