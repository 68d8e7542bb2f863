// The verdicts on schedules find what they are there to find.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../../history.ts';
import { expectedFires } from './downtime.ts';
import type { ScheduledTask, ScheduleEvidence, StoredFire } from './evidence.ts';
import { judgeOnce, multiples } from './exactly-once.ts';
import { mostAtOnce, type OverlapEvidence, overlapFaults } from './overlap-verdict.ts';

const second = 1_000;

function fireAt(
  schedule: string,
  nominalAt: number,
  changes: Partial<StoredFire> = {},
): StoredFire {
  return {
    ...{ schedule, nominalAt, dueAt: nominalAt, decidedAt: nominalAt + 10, decision: 'FIRED' },
    ...{ stage: 0, taskId: `${schedule} ${nominalAt}`, lastNominalAt: null, skipped: 0 },
    ...changes,
  };
}

function taskAt(
  schedule: string,
  nominalAt: number,
  changes: Partial<ScheduledTask> = {},
): ScheduledTask {
  return {
    ...{ id: `${schedule} ${nominalAt}`, schedule, nominalAt, state: 'SUCCEEDED' },
    ...{ lostAttempts: 0, createdAt: nominalAt + 10, endedAt: nominalAt + 500 },
    ...changes,
  };
}

function runOf(key: string, changes: Partial<Run> = {}): Run {
  const numbers = { attempt: 1, leaseEpoch: 1, pid: 1, beganAt: 0, endedAt: 1 };
  return { taskId: key, ...numbers, end: 'finished', key, ...changes };
}

describe('exactly once', () => {
  const times = multiples(2 * second, 1, 6 * second);
  const whole = {
    fires: times.map((time) => fireAt('a/0', time)),
    tasks: times.map((time) => taskAt('a/0', time)),
  };
  const runs = [runOf('a/0@1970-01-01T00:00:02Z'), runOf('a/0@1970-01-01T00:00:04Z')];
  const judge = (evidence: Partial<ScheduleEvidence>, ran = runs) =>
    judgeOnce(['a/0'], times, { ...whole, ...evidence }, ran);

  it('is one record, one task and one run for each nominal time', () => {
    assert.deepEqual(times, [2 * second, 4 * second]);
    const { expected, faults, latenessMs } = judge({});
    assert.deepEqual([expected, faults, latenessMs], [2, [], { p50: 10, p99: 10, max: 10 }]);
  });

  it('is not what misses a record, a task or a run', () => {
    for (const verdict of [
      judge({ fires: whole.fires.slice(1) }),
      judge({ tasks: whole.tasks.slice(1) }),
      judge({}, runs.slice(1)),
    ]) {
      assert.equal(verdict.missing, 1);
      assert.ok(verdict.faults.length > 0);
    }
  });

  it('is not a second task without a record, nor one of another time', () => {
    const second = judge({ tasks: [...whole.tasks, taskAt('a/0', 2_000, { id: 'other' })] });
    assert.equal(second.doubled, 1);
    assert.match(second.faults.join(), /2 tasks/);
    assert.match(second.faults.join(), /other has no record/);
    const odd = judge({ tasks: [...whole.tasks, taskAt('a/0', 3_000)] });
    assert.match(odd.faults.join(), /a task that nobody expects/);
  });

  it('is a second run only if an attempt was lost', () => {
    const cutOff = runOf('a/0@1970-01-01T00:00:02Z', { end: undefined });
    const [first, ...rest] = whole.tasks;
    assert.ok(first);
    assert.match(judge({}, [...runs, cutOff]).faults.join(), /2 runs of which 1 came/);
    const lost = judge({ tasks: [{ ...first, lostAttempts: 1 }, ...rest] }, [...runs, cutOff]);
    assert.deepEqual([lost.again, lost.explained, lost.faults], [1, 1, []]);
  });
});

describe('overlap', () => {
  const nominalTimes = [second, 2 * second];
  const evidence: OverlapEvidence = {
    ...{ names: ['o/skip/0'], nominalTimes, heeding: [], outside: [], within: [] },
    fires: nominalTimes.map((time) => fireAt('o/skip/0', time)),
    tasks: nominalTimes.map((time) => taskAt('o/skip/0', time)),
  };
  const faults = (changes: Partial<OverlapEvidence>) =>
    overlapFaults({ ...evidence, ...changes }).join('\n');

  it('is counted where stretches meet, not where they touch', () => {
    const stretches = [
      { from: 0, to: 2 },
      { from: 2, to: 4 },
      { from: 3, to: 5 },
    ];
    assert.deepEqual([mostAtOnce(stretches.slice(0, 2)), mostAtOnce(stretches)], [1, 2]);
  });

  it('is found in rows, in what ran, and by whoever watched', () => {
    assert.equal(faults({}), '');
    const [first, ...rest] = evidence.tasks;
    assert.ok(first);
    const tasks = [{ ...first, endedAt: 2_011 }, ...rest];
    assert.match(faults({ tasks }), /by its rows 2 tasks/);
    const key = 'o/skip/0@1970-01-01T00:00:01Z';
    assert.match(faults({ heeding: [runOf(key), runOf(key)] }), /2 tasks ran at once/);
    const peak = { schedule: 'o/skip/0', running: 1, waiting: 1 };
    assert.match(faults({ within: [peak] }), /a transaction saw 1 unfinished tasks and 1/);
    assert.match(faults({ outside: [{ ...peak, running: 2 }] }), /a look saw 2/);
  });

  it('leaves no time without a record, and none that waits for ever', () => {
    const [first, last] = evidence.fires;
    assert.ok(first && last);
    assert.match(faults({ fires: [first] }), /has 0 records/);
    const waits = { ...last, decision: 'BUFFERED', stage: 3, taskId: null };
    assert.match(faults({ fires: [first, waits] }), /ended as BUFFERED[\s\S]*is open/);
    assert.match(faults({ fires: [{ ...first, taskId: 'lost' }, last] }), /task lost of/);
  });
});

describe('misfire rules', () => {
  const times = [0, 3, 6, 9, 12].map((time) => time * second);
  const told = (rule: 'ONCE' | 'ALL' | 'SKIP', decidedAt: number) =>
    expectedFires(times, rule, { decidedAt, lateMs: second }).map(
      ({ nominalAt, decision, skipped }) => `${nominalAt / second} ${decision} ${skipped}`,
    );

  it('catch up the newest late time, unless one that is not late is due', () => {
    const later = ['9 FIRED 0', '12 FIRED 0'];
    assert.deepEqual(told('ONCE', 7_500), ['0 SKIPPED_LATE 2', '6 CAUGHT_UP 0', ...later]);
    assert.deepEqual(told('ONCE', 9_500), ['0 SKIPPED_LATE 3', ...later]);
  });

  it('catch up all, or none', () => {
    const later = ['9 FIRED 0', '12 FIRED 0'];
    const caughtUp = ['0 CAUGHT_UP 0', '3 CAUGHT_UP 0', '6 CAUGHT_UP 0'];
    assert.deepEqual(told('ALL', 7_500), [...caughtUp, ...later]);
    assert.deepEqual(told('SKIP', 7_500), ['0 SKIPPED_LATE 3', ...later]);
  });
});
