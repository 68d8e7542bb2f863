// The rest of the harness: processes, waiting, engines, and a Postgres that is stopped and killed.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import pg from 'pg';
import { eachEngine } from './engines.ts';
import { eventually } from './eventually.ts';
import { startPostgres } from './postgres.ts';
import { startProcess } from './processes.ts';

const node = process.execPath;

describe('a started process', () => {
  it('shows its lines, and ends with its code', async () => {
    const child = await startProcess([node, '-e', 'console.log("port 7"); process.exitCode = 3']);
    assert.equal((await child.line(/port (\d+)/))[1], '7');
    assert.deepEqual(await child.exit, { code: 3, signal: null });
  });

  it('fails a wait at once when it ends without the line', async () => {
    const child = await startProcess([node, '-e', 'console.error("out of luck")']);
    await assert.rejects(child.line(/ready/), /ended \(exit code 0\)[\s\S]*out of luck/);
  });

  it('can be frozen, thawed and killed', async () => {
    const child = await startProcess([node, '-e', 'setInterval(() => console.log("tick"), 10)']);
    await child.line(/tick/);
    child.signal('SIGSTOP');
    await assert.rejects(child.line(/tick/, { from: child.lines.length + 50, timeoutMs: 300 }));
    child.signal('SIGCONT');
    await child.line(/tick/, { from: child.lines.length });
    assert.deepEqual(await child.end(), { code: null, signal: 'SIGKILL' });
    assert.equal(child.signal('SIGTERM'), false);
  });

  it('does not outlive the process that started it, however that ends', async () => {
    const script = `
      import { startProcess } from './test/harness/processes.ts';
      import { temporaryFolder } from './test/harness/reaper.ts';
      const child = await startProcess(['sleep', '600']);
      console.log('left', child.pid, temporaryFolder());`;
    const parent = await startProcess([node, '--input-type=module', '-e', script]);
    const [, pid, folder] = await parent.line(/left (\d+) (\S+)/);
    assert.ok(isAlive(Number(pid)) && existsSync(String(folder)));
    await parent.end('SIGKILL');
    await eventually(() => !isAlive(Number(pid)) && !existsSync(String(folder)));
  });
});

describe('waiting for a fact', () => {
  it('reports the last value seen when time is up', async () => {
    const wait = eventually(
      () => ({ state: 'RUNNING' }),
      ({ state }) => state === 'SUCCEEDED',
      { timeoutMs: 50, what: 'the task to end' },
    );
    await assert.rejects(wait, /Waited 50 ms for the task to end. Last seen: { state: 'RUNNING' }/);
  });

  it('tries again after an error or a failed assertion', async () => {
    let count = 0;
    const read = () => {
      count += 1;
      if (count === 1) throw new Error('not yet');
      return count;
    };
    assert.equal(await eventually(read, (value) => assert.ok(value > 3)), 4);
  });
});

describe('a Postgres of one’s own', () => {
  it('keeps its data over a stop and a crash, and loses its connections when told', async () => {
    const postgres = await startPostgres();
    const url = await postgres.createDatabase('kept');
    await run(url, 'CREATE TABLE facts AS SELECT 42 AS answer');
    const idle = new pg.Client({ connectionString: url });
    const lost = new Promise((resolve) => idle.on('error', resolve));
    await idle.connect();
    assert.equal(await postgres.killConnections('kept'), 1);
    await lost;
    await postgres.stop();
    await assert.rejects(run(url, 'SELECT 1'), { code: 'ECONNREFUSED' });
    await postgres.start();
    await postgres.kill();
    await postgres.start();
    assert.deepEqual(await run(url, 'SELECT answer FROM facts'), [{ answer: 42 }]);
    await postgres.stop('immediate');
  });
});

eachEngine('an engine', (engine) => {
  it('offers its suite a fresh place for data', async () => {
    if (engine.name === 'pglite') {
      assert.equal(engine.databaseUrl, undefined);
      assert.ok(existsSync(engine.freshFolder()));
    } else {
      const other = await engine.freshDatabase();
      assert.notEqual(engine.databaseUrl, other);
      const tables = "SELECT 1 FROM pg_tables WHERE schemaname = 'public'";
      assert.deepEqual(await run(engine.databaseUrl, tables), []);
    }
  });
});

async function run(url: string | undefined, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
