// `muster schedule ...` as real processes against a real coordinator: what is printed, and the exit codes of refusals.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';
import { muster } from './muster.ts';

const send = defineHandler({
  name: 'report.send',
  retry: { maxAttempts: 1 },
  run(input: { day?: string; fail?: boolean }, { idempotencyKey }) {
    if (input.fail) throw new Error('no printer');
    return { ...input, key: idempotencyKey };
  },
});

const agent = { handlers: [send], slots: 10 };
const settings = { agent, roles: 'together', concurrency: 8 } as const;

flow('muster schedule', settings, (stage) => {
  const run = (...words: string[]) =>
    muster(['schedule', ...words], { env: { MUSTER_ADDRESS: stage.address } });
  const json = async (...words: string[]) => JSON.parse((await run(...words, '--json')).out);
  const create = (name: string, ...words: string[]) =>
    run('create', name, '--handler', send.name, '--input', '{}', ...words);

  it('makes one, shows it, changes it and deletes it', async () => {
    const words = ['--cron', '0 3 * * *', '--zone', 'Europe/Berlin', '--overlap', 'skip'];
    const made = await create('report/nightly', ...words, '--description', 'By night.');
    assert.deepEqual([made.code, made.note], [0, '']);
    assert.match(made.out, /^Schedule report\/nightly is made\. Next time: 20\d\d-.*\n$/);
    const again = await create('report/nightly', ...words);
    assert.deepEqual([again.code, again.out], [5, '']);
    assert.match(again.note, /SCHEDULE_EXISTS/);
    const shown = await run('get', 'report/nightly');
    for (const line of [
      ...[/^description +By night\.$/m, /^state +ACTIVE$/m, /^when +0 3 \* \* \*$/m],
      ...[/^zone +Europe\/Berlin$/m, /^overlap +a time is skipped while a task is unfinished$/m],
    ])
      assert.match(shown.out, line);
    const updated = await run('update', 'report/nightly', '--cron', '0 4 * * *');
    assert.match(updated.out, /^Schedule report\/nightly is changed\. Next time: /);
    const { times, overlap, description } = await json('get', 'report/nightly');
    assert.deepEqual(times, { cron: ['0 4 * * *'], zone: 'Europe/Berlin' });
    assert.deepEqual([overlap, description], [{ rule: 'SKIP', running: 1 }, 'By night.']);
    assert.equal(
      (await run('delete', 'report/nightly')).out,
      'Schedule report/nightly is deleted.\n',
    );
    assert.equal((await run('delete', 'report/nightly')).code, 4);
  });

  // What is printed is the same on both engines, and each word costs a process.
  if (stage.engine.name === 'pglite') return;

  it('lists them, with why they are paused', async () => {
    await create('list/a', '--every', '1h');
    await create('list/b', '--every', '2h', '--pause-note', 'not yet');
    const { out } = await run('list', '--limit', '0');
    assert.match(out, /^SCHEDULE +HANDLER +WHEN +STATE +NEXT +FIRES/m);
    assert.match(out, /^list\/a +report\.send +every 1h +ACTIVE +20\d\d/m);
    assert.match(out, /^list\/b +report\.send +every 2h +PAUSED .*not yet *$/m);
    const paused = await run('list', '--state', 'paused', '--limit', '0', '--json');
    const names = paused.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).name);
    assert.deepEqual(
      names.filter((name) => name.startsWith('list/')),
      ['list/b'],
    );
    assert.equal((await run('list', '--handler', 'nobody.x')).note, 'No schedule matches.\n');
  });

  it('foresees times, of one that is stored and of one that is not', async () => {
    const times = ['--cron', '30 2 * * *', '--zone', 'Europe/Berlin'];
    const when = ['--after', '2026-03-28T00:00:00Z', '--count', '2'];
    const preview = { zone: 'Europe/Berlin', times: [] as string[] };
    preview.times = ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z'];
    assert.deepEqual(await json('preview', ...times, ...when), preview);
    await create('foreseen', ...times);
    assert.deepEqual(await json('preview', 'foreseen', ...when), preview);
    const text = await run('preview', 'foreseen', ...when);
    assert.match(text.out, /^TIME +Europe\/Berlin *$/m);
    assert.match(text.out, /2026-03-29.*03:00/);
    assert.equal((await run('preview')).code, 2);
    assert.equal((await run('preview', 'foresene')).code, 4);
  });

  it('pauses with a note, and resumes', async () => {
    await create('paused', '--every', '1h');
    const paused = await run('pause', 'paused', '--note', 'until noon');
    assert.deepEqual([paused.code, paused.out], [0, 'Schedule paused is paused.\n']);
    assert.match((await run('get', 'paused')).out, /^state +PAUSED: until noon$/m);
    assert.match(
      (await run('resume', 'paused')).out,
      /^Schedule paused is resumed\. Next time: 20/,
    );
    assert.equal((await run('pause', 'nobody')).code, 4);
  });

  it('triggers, and waits for the output', async () => {
    await create('by-hand', '--every', '1h');
    const { code, out } = await run('trigger', 'by-hand', '--wait');
    assert.equal(code, 0);
    assert.match(out, /"key": ?"by-hand@20\d\d-/);
    const { decision, taskId } = await json('trigger', 'by-hand');
    assert.equal(decision, 'BY_HAND');
    await eventually(
      () => stage.client.get(taskId),
      ({ state }) => state === 'SUCCEEDED',
    );
    const fires = await run('fires', 'by-hand');
    assert.match(fires.out, /^NOMINAL TIME +DECISION +LATENESS +TASK +STATE/m);
    assert.equal(fires.out.match(/ BY_HAND .* SUCCEEDED/g)?.length, 2);
    assert.equal(
      (await run('fires', 'by-hand', '--decision', 'fired')).note,
      'No record matches.\n',
    );
    await run('update', 'by-hand', '--input', '{"fail":true}');
    const failed = await run('trigger', 'by-hand', '--wait');
    assert.equal(failed.code, 1);
    assert.match(failed.note, /no printer/);
    assert.equal((await run('trigger', 'by-hnad')).code, 4);
  });

  it('fills a past range, after it has said what it would do', async () => {
    await create('filled', '--cron', '0 * * * *');
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    const from = new Date(hour.getTime() - 3 * 3_600_000);
    const range = ['filled', '--from', from.toISOString(), '--to', hour.toISOString()];
    const dry = await run('backfill', ...range, '--dry-run');
    assert.equal(
      dry.note,
      'Times that would get a task: 3; that had one, or wait for theirs: 0.\n',
    );
    assert.equal(dry.out.match(/BACKFILLED/g)?.length, 3);
    const { fires } = await json('backfill', ...range);
    assert.equal(fires.length, 3);
    const again = await run('backfill', ...range);
    assert.equal(again.note, 'Times that got a task: 0; that had one, or wait for theirs: 3.\n');
    assert.equal((await run('backfill', 'filled')).code, 2);
    const future = await run('backfill', 'filled', '--from', '1h', '--to', '2099-01-01T00:00:00Z');
    assert.equal(future.code, 2);
    assert.match(future.note, /range\.end_time: is 2099-01-01T00:00:00\.000Z, which is to come/);
  });

  it('says of a handler that nobody serves that its tasks wait', async () => {
    const { code, note } = await run(
      'create',
      'alone',
      '--handler',
      'report.sned',
      '--every',
      '1h',
    );
    assert.equal(code, 0);
    assert.match(note, /report\.sned[\s\S]*report\.send/);
  });

  it('refuses what is wrong, and stores nothing of it', async () => {
    const wrong = [
      ['--cron', '0 0 30 2 *', /timing\.cron\[0\]: is "0 0 30 2 \*", which no day matches/],
      ['--zone', 'Europe/Berlinn', /timing\.zone: is "Europe\/Berlinn"/, '--cron', '@daily'],
      ['--every', '10ms', /timing\.rate_interval: is 10 ms; at least 1 s is needed/],
      ['--overlap', 'buffer', /how many times may wait/, '--every', '1h'],
      ['--every', 'soon', /soon/],
    ] as const;
    for (const [option, value, said, ...more] of wrong) {
      const { code, out, note } = await create('wrong', option, value, ...more);
      assert.deepEqual([code, out], [2, ''], note);
      assert.match(note, said);
    }
    assert.equal((await create('Wrong Name', '--every', '1h')).code, 2);
    assert.equal((await run('create', 'wrong', '--every', '1h')).code, 2);
    assert.equal((await run('get', 'wrong')).code, 4);
  });
});
