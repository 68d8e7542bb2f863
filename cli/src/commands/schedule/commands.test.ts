// `muster schedule …` in this process, against a coordinator of a few lines: what is asked, what
// is printed, and with which exit code. Flows against the real coordinator are in test/flows/cli.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answers, runScripted } from '../scene.ts';

const seconds = (iso: string) => ({ seconds: Date.parse(iso) / 1_000, nanos: 0 });
const next = seconds('2031-04-05T01:00:00Z');
const taskId = '01890000-0000-7000-8000-000000000002';

const schedule = {
  id: '01890000-0000-7000-8000-000000000001',
  namespace: 'default',
  spec: {
    name: 'report/nightly',
    timing: { cron: ['0 3 * * *'], dialect: 'CRON_DIALECT_UNIX', zone: 'Europe/Berlin' },
    task: {
      handler: 'report.send',
      input: { mediaType: 'application/json', data: Buffer.from('{"a":1}') },
    },
    overlap: { rule: 'OVERLAP_RULE_SKIP' },
    failuresMax: 3,
  },
  state: 'SCHEDULE_STATE_ACTIVE',
  nextTime: next,
  fires: 12,
};
const fire = {
  nominalTime: seconds('2031-04-04T01:00:00Z'),
  decision: 'FIRE_DECISION_FIRED',
  latenessDelay: { seconds: 0, nanos: 4e6 },
  taskId,
  taskState: 'TASK_STATE_SUCCEEDED',
};

/** What of a request the tests look at. */
interface Request {
  readonly name: string;
  readonly spec: typeof schedule.spec;
  readonly updateMask: { readonly paths: string[] };
  readonly note: string;
  readonly states: string[];
  readonly decisions: string[];
  readonly range: Record<'startTime' | 'endTime', { readonly seconds: number }>;
  readonly validateOnly: boolean;
  readonly timesMax: number;
}

/** Runs `muster schedule WORDS` against a coordinator that answers so. */
const muster = (answers: Answers, ...words: string[]) =>
  runScripted<Request>({ services: ['ScheduleService'], answers, missing: 'SCHEDULE_NOT_FOUND' }, [
    'schedule',
    ...words,
  ]);

const get: Answers = { GetSchedule: () => ({ schedule }) };

describe('muster schedule', () => {
  it('creates what the options say, and notes a handler that nobody serves', async () => {
    const unservedHandler = { handler: 'report.sned', nearestHandler: 'report.send' };
    const answers: Answers = { CreateSchedule: () => ({ schedule, unservedHandler }) };
    const words = ['create', 'report/nightly', '--handler', 'report.sned', '--cron', '0 3 * * *'];
    const { code, out, note, methods, requests } = await muster(
      answers,
      ...words,
      '-z',
      'Europe/Berlin',
    );
    assert.equal(code, 0);
    assert.match(
      out,
      /^Schedule report\/nightly is made\. Next time: 2031-04-05T01:00:00\.000Z \(/,
    );
    assert.match(note, /none ever has: its tasks wait for one\. Did you mean "report\.send"\?/);
    assert.deepEqual(methods, ['CreateSchedule']);
    const sent = requests[0]?.spec;
    assert.deepEqual([sent?.name, sent?.task.handler], ['report/nightly', 'report.sned']);
    assert.deepEqual([sent?.timing.cron, sent?.timing.zone], [['0 3 * * *'], 'Europe/Berlin']);
  });

  it('refuses a schedule without times before anybody is asked', async () => {
    const { code, note, methods } = await muster({}, 'create', 'a', '--handler', 'b');
    assert.deepEqual([code, methods], [2, []]);
    assert.match(note, /never asks for a task\. \[OPTION_INVALID\]/);
  });

  it('lists schedules, and says that there are more', async () => {
    const schedules = ['a', 'b', 'c'].map((name) => ({
      ...schedule,
      spec: { ...schedule.spec, name },
    }));
    const answers: Answers = { ListSchedules: () => ({ schedules }) };
    const { out, note, requests } = await muster(
      answers,
      'list',
      '--limit',
      '2',
      '--state',
      'active',
    );
    assert.match(out, /^SCHEDULE +HANDLER +WHEN +STATE +NEXT +FIRES\n/);
    assert.match(
      out,
      /^a +report\.send +0 3 \* \* \* Europe\/Berlin +ACTIVE +2031-\S+ \(in \d+d\) +12$/m,
    );
    assert.equal(out.split('\n').length, 3);
    assert.equal(note, 'The first 2; --limit N shows more.');
    assert.deepEqual(requests[0]?.states, ['SCHEDULE_STATE_ACTIVE']);
  });

  it('shows one in words, with its newest fires', async () => {
    const answers: Answers = { ...get, ListFires: () => ({ fires: Array(6).fill(fire) }) };
    const { out } = await muster(answers, 'get', 'report/nightly');
    assert.match(out, /^when +0 3 \* \* \*$/m);
    assert.match(out, /^zone +Europe\/Berlin$/m);
    assert.match(out, /^ +2031-04-05 03:00:00 \+02:00 Sat$/m);
    assert.match(out, /^overlap +a time is skipped while a task is unfinished$/m);
    assert.match(out, /^pauses +after 3 failures in a row; so far 0$/m);
    assert.match(out, /^input +\{"a":1\}$/m);
    assert.equal(out.match(/ FIRED +4ms +01890000-\S+ +SUCCEEDED$/gm)?.length, 5);
    const { out: json } = await muster(get, 'get', 'report/nightly', '--json');
    const { name, state, times, task } = JSON.parse(json);
    assert.deepEqual(
      [name, state, times, task.input],
      ['report/nightly', 'ACTIVE', { cron: ['0 3 * * *'], zone: 'Europe/Berlin' }, { a: 1 }],
    );
  });

  it('changes what is named, over what is stored', async () => {
    const answers: Answers = { ...get, UpdateSchedule: () => ({ schedule }) };
    const words = ['update', 'report/nightly', '--cron', '0 4 * * *'];
    const { out, requests } = await muster(answers, ...words);
    assert.match(out, /^Schedule report\/nightly is changed\./);
    const { updateMask, spec } = requests[1] ?? {};
    assert.deepEqual(updateMask?.paths, ['timing']);
    assert.deepEqual([spec?.timing.cron, spec?.timing.zone], [['0 4 * * *'], 'Europe/Berlin']);
  });

  it('pauses, resumes and deletes', async () => {
    const paused = { ...schedule, state: 'SCHEDULE_STATE_PAUSED', nextTime: null };
    const answers: Answers = {
      PauseSchedule: () => ({ schedule: paused }),
      ResumeSchedule: () => ({ schedule }),
      DeleteSchedule: () => ({}),
    };
    const pause = await muster(answers, 'pause', 'report/nightly', '--note', 'holiday');
    assert.equal(pause.out, 'Schedule report/nightly is paused.');
    assert.equal(pause.requests[0]?.note, 'holiday');
    const resume = await muster(answers, 'resume', 'report/nightly');
    assert.match(resume.out, /is resumed\. Next time: 2031-/);
    const gone = await muster(answers, 'delete', 'report/nightly', '--json');
    assert.equal(gone.out, '{"name":"report/nightly"}');
    const missing = await muster({}, 'delete', 'report/nightly');
    assert.equal(missing.code, 4);
    assert.match(missing.note, /\[SCHEDULE_NOT_FOUND\]/);
  });

  it('triggers, and prints the task', async () => {
    const answers: Answers = { ...get, TriggerSchedule: () => ({ fire }) };
    assert.equal((await muster(answers, 'trigger', 'report/nightly')).out, taskId);
    const { out } = await muster(answers, 'trigger', 'report/nightly', '--json');
    assert.deepEqual(JSON.parse(out).taskId, taskId);
  });

  it('fills a range of the past, or says what would be done', async () => {
    const answers: Answers = { BackfillSchedule: () => ({ fires: [fire], present: 2 }) };
    const words = ['backfill', 'report/nightly', '--from', '3d'];
    const { out, note, requests } = await muster(answers, ...words, '--dry-run');
    assert.match(out, /^NOMINAL TIME[\s\S]+^2031-04-04T01:00:00\.000Z .*FIRED/m);
    assert.equal(note, 'Times that would get a task: 1; that had one, or wait for theirs: 2.');
    const { range, validateOnly } = requests[0] ?? {};
    const days = ((range?.endTime.seconds ?? 0) - (range?.startTime.seconds ?? 0)) / 86_400;
    assert.deepEqual([days, validateOnly], [3, true]);
    assert.equal((await muster({}, 'backfill', 'a')).code, 2);
  });

  it('previews a stored schedule, or options, in the zone', async () => {
    const answers: Answers = { ...get, PreviewSchedule: () => ({ times: [next] }) };
    const named = await muster(answers, 'preview', 'report/nightly', '--count', '1');
    assert.match(named.out, /^TIME +Europe\/Berlin\n2031-04-05T01:00:00\.000Z \(in \d+d\) +2031-/);
    assert.match(named.out, / 2031-04-05 03:00:00 \+02:00 Sat$/);
    assert.deepEqual([named.requests[1]?.name, named.requests[1]?.timesMax], ['report/nightly', 1]);
    const words = ['preview', '--cron', '0 3 * * *', '--zone', 'Asia/Tokyo', '--json'];
    const own = await muster(answers, ...words);
    assert.deepEqual(JSON.parse(own.out), {
      zone: 'Asia/Tokyo',
      times: ['2031-04-05T01:00:00.000Z'],
    });
    assert.equal((await muster(answers, 'preview')).code, 2);
    assert.equal((await muster(answers, 'preview', 'a', '--cron', '@daily')).code, 2);
  });

  it('lists fires by their decision', async () => {
    const late = {
      ...{ nominalTime: next, decision: 'FIRE_DECISION_SKIPPED_LATE', skipped: 1_000 },
      lastNominalTime: next,
    };
    const answers: Answers = { ListFires: () => ({ fires: [late] }) };
    const words = ['fires', 'report/nightly', '--decision', 'skipped_late'];
    const { out, requests } = await muster(answers, ...words);
    assert.match(out, / SKIPPED_LATE +0ms +- +- +at least 1000 times, until 2031-04-05T01:/);
    assert.deepEqual(requests[0]?.decisions, ['FIRE_DECISION_SKIPPED_LATE']);
    const wrong = await muster(answers, 'fires', 'a', '--decision', 'skipped_lat');
    assert.match(wrong.note, /Did you mean "SKIPPED_LATE"/);
  });
});
