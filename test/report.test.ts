// The report counts what ran on which engine, and fails when anything failed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Report } from './report.ts';

const file = '/here/a.test.ts';
const summary = { type: 'test:summary', data: { file, duration_ms: 1_260 } };

function started(name: string, nesting: number, registered = file) {
  return { type: 'test:start', data: { name, nesting, file: registered } };
}

function ended(type: 'test:pass' | 'test:fail', name: string, nesting: number, more = {}) {
  const details = { type: 'test', ...more };
  return { type, data: { name, nesting, file, details } };
}

function reported(events: object[]): { lines: string[]; isGood: boolean } {
  const lines: string[] = [];
  const report = new Report(
    (path) => path.slice(1),
    (line) => lines.push(line),
  );
  for (const event of events) report.add(event as { type: string });
  return { isGood: report.finish(), lines };
}

describe('the report of a run', () => {
  it('counts tests by the engine that a suite names', () => {
    const { lines, isGood } = reported([
      started('submitting [pglite]', 0, '/here/harness/engines.ts'),
      started('stores', 1),
      ended('test:pass', 'stores', 1),
      ended('test:pass', 'submitting [pglite]', 0, { type: 'suite' }),
      started('submitting [postgres]', 0),
      started('deeper', 1),
      started('stores', 2),
      ended('test:pass', 'stores', 2),
      started('plain', 0),
      ended('test:pass', 'plain', 0),
      summary,
    ]);
    assert.equal(lines[0], 'ok      here/a.test.ts  3 tests, 1.3 s');
    assert.ok(isGood);
    assert.ok(lines.includes('On PGlite 1 tests, on Postgres 1 tests.'));
    assert.equal(lines.at(-1), '3 passed, 0 failed, 0 skipped');
  });

  it('keeps apart what two runners tell at the same time', () => {
    const lines: string[] = [];
    const report = new Report(
      (path) => path.slice(1),
      (line) => lines.push(line),
    );
    const other = { ...summary, data: { ...summary.data, file: '/here/b.test.ts' } };
    report.add(started('of the first [pglite]', 0), 1);
    report.add(started('of the second', 0), 2);
    report.add(started('stores', 1), 1);
    report.add(ended('test:fail', 'of the second', 0), 2);
    report.add(ended('test:pass', 'stores', 1), 1);
    report.add(summary, 1);
    report.add(other, 2);
    assert.equal(lines[0], 'ok      here/a.test.ts  1 tests, 1.3 s');
    assert.deepEqual(lines.slice(1, 3), [
      'FAILED  here/b.test.ts  1 tests, 1.3 s',
      '    of the second\n    no reason given',
    ]);
    assert.equal(report.finish(), false);
    assert.ok(lines.includes('On PGlite 1 tests, on Postgres 0 tests.'));
  });

  it('fails when a test that a promise names did not run', () => {
    const lines: string[] = [];
    const report = new Report(
      (path) => path.slice(1),
      (line) => lines.push(line),
    );
    for (const event of [started('keeps all', 0), ended('test:pass', 'keeps all', 0), summary])
      report.add(event);
    const promised = (words: string) => ({ file: 'here/a.test.ts', words });
    report.expectRan([promised('keeps all')]);
    assert.ok(report.finish());
    report.expectRan([promised('keeps'), promised('loses none')]);
    assert.ok(!report.finish());
    assert.ok(lines.some((line) => line.endsWith('did not run: here/a.test.ts: loses none')));
  });

  it('fails if a file was never heard to end', () => {
    const lines: string[] = [];
    const report = new Report(
      (path) => path.slice(1),
      (line) => lines.push(line),
    );
    for (const event of [started('keeps all', 0), ended('test:pass', 'keeps all', 0), summary])
      report.add(event);
    report.expectFiles(['here/a.test.ts']);
    assert.ok(report.finish());
    report.add(started('is cut off', 0));
    report.add(ended('test:pass', 'is cut off', 0));
    report.expectFiles(['here/a.test.ts', 'here/b.test.ts']);
    assert.ok(!report.finish());
    assert.ok(lines.some((line) => /^FAILED +here\/b\.test\.ts +was not heard to end/.test(line)));
  });

  it('shows a failure with its suite, its cause and what the file printed', () => {
    const error = Object.assign(new Error('test failed'), { cause: new Error('two is not one') });
    const { lines, isGood } = reported([
      started('sums', 0),
      started('adds', 1),
      { type: 'test:stdout', data: { file, message: 'adding\n' } },
      ended('test:fail', 'adds', 1, { error }),
      ended('test:fail', 'sums', 0, {
        type: 'suite',
        error: Object.assign(new Error(), { failureType: 'subtestsFailed' }),
      }),
      summary,
    ]);
    assert.equal(isGood, false);
    const text = lines.join('\n');
    assert.match(
      text,
      /FAILED {2}here\/a\.test\.ts[\s\S]*sums › adds[\s\S]*two is not one[\s\S]*adding/,
    );
    assert.equal(lines.at(-1), '0 passed, 1 failed, 0 skipped');
  });

  it('says why a whole suite was skipped, and counts it', () => {
    const skipped = ended('test:pass', 'with NATS', 1, { type: 'suite' });
    const { lines, isGood } = reported([
      started('replicas', 0),
      started('with NATS', 1),
      { ...skipped, data: { ...skipped.data, skip: 'there is no nats-server' } },
      ended('test:pass', 'replicas', 0, { type: 'suite' }),
      summary,
    ]);
    assert.ok(isGood);
    assert.match(lines[1] ?? '', /^ +skipped: replicas › with NATS: there is no nats-server$/);
    assert.equal(lines.at(-1), '0 passed, 0 failed, 1 skipped');
  });

  it('fails a run in which a hook or a whole file failed', () => {
    const hook = Object.assign(new Error('hook'), { failureType: 'hookFailed' });
    assert.equal(
      reported([ended('test:fail', 'suite', 0, { type: 'suite', error: hook })]).isGood,
      false,
    );
    const whole = reported([ended('test:fail', file, 0)]);
    assert.equal(whole.isGood, false);
    assert.match(whole.lines[0] ?? '', /^FAILED {2}here\/a\.test\.ts/);
  });
});
