// Every rule is broken once, by a made-up story.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Run, signature } from '../../history.ts';
import type { PastAttempt, StoredTask } from './evidence.ts';
import { breachesOf, type Story, type Witnessed } from './verdict.ts';

const id = 'task';

function run(attempt: number, changes: Partial<Run> = {}): Run {
  const times = { beganAt: attempt * 100, endedAt: attempt * 100 + 50 };
  const numbers = { attempt, leaseEpoch: attempt, pid: 7 };
  return { taskId: id, ...numbers, ...times, end: 'finished', ...changes };
}

function past(number: number, changes: Partial<PastAttempt> = {}): PastAttempt {
  const rest = { outcome: 'LOST', endedAt: 0, failure: undefined } as const;
  return { taskId: id, number, agentId: 'hit', ...rest, ...changes };
}

interface Made {
  readonly witness?: Partial<Witnessed>;
  /** Null: it is not stored. */
  readonly task?: Partial<StoredTask> | null;
  readonly runs?: readonly Run[];
  readonly attempts?: readonly PastAttempt[];
}

/** The names of the rules that a story of one task breaks; without words it is an honest one. */
function broken({ witness, task = {}, runs = [run(1)], attempts = [] }: Made = {}): string[] {
  const last = runs.at(-1) ?? run(1);
  const stored: StoredTask = {
    ...{ id, state: 'SUCCEEDED', attempt: last.attempt, leaseEpoch: last.leaseEpoch },
    ...{ lostAttempts: attempts.length, output: signature(last), failure: undefined },
    ...task,
  };
  const story: Story = {
    witnessed: [
      { id, acknowledged: true, cancelled: false, failures: 0, seen: undefined, ...witness },
    ],
    tasks: task === null ? [] : [stored],
    ...{ runs, attempts },
    isExcused: (agentId) => agentId === 'hit',
    wasAskedToStop: (agentId) => agentId === 'asked',
  };
  return breachesOf(story).map(({ rule }) => rule);
}

describe('a story that is over', () => {
  it('is honest if each task ended once, by the run whose lease stands', () => {
    assert.deepEqual(broken(), []);
    const lost = { runs: [run(1, { endedAt: undefined, end: undefined }), run(2)] };
    assert.deepEqual(broken({ ...lost, attempts: [past(1)] }), []);
    const failed = { runs: [run(1, { end: 'failed' }), run(2)], witness: { failures: 1 } };
    assert.deepEqual(broken({ ...failed, attempts: [past(1, { outcome: 'FAILED' })] }), []);
    const asked = past(1, { outcome: 'INTERRUPTED', agentId: 'asked' });
    assert.deepEqual(broken({ runs: [run(1, { end: 'stopped' }), run(2)], attempts: [asked] }), []);
  });

  it('may hold or not hold what was not acknowledged', () => {
    const witness = { acknowledged: false };
    assert.deepEqual(broken({ witness, task: null, runs: [] }), []);
    assert.deepEqual(broken({ witness }), []);
    assert.deepEqual(broken({ witness, task: { state: 'READY' } }), ['stuck']);
    assert.deepEqual(broken({ witness, task: null }), ['lost'], 'it ran');
  });

  it('must hold what was acknowledged', () => {
    assert.deepEqual(broken({ task: null }), ['lost']);
  });

  it('has no task that has not ended', () => {
    for (const state of ['DELAYED', 'READY', 'RUNNING'])
      assert.deepEqual(broken({ task: { state } }), ['stuck']);
  });

  it('has no end that nobody asked for', () => {
    assert.deepEqual(broken({ task: { state: 'CANCELLED' } }), ['outcome']);
    assert.deepEqual(broken({ task: { state: 'CANCELLED' }, witness: { cancelled: true } }), []);
    assert.deepEqual(broken({ task: { state: 'FAILED' } }), ['outcome']);
    assert.deepEqual(broken({ task: { state: 'FAILED', lostAttempts: 4 } }), []);
  });

  it('has no output but that of one run', () => {
    assert.deepEqual(broken({ task: { output: 'invented' } }), ['double']);
    const cut = run(1, { end: undefined, endedAt: undefined });
    assert.deepEqual(broken({ runs: [cut] }), ['double']);
    assert.equal(broken({ runs: [run(1), run(1)] })[0], 'double');
  });

  it('accepts no write of a lapsed lease', () => {
    const first = run(1);
    const story = { runs: [first, run(2)], attempts: [past(1)] };
    assert.deepEqual(broken({ ...story, task: { output: signature(first) } }), ['lapsed']);
  });

  it('repeats no run that nothing explains', () => {
    assert.deepEqual(broken({ runs: [run(1), run(2)] }), ['repeated']);
    const sameAttempt = [run(1), run(1, { leaseEpoch: 2, beganAt: 300 })];
    assert.deepEqual(broken({ runs: sameAttempt }), ['repeated']);
    const sameLease = [run(1), run(2, { leaseEpoch: 1 })];
    assert.deepEqual(broken({ runs: sameLease, attempts: [past(1)] }), ['repeated']);
  });

  it('has two runs at once only if the older agent was lost', () => {
    const runs = [run(1, { end: 'stopped', endedAt: 900 }), run(2)];
    assert.deepEqual(broken({ runs, attempts: [past(1)] }), []);
    const asked = past(1, { outcome: 'INTERRUPTED', agentId: 'asked' });
    assert.deepEqual(broken({ runs, attempts: [asked] }), ['repeated']);
  });

  it('loses, fails and interrupts no attempt without a reason', () => {
    const runs = [run(1, { end: 'stopped' }), run(2)];
    const of = (changes: Partial<PastAttempt>) => broken({ runs, attempts: [past(1, changes)] });
    assert.deepEqual(of({ agentId: 'well' }), ['unexplained']);
    assert.deepEqual(of({ agentId: 'well', outcome: 'INTERRUPTED' }), ['unexplained']);
    assert.deepEqual(of({ outcome: 'FAILED' }), ['unexplained']);
  });

  it('has told every wait what is stored', () => {
    const seen = (told: Witnessed['seen']) => broken({ witness: { seen: told } });
    const output = signature(run(1));
    assert.deepEqual(seen({ state: 'SUCCEEDED', output }), []);
    assert.deepEqual(seen({ state: 'SUCCEEDED', output: undefined }), [], 'a watch');
    assert.deepEqual(seen({ state: 'SUCCEEDED', output: 'other' }), ['wait']);
    assert.deepEqual(seen({ state: 'CANCELLED', output: undefined }), ['wait']);
    assert.deepEqual(seen({ error: 'UNAVAILABLE' }), ['wait']);
    assert.deepEqual(seen('pending'), ['wait']);
  });
});
