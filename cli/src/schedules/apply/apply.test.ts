// Portions of calls, differences for people, and the coordinator's fields in the words of a file.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ApplySchedulesResponse__Output,
  loadContract,
  type ScheduleSpec,
} from '@muster/proto';
import { createClient, defineSchedule, MusterError, type ScheduleOptions } from '@muster/sdk';
import { scheduleSpec } from '@muster/sdk/internal';
import { FaultList } from '../file/faults.ts';
import { readSchedules } from '../file/read-schedules.ts';
import { type ApplyCall, applyChunks, askChunks } from './apply-chunks.ts';
import { chunksOf } from './chunks.ts';
import type { ReadyEntry } from './definitions.ts';
import { differencesOf, differenceText } from './differences.ts';
import { optionFor } from './violations.ts';

const message = loadContract().messages['muster.v1.ScheduleSpec'];
const sent = (spec: ScheduleSpec) => message.deserialize(message.serialize(spec));

/** A spec as the SDK makes it; nothing is connected for that. */
async function specOf(options: Partial<ScheduleOptions>): Promise<ScheduleSpec> {
  const client = createClient({ address: '127.0.0.1:1' });
  const definition = defineSchedule({ name: 'a', handler: 'h', ...options } as ScheduleOptions);
  const spec = await scheduleSpec(client, definition);
  await client.close();
  return spec;
}

async function differenceTexts(
  before: Partial<ScheduleOptions>,
  after: Partial<ScheduleOptions>,
  ...parts: string[]
): Promise<string[]> {
  return differencesOf(sent(await specOf(before)), await specOf(after), parts).map(differenceText);
}

/** Entries of schedules `j0`, `j1`, ... as a file would have them. */
function readyEntries(count: number): ReadyEntry[] {
  const lines = Array.from({ length: count }, (_, at) => `  - { name: j${at}, handler: h }`);
  const { entries } = readSchedules(['schedules:', ...lines].join('\n'));
  return entries.map((entry) => ({ entry, spec: { name: entry.options.name } }));
}

const answer = (names: readonly string[]): ApplySchedulesResponse__Output => ({
  schedules: names.map((name) => ({
    ...{ name, action: 'APPLY_ACTION_CREATED', changedFields: [], specBefore: null },
  })),
  unservedHandlers: [],
});

describe('calls', () => {
  it('carry as much as they may, in order', () => {
    const items = Array.from({ length: 25 }, (_, at) => ({ spec: { name: `job-${at}` } }));
    const chunks = chunksOf(items, { specsMax: 10, bytesMax: 1_000_000 });
    assert.deepEqual(
      chunks.map(({ length }) => length),
      [10, 10, 5],
    );
    assert.deepEqual(chunks.flat(), items);
    assert.deepEqual(chunksOf([]), []);
    const large = { spec: { name: 'x', description: 'd'.repeat(100) } };
    const byBytes = chunksOf([large, large, large], { specsMax: 10, bytesMax: 250 });
    assert.deepEqual(
      byBytes.map(({ length }) => length),
      [2, 1],
    );
    assert.equal(chunksOf([large], { specsMax: 10, bytesMax: 5 }).length, 1);
  });

  it('that are refused name their lines, of all portions', async () => {
    const chunks = chunksOf(readyEntries(6), { specsMax: 2, bytesMax: 1_000_000 });
    const faults = new FaultList();
    const refuse: ApplyCall = async ({ specs = [] }) => {
      if (specs[0]?.name === 'j2') return answer(['j2', 'j3']);
      const violations = [{ field: 'specs[1].task.handler', description: 'is wrong' }];
      throw new MusterError('INVALID_REQUEST', 'refused', {
        violations,
        metadata: { violation_count: '5' },
      });
    };
    const { changes } = await askChunks(chunks, refuse, faults);
    assert.deepEqual(
      changes.map(({ name, action }) => [name, action]),
      [
        ['j2', 'CREATED'],
        ['j3', 'CREATED'],
      ],
    );
    assert.deepEqual(
      faults.first.map(({ place, schedule }) => [place.line, schedule]),
      [
        [3, 'j1'],
        [7, 'j5'],
      ],
    );
    assert.equal(faults.count, 10);
    const elsewhere = async () => {
      throw new MusterError('UNREACHABLE', 'away');
    };
    await assert.rejects(askChunks(chunks, elsewhere, faults), /away/);
  });

  it('that fail later say what is applied', async () => {
    const chunks = chunksOf(readyEntries(6), { specsMax: 2, bytesMax: 1_000_000 });
    const call: ApplyCall = async ({ specs = [], validateOnly }) => {
      assert.equal(validateOnly, false);
      if (specs[0]?.name !== 'j4') return answer(specs.map(({ name = '' }) => name));
      throw new MusterError('DATABASE_UNAVAILABLE', 'The database is away.', { retryDelayMs: 7 });
    };
    await assert.rejects(applyChunks(chunks, call), (error: MusterError) => {
      assert.match(error.message, /^The database is away\. The 4 schedules before were applied/);
      assert.deepEqual([error.reason, error.retryDelayMs], ['DATABASE_UNAVAILABLE', 7]);
      return true;
    });
  });
});

describe('differences', () => {
  it('are told option by option', async () => {
    assert.deepEqual(
      await differenceTexts(
        { cron: '0 3 * * *', zone: 'Europe/Berlin', jitter: '30s', at: new Date(0) },
        { cron: ['0 3 * * *', '@daily'], zone: 'UTC', limit: 5, at: new Date(1_000) },
        'timing',
      ),
      [
        'cron: 0 3 * * * → ["0 3 * * *","@daily"]',
        'at: 1970-01-01T00:00:00.000Z → 1970-01-01T00:00:01.000Z',
        'zone: Europe/Berlin → (not set)',
        'jitter: 30s → (not set)',
        'limit: (not set) → 5',
      ],
    );
    assert.deepEqual(
      await differenceTexts(
        { every: '1m', input: { a: 1 }, priority: 0, labels: { a: 'x' }, atMostOnce: true },
        {
          every: '1m',
          inputTemplate: '{{key}}',
          retry: { maxAttempts: 2, jitter: 0 },
          labels: { b: 'x' },
        },
        'task',
        'timing',
      ),
      [
        'labels.a: x → (not set)',
        'input: {"a":1} → (not set)',
        'priority: 0 → (not set)',
        'atMostOnce: true → (not set)',
        'retry.maxAttempts: (not set) → 2',
        'labels.b: (not set) → x',
        'inputTemplate: (not set) → {{key}}',
        'retry.jitter: (not set) → 0',
        'timing: changed',
      ],
    );
    assert.deepEqual(
      await differenceTexts(
        { every: '1m', misfire: 'SKIP', overlap: 'CANCEL', description: 'a', failuresMax: 3 },
        {
          ...{ every: '1m', misfire: { rule: 'ALL', catchUp: '6h' }, description: 'b'.repeat(80) },
          overlap: { rule: 'BUFFER', buffer: 5 },
        },
        ...['misfire', 'overlap', 'description', 'failures_max'],
      ),
      [
        'misfire.rule: skip → all',
        'misfire.catchUp: (not set) → 6h',
        'overlap.rule: cancel → buffer',
        'overlap.buffer: (not set) → 5',
        `description: a → ${'b'.repeat(60)}…`,
        'failuresMax: 3 → (not set)',
      ],
    );
    assert.deepEqual(
      await differenceTexts({ quartz: '0 0 3 ? * 2' }, { cron: '0 3 * * 1' }, 'timing'),
      ['quartz: 0 0 3 ? * 2 → (not set)', 'cron: (not set) → 0 3 * * 1'],
    );
  });

  it('are told even where the coordinator does not tell the spec before', async () => {
    const differences = differencesOf(null, await specOf({ every: '1m' }), ['task', 'timing']);
    assert.deepEqual(differences.map(differenceText), ['task: changed', 'timing: changed']);
  });
});

describe('a field of a spec', () => {
  it('is called as the option of the file', () => {
    const cases: [string, string][] = [
      ['timing.cron[1]', 'cron[1]'],
      ['timing.dialect', 'cron'],
      ['timing.rate_interval', 'every'],
      ['timing.excluded_ranges[2].start_time', 'excludeRanges[2]'],
      ['timing.anchor_time', 'anchorTime'],
      ['timing.zone', 'zone'],
      ['timing', ''],
      ['task.input.data', 'input'],
      ['task.retry.max_attempts', 'retry.maxAttempts'],
      ['task.attempt_timeout', 'timeout'],
      ['task.labels["a b"]', 'labels'],
      ['misfire.late_window', 'misfire.lateAfter'],
      ['overlap.buffer_max', 'overlap.buffer'],
      ['failures_max', 'failuresMax'],
      ['name', 'name'],
    ];
    for (const [field, option] of cases) assert.equal(optionFor(field, ['cron']), option, field);
    assert.equal(optionFor('timing.cron[0]', ['quartz']), 'quartz[0]');
    assert.equal(optionFor('task.input', ['inputTemplate']), 'inputTemplate');
  });
});
