// The commands for tasks, as real processes against a real coordinator: what they print for
// people, what for machines, and what their exit codes say.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { defineHandler, NonRetryableError } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';
import { startNode } from '../../harness/processes.ts';
import { temporaryFolder } from '../../harness/reaper.ts';
import { muster, musterBin, type RunOptions } from './muster.ts';

const add = defineHandler({
  name: 'sum.add',
  run: ({ a, b }: { a: number; b: number }) => ({ sum: a + b }),
});
const refuse = defineHandler({
  name: 'sum.refuse',
  run: () => {
    throw new NonRetryableError('not\u001b[31m today');
  },
});
const hang = defineHandler({
  name: 'sum.hang',
  run: (_: unknown, { signal, progress }) =>
    new Promise((_resolve, reject) => {
      progress(1, 3, 'hanging');
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
});

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\n$/;
const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057';

const agent = { handlers: [add, refuse, hang], agentId: 'box' };

flow('muster task', { agent, concurrency: 4 }, (stage) => {
  const task = (words: readonly string[], options: RunOptions = {}) => {
    const env = { MUSTER_ADDRESS: stage.address };
    return muster(['task', ...words], { ...options, env: { ...env, ...options.env } });
  };
  const submitted = async (...words: string[]) => (await task(['submit', ...words])).out.trim();
  const running = (id: string) =>
    eventually(
      () => stage.client.get(id),
      (seen) => seen.state === 'RUNNING' && seen.progress !== undefined,
    );

  it('submit prints the id alone, and with --wait the output alone', async () => {
    const one = await task(['submit', 'sum.add', '--input', '{"a":1,"b":2}']);
    assert.match(one.out, uuid);
    assert.deepEqual({ code: one.code, note: one.note }, { code: 0, note: '' });
    const two = await task(['submit', 'sum.add', '-', '--wait'], { input: '{"a":1,"b":2}' });
    assert.deepEqual(two, { code: 0, out: '{"sum":3}\n', note: '' });
  });

  it('submit reads inputs from a file, and many from lines, with a line per tenth', async () => {
    const folder = temporaryFolder('cli');
    const [one, many] = [join(folder, 'one.json'), join(folder, 'many.jsonl')];
    writeFileSync(one, '{"a": 4,\n "b": 5}');
    writeFileSync(many, Array.from({ length: 20 }, (_, a) => `{"a":${a},"b":1}\n`).join(''));
    const single = await task(['submit', 'sum.add', '--input-file', one, '--wait', '--json']);
    const { id, ...rest } = JSON.parse(single.out);
    assert.deepEqual(rest, { state: 'SUCCEEDED', output: { sum: 9 } });
    assert.match(`${id}\n`, uuid);
    const lines = await task(['submit', 'sum.add', '--input-lines', many, '--wait']);
    assert.equal(lines.code, 0);
    assert.deepEqual(
      lines.out
        .trim()
        .split('\n')
        .map((line) => line.replace(/^\S+ /, '')),
      Array.from({ length: 20 }, (_, a) => `SUCCEEDED  {"sum":${a + 1}}`),
    );
    assert.match(lines.note, /20\/20 {2}20 succeeded\n/);
  });

  it('submit passes on delay, priority, labels and keys', async () => {
    const words = ['sum.add', '-i', '{"a":1,"b":1}', '--delay', '1h', '--priority=-7'];
    const wishes = ['-l', 'team=ops', '--idempotency-key', 'k1', '--json'];
    const first = JSON.parse((await task(['submit', ...words, ...wishes])).out);
    const second = JSON.parse((await task(['submit', ...words, ...wishes])).out);
    assert.deepEqual([first.duplicate, second.duplicate], [false, true]);
    assert.equal(first.id, second.id);
    const shown = JSON.parse((await task(['get', first.id, '--json'])).out);
    assert.equal(shown.state, 'DELAYED');
    assert.equal(shown.priority, -7);
    assert.deepEqual(shown.labels, { team: 'ops' });
    assert.equal(shown.idempotencyKey, 'k1');
  });

  it('submit says that nobody serves a handler, and names the nearest', async () => {
    const { code, out, note } = await task(['submit', 'sum.ad', '-i', '{}']);
    assert.equal(code, 0);
    assert.match(out, uuid);
    assert.match(note, /No agent serves "sum\.ad" .* Did you mean "sum\.add"\?/);
    const refused = await task(['submit', 'sum.ad', '-i', '{}', '--require-handler']);
    assert.equal(refused.code, 4);
    assert.match(refused.note, /HANDLER_NOT_FOUND/);
  });

  it('wait and --wait exit with 1 when a task fails, and show why, harmlessly', async () => {
    const failed = await task(['submit', 'sum.refuse', '--wait']);
    assert.equal(failed.code, 1);
    assert.equal(failed.out, '');
    assert.match(failed.note, /FAILED .*NonRetryableError: not\\u\{1b\}\[31m today/);
    const good = await submitted('sum.add', '-i', '{"a":1,"b":1}');
    const bad = await submitted('sum.refuse');
    const both = await task(['wait', '-', '--json'], { input: `${good}\n${bad}\n` });
    assert.equal(both.code, 1);
    const documents = both.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(documents.map(({ state }) => state).sort(), ['FAILED', 'SUCCEEDED']);
    const { error } = documents.find(({ id }) => id === bad);
    assert.deepEqual([error.reason, error.failure.kind], ['TASK_FAILED', 'ERROR']);
  });

  it('wait ends with 6 when its time is over, 4 for unknown tasks, 130 at Ctrl-C', async () => {
    const id = await submitted('sum.hang');
    await running(id);
    const late = await task(['wait', id, '--wait-timeout', '50ms']);
    assert.equal(late.code, 6);
    assert.match(late.note, /WAIT_TIMEOUT/);
    assert.equal((await task(['wait', unknownId])).code, 4);
    const env = { MUSTER_ADDRESS: stage.address };
    const watching = await startNode(musterBin, ['task', 'watch', id], { env });
    await watching.line(/RUNNING/);
    assert.deepEqual(await watching.end('SIGINT'), { code: 130, signal: null });
    await task(['cancel', id]);
  });

  it('get shows attempts, log lines and progress', async () => {
    const id = await submitted('sum.hang', '-i', '"x"');
    await running(id);
    const { out } = await task(['get', id]);
    assert.match(out, new RegExp(`^id +${id}$`, 'm'));
    assert.match(out, /^state +RUNNING$/m);
    assert.match(out, /^agent +box$/m);
    assert.match(out, /^progress +1\/3 hanging$/m);
    assert.match(out, /^input +"x"$/m);
    assert.match(out, /^attempt 1 +RUNNING on box$/m);
    assert.equal((await task(['get', unknownId])).code, 4);
    await task(['cancel', id]);
  });

  it('cancel tells what it did, and watch follows to the end', async () => {
    const id = await submitted('sum.hang');
    await running(id);
    const watched = task(['watch', id, '--json']);
    const cancelled = await task(['cancel', id, '--reason', 'enough', '--json']);
    assert.deepEqual(JSON.parse(cancelled.out), {
      cancelled: [],
      requested: [id],
      finished: [],
      missing: [],
    });
    const { code, out } = await watched;
    assert.equal(code, 1);
    const last = JSON.parse(out.trim().split('\n').at(-1) ?? '');
    assert.deepEqual([last.state, last.cancelReason], ['CANCELLED', 'enough']);
  });

  it('list, cancel and retry take filters', async () => {
    for (const n of [1, 2, 3])
      await submitted('sum.add', '-i', `{"a":${n},"b":1}`, '--delay', '1h', '-l', 'run=list');
    const listed = await task(['list', '--label', 'run=list', '--state', 'delayed']);
    const lines = listed.out.trim().split('\n');
    assert.match(lines[0] ?? '', /^ID +HANDLER +STATE +ATTEMPT +AGE +AGENT/);
    assert.equal(lines.length, 4);
    const first = await task(['list', '-l', 'run=list', '--limit', '2', '--json']);
    assert.equal(first.out.trim().split('\n').length, 2);
    assert.match(first.note, /The newest 2/);
    const cancelled = await task(['cancel', '--label', 'run=list']);
    assert.match(cancelled.out, /^3 cancelled, 0 asked to stop\./);
    const retried = await task(['retry', '-l', 'run=list', '--json']);
    assert.equal(JSON.parse(retried.out).retried.length, 3);
    assert.equal((await task(['list', '-l', 'run=nobody'])).note, 'No task matches.\n');
  });
});
