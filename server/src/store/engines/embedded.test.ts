/** The embedded engine: its folder, its lock, its bytes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../../../../test/harness/reaper.ts';
import { FolderHeld } from '../errors.ts';
import { openStore } from '../open.ts';
import { createScene } from '../scene/scene.ts';
import { holdFolder } from './folder-lock.ts';
import { createRoundGatherer } from './pglite-stream.ts';

describe('the lock of a folder [pglite]', () => {
  test('names its holder to a second process, and is free again after a crash', async () => {
    const folder = temporaryFolder('lock');
    const script = `import { holdFolder } from ${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)};
      holdFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    assert.throws(
      () => holdFolder(folder),
      (error) =>
        error instanceof FolderHeld &&
        error.message.includes(`process ${child.pid} on ${hostname()}`) &&
        error.message.includes(folder),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = holdFolder(folder);
    lock.release();
    assert.ok(!existsSync(join(folder, 'muster.lock')));
  });

  test('holds within one process too, and a half-written one is taken over', () => {
    const folder = temporaryFolder('lock');
    const lock = holdFolder(folder);
    assert.throws(() => holdFolder(folder), FolderHeld);
    lock.release();
    writeFileSync(join(folder, 'muster.lock'), '{"pid":');
    holdFolder(folder).release();
  });

  test('of another host is never taken over', () => {
    const folder = temporaryFolder('lock');
    const holder = { pid: 1, host: 'elsewhere', processStart: 0, nonce: 'x' };
    writeFileSync(join(folder, 'muster.lock'), JSON.stringify(holder));
    assert.throws(() => holdFolder(folder), /process 1 on elsewhere/);
    assert.equal(JSON.parse(readFileSync(join(folder, 'muster.lock'), 'utf8')).host, 'elsewhere');
  });
});

describe('a folder [pglite]', () => {
  test('keeps its tasks from one coordinator to the next', async () => {
    const database = temporaryFolder('data');
    const first = await openStore({ database });
    await assert.rejects(openStore({ database }), FolderHeld);
    const scene = await createScene(first);
    const task = scene.newTask();
    await scene.submit(task);
    await first.close();
    const second = await openStore({ database });
    const stored = await second.tasks.get(task.namespaceId, task.id, 'PAYLOADS');
    assert.deepEqual([stored?.state, stored?.input?.data], ['READY', task.input?.data]);
    await second.close();
  });
});

describe('rounds of the protocol', () => {
  const message = (type: string, body: string) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
  };

  test('are handed on whole, however their bytes arrive', () => {
    const start = message('', 'start');
    const round = Buffer.concat([message('P', 'parse'), message('B', 'bind'), message('S', '')]);
    const stream = Buffer.concat([start, round, message('Q', 'query'), message('P', 'open')]);
    for (const size of [1, 2, 3, 7, stream.length]) {
      const gather = createRoundGatherer();
      const handed: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) {
        const rounds = gather(stream.subarray(at, at + size));
        if (rounds) handed.push(rounds);
      }
      const all = Buffer.concat(handed);
      assert.deepEqual(all, stream.subarray(0, stream.length - message('P', 'open').length));
    }
  });
});
