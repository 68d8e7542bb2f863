// The bench itself: every scenario runs with small numbers and says what it is to say; wrong arguments are answered in
// plain words. Nothing is said about speed.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nats } from '../harness/nats.ts';
import { type RunningProcess, startNode } from '../harness/processes.ts';
import { type DatabaseServer, startDatabaseServer } from './database/server.ts';
import type { MeasuredResult, Percentiles } from './result.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const small = '--seconds 2 --agents 20 --behind 3000 --no-floors --no-peers'.split(' ');
const limit = { timeout: 180_000 };

const keys = [
  ...['scenario', 'database', 'tasksPerSecond', 'latencyMs', 'floors', 'peers', 'ratios'],
  ...['statements', 'transactions', 'rowWritesPerTask', 'memoryMb', 'machine', 'commit'],
];

async function bench(...args: string[]): Promise<RunningProcess> {
  const process = await startNode(main, args);
  await process.exit;
  return process;
}

function assertFigures(latencyMs: Percentiles | null | undefined): void {
  assert.ok(latencyMs);
  const { p50, p90, p99, p999, max } = latencyMs;
  const rising = [p50, p90, p99, p999, max];
  assert.deepEqual(
    rising,
    rising.toSorted((a, b) => a - b),
  );
  assert.ok(rising.every(Number.isFinite));
}

describe('the bench', { concurrency: 2 }, () => {
  let server: DatabaseServer;
  before(async () => {
    server = await startDatabaseServer();
  }, limit);
  after(() => server.stop());

  /** Variants of the scenarios, by `scenario: variant`. */
  async function measure(...args: string[]): Promise<Map<string, MeasuredResult>> {
    const process = await bench(...args, '--json', ...small, '--database', server.url);
    const { code } = await process.exit;
    assert.equal(code, 0, process.lines.join('\n'));
    const results = JSON.parse(process.lines.join('\n')) as MeasuredResult[];
    for (const result of results)
      for (const key of keys) assert.ok(key in result, `${result.scenario} has no ${key}`);
    return new Map(results.map((result) => [`${result.scenario}: ${result.variant}`, result]));
  }

  it('measures rates', limit, async () => {
    const results = new Map([
      ...(await measure('throughput', '--variant', 'one', '--tasks', '2000')),
      ...(await measure('saturated', 'embedded', '--variant', 'calls', '--tasks', '2000')),
    ]);
    const names = [
      'throughput: one at a time',
      'saturated: calls of 100',
      'embedded: calls of 100',
    ];
    assert.deepEqual([...results.keys()], names);
    for (const { scenario, tasks, tasksPerSecond = 0, ...result } of results.values()) {
      assert.equal(tasks, 2_000);
      assert.ok(tasksPerSecond > 0);
      assert.ok((result.memoryMb ?? 0) > 0);
      assert.equal(result.database, scenario === 'embedded' ? 'pglite' : 'postgres');
      // Every task is written twice at least, and a hand-back may make it more.
      if (scenario !== 'embedded') assert.ok((result.rowWritesPerTask ?? 0) >= 2);
    }
  });

  it('measures a line of tasks, with others behind it', limit, async () => {
    const results = await measure('backlog', '--tasks', '2000');
    const variants = ['alone', 'more behind', 'more of another handler'];
    assert.deepEqual(
      [...results.keys()],
      variants.map((variant) => `backlog: ${variant}`),
    );
    for (const { tasks, transactions } of results.values()) {
      assert.equal(tasks, 2_000);
      assert.ok((transactions?.hotPath ?? 0) > 0);
    }
    const { ratios, facts } = results.get('backlog: more behind') as MeasuredResult;
    assert.ok((ratios?.alone ?? 0) > 0);
    assert.equal(facts?.['waiting behind'], 3_000);
  });

  it('measures turns of keys', limit, async () => {
    const results = await measure('lanes', '--variant', 'tenant', '--tasks', '2000');
    const result = results.get('lanes: one big tenant, 100 small');
    assert.ok((result?.tasksPerSecond ?? 0) > 0);
    const share = result?.facts?.['begun of the big one when the last small one did, %'];
    // Of 3,000 that wait of the big one, a fair share is gone before a thousand of the others have begun.
    assert.ok(Number(share) > 0 && Number(share) < 90, String(share));
  });

  it('measures latencies', limit, async () => {
    const results = await measure('latency', '--variant', '1,000', '--tasks', '2000');
    assert.equal(results.size, 2);
    for (const { tasks, latencyMs } of results.values()) {
      assert.ok(tasks > 0);
      const { p50, p90, p99, p999, max } = latencyMs as NonNullable<typeof latencyMs>;
      const rising = [0, p50, p90, p99, p999, max];
      assert.deepEqual(
        rising,
        rising.toSorted((a, b) => a - b),
      );
    }
    const [start, result] = [...results.values()];
    assert.ok((start?.latencyMs?.p50 ?? 0) < (result?.latencyMs?.p50 ?? 0));
  });

  it('measures under a pinned snapshot, with large payloads, and too much', limit, async () => {
    const results = await measure('pinned', 'large', 'overload', '--tasks', '200');
    const names = ['pinned: eager', 'pinned: claimed', 'large: 100 KB', 'overload: 3 × capacity'];
    assert.deepEqual([...results.keys()], names);
    assert.equal(results.get('pinned: eager')?.tasks, 200);
    assert.ok(Number(results.get('large: 100 KB')?.facts?.['MB/s, in and out']) > 0);
    const { tasks, facts } = results.get('overload: 3 × capacity') as MeasuredResult;
    assert.equal(facts?.['acknowledged tasks'], tasks);
  });

  it('measures idle agents', limit, async () => {
    const results = await measure('agents', 'idle');
    assert.deepEqual(
      [...results.keys()],
      ['agents: 2 agents', 'agents: 20 agents', 'idle: 20 agents'],
    );
    for (const { facts, statements = 0 } of results.values()) {
      // A coordinator gives signs of life, and no agent makes it write for a heartbeat.
      assert.ok(statements >= 1 && statements < 20 * 2, `${statements} statements`);
      assert.ok(facts);
    }
  });

  it('measures how late schedules are', limit, async () => {
    const few = ['--schedules', '50'];
    const results = await measure('lateness', ...few, '--variant', '300');
    const whats = ['to decision', 'to start', 'bare timer'];
    assert.deepEqual(
      [...results.keys()],
      whats.map((what) => `lateness: 300 each second, ${what}`),
    );
    for (const { variant, tasks, latencyMs, facts } of results.values()) {
      // Each of them twice in two seconds.
      assert.equal(tasks, 100, variant);
      assertFigures(latencyMs);
      if (!variant.endsWith('to start')) continue;
      assert.deepEqual([facts?.lost, facts?.doubled, facts?.schedules], [0, 0, 50]);
      assert.ok(Number(facts?.['applied in s']) > 0);
    }
  });

  it('measures how late delayed tasks and retries start', limit, async () => {
    const results = await measure('due', '--tasks', '10');
    assert.deepEqual([...results.keys()], ['due: delayed', 'due: retried']);
    for (const { tasks, latencyMs, facts } of results.values()) {
      assert.ok(tasks > 0);
      assert.equal(facts?.['not started'], 0);
      assertFigures(latencyMs);
    }
  });

  it('measures schedules at rest', limit, async () => {
    const results = await measure('rest', '--schedules', '300');
    assert.deepEqual([...results.keys()], ['rest: 0 schedules', 'rest: 300 schedules']);
    for (const { facts, statements = 0 } of results.values()) {
      assert.ok(statements >= 1 && statements < 20 * 2, `${statements} statements`);
      assert.ok(Number(facts?.['statements a minute']) > 0);
    }
    assert.ok(Number(results.get('rest: 300 schedules')?.facts?.['applied in s']) > 0);
  });

  it('measures several coordinators', { ...limit, skip: nats.skip }, async () => {
    const results = await measure('replicas', '--variant', '2', '--tasks', '2000');
    assert.deepEqual([...results.keys()], ['replicas: 2 coordinators']);
    for (const { tasksPerSecond = 0, statements = 0, facts } of results.values()) {
      assert.ok(tasksPerSecond > 0 && statements > 0);
      assert.ok(Number(facts?.['p99 to start, ms']) > 0);
    }
  });

  it('prints a table', limit, async () => {
    const args = ['throughput', '--variant', 'calls', '--tasks', '500', ...small];
    const process = await bench(...args, '--database', server.url);
    const text = process.lines.join('\n');
    assert.match(text, /^Muster \S+ on \d+ × .* GB, .* Node v/);
    assert.match(text, /^throughput: .*\(PostgreSQL 1\d/m);
    assert.match(text, /^ {2}calls of 100 {2}[\d,]+ tasks\/s$/m);
  });

  for (const [args, message] of [
    ['thruput', /There is no scenario "thruput"\. There are: throughput, /],
    ['--tasks many', /--tasks is a whole number from 1, not "many"\./],
    ['throughput --against no-such-commit', /There is no commit "no-such-commit"\./],
    ['--tusks 5', /Unknown option '--tusks'/],
    ['--database mysql://x', /--database is a postgres:\/\/ URL or "embedded"/],
  ] as const)
    it(`refuses ${args} in plain words`, limit, async () => {
      const process = await bench(...args.split(' '));
      assert.equal((await process.exit).code, 2);
      assert.match(process.lines[0] ?? '', message);
      assert.equal(process.lines.length, 1);
    });
});
