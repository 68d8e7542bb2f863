// What a handler tells while it runs: progress, log lines within bounds, and a checkpoint for whoever
// tries next.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler, type TaskFailedError, type TaskProgress } from '@muster/sdk';
import { atGate, openGate, passGate } from '../../handlers/gates.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const reporting = defineHandler({
  name: 'reporting',
  async run(_input: undefined, context) {
    context.progress(1, 4, 'begun');
    await passGate(context);
    context.progress(4, 4, 'done');
  },
});

const logging = defineHandler({
  name: 'logging',
  run(lines: number, { log }) {
    for (let line = 1; line <= lines; line += 1) log.info(`line ${line}`);
  },
});

const levels = defineHandler({
  name: 'logging.levels',
  run(_input: undefined, { log, attempt }) {
    log.debug('a');
    log.info('b \u0000 \ud800 c');
    log.warn('x'.repeat(10_000));
    log.error(`attempt ${attempt}`);
    if (attempt === 1) throw new Error('again');
  },
});

/** Counts to three, one step an attempt, by its checkpoint. */
const stepping = defineHandler({
  name: 'stepping',
  retry: { maxAttempts: 5, initialDelay: '0s' },
  run(_input: undefined, { checkpoint, lastCheckpoint, attempt }) {
    const steps = [...(lastCheckpoint<number[]>() ?? []), attempt];
    checkpoint(steps);
    if (steps.length < 3) throw new Error('not yet');
    return steps;
  },
});

const forgetful = defineHandler({
  name: 'forgetful',
  retry: { maxAttempts: 3, initialDelay: '0s' },
  run(_input: undefined, { checkpoint, lastCheckpoint, attempt }) {
    if (attempt === 1) checkpoint({ kept: true });
    if (attempt < 3) throw new Error('not yet');
    return lastCheckpoint();
  },
});

const greedy = defineHandler({
  name: 'greedy',
  run(_input: undefined, { checkpoint }) {
    checkpoint('x'.repeat(2 ** 20));
  },
});

const wait = { timeout: '20s' } as const;
const shown = (progress: TaskProgress | undefined) =>
  progress && [progress.completed, progress.total, progress.message];

const handlers = [reporting, logging, levels, stepping, forgetful, greedy];

flow('progress', { agent: { handlers } }, (stage) => {
  it('shows how far a running attempt has come', async () => {
    const task = await stage.client.submit(reporting);
    await atGate(task.id);
    const running = await eventually(
      () => task.get(),
      ({ progress }) => progress !== undefined,
    );
    assert.equal(running.state, 'RUNNING');
    assert.deepEqual(shown(running.progress), [1, 4, 'begun']);
    assert.ok(running.progress?.updateTime);
    openGate(task.id);
    await task.result(wait);
    assert.deepEqual(shown((await task.get()).progress), [4, 4, 'done']);
  });

  it('tells progress to whoever watches', async () => {
    const task = await stage.client.submit(reporting);
    const seen: unknown[] = [];
    for await (const { state, progress } of task.watch({ signal: AbortSignal.timeout(20_000) })) {
      seen.push(shown(progress));
      if (state === 'RUNNING' && progress) openGate(task.id);
    }
    assert.ok(
      seen.some((each) => JSON.stringify(each) === '[1,4,"begun"]'),
      JSON.stringify(seen),
    );
    assert.deepEqual(seen.at(-1), [4, 4, 'done']);
  });

  it('keeps log lines in order with their levels, for each attempt its own', async () => {
    const task = await stage.client.submit(levels, undefined, { retry: { initialDelay: '0s' } });
    await task.result(wait);
    const { attempts } = await task.get('full');
    assert.equal(attempts.length, 2);
    for (const { number, logLines } of attempts) {
      assert.deepEqual(
        logLines.map(({ level }) => level),
        ['DEBUG', 'INFO', 'WARN', 'ERROR'],
      );
      assert.ok(logLines.every(({ time }) => Math.abs(Number(time) - Date.now()) < 60_000));
      assert.equal(logLines[0]?.message, 'a');
      assert.match(logLines[1]?.message ?? '', /^b .* c$/u);
      assert.ok(!logLines[1]?.message.includes('\u0000'));
      assert.ok(Buffer.byteLength(logLines[2]?.message ?? '') <= 4_096);
      assert.equal(logLines[3]?.message, `attempt ${number}`);
    }
  });

  it('keeps as many log lines as the limit allows', async () => {
    const task = await stage.client.submit(logging, 200);
    await task.result(wait);
    const lines = (await task.get('full')).attempts[0]?.logLines ?? [];
    assert.equal(lines.length, 200);
    assert.equal(lines.at(-1)?.message, 'line 200');
  });

  it('drops log lines over the limit, and says how many', async () => {
    const task = await stage.client.submit(logging, 5_000);
    await task.result(wait);
    const lines = (await task.get('full')).attempts[0]?.logLines ?? [];
    assert.equal(lines.length, 200);
    assert.equal(lines[198]?.message, 'line 199');
    assert.match(lines[199]?.message ?? '', /^4801 more lines were dropped/);
  });

  it('hands the checkpoint of an attempt to the next one', async () => {
    const task = await stage.client.submit(stepping);
    assert.deepEqual(await task.result(wait), [1, 2, 3]);
  });

  it('keeps a checkpoint over attempts that save none', async () => {
    const task = await stage.client.submit(forgetful);
    assert.deepEqual(await task.result(wait), { kept: true });
  });

  it('refuses a checkpoint over the limit to the handler that gives it', async () => {
    const task = await stage.client.submit(greedy);
    await assert.rejects(task.result(wait), (error: TaskFailedError) => {
      assert.equal(error.failure.name, 'PAYLOAD_TOO_LARGE');
      return true;
    });
  });
});
