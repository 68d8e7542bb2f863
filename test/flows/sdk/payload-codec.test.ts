// A payload codec on client and agent: what is stored is what it made, and nobody without it can read.

import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { before, it } from 'node:test';
import {
  type Client,
  createClient,
  defineHandler,
  type PayloadCodec,
  type TaskFailedError,
} from '@muster/sdk';
import { whereabouts } from '../../handlers/isolated.ts';
import { collect, flow } from '../../harness/flow.ts';

const mediaType = 'application/x-sealed';
const key = randomBytes(32);

/** AES-256-GCM over the payload with its media type. */
const codec: PayloadCodec = {
  encode(payload) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const plain = Buffer.concat([Buffer.from(`${payload.mediaType}\n`), payload.data]);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { mediaType, data: Buffer.concat([iv, cipher.getAuthTag(), sealed]) };
  },
  decode(payload) {
    if (payload.mediaType !== mediaType) return payload;
    const data = Buffer.from(payload.data);
    const cipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12));
    cipher.setAuthTag(data.subarray(12, 28));
    const plain = Buffer.concat([cipher.update(data.subarray(28)), cipher.final()]);
    const end = plain.indexOf(10);
    return { mediaType: plain.subarray(0, end).toString(), data: plain.subarray(end + 1) };
  },
};

const echo = defineHandler({ name: 'echo', run: (input: unknown) => input });

const resume = defineHandler({
  name: 'resume',
  retry: { initialDelay: '0s' },
  run(input: string, { attempt, checkpoint, lastCheckpoint }) {
    if (attempt > 1) return lastCheckpoint();
    checkpoint({ secret: input });
    throw Object.assign(new Error('once'), { details: { secret: input } });
  },
});

const refuse = defineHandler({
  name: 'refuse',
  run(input: string) {
    throw Object.assign(new Error('no'), { nonRetryable: true, details: { secret: input } });
  },
});

const wait = { timeout: '20s' } as const;

flow('payload codec', { agent: { codec, handlers: [echo, resume, refuse] } }, (stage) => {
  let sealed: Client;
  before(() => {
    sealed = createClient({ address: stage.address, codec });
    stage.onEnd(() => sealed.close());
  });

  it('carries inputs and outputs of every kind', async () => {
    for (const value of ['text', { n: [1, null] }, Buffer.from([0, 1, 2]), undefined]) {
      const task = await sealed.submit(echo, value);
      assert.deepEqual(await task.result(wait), value);
      assert.deepEqual((await task.get('payloads')).input, value);
    }
  });

  it('stores nothing that can be read without it', async () => {
    const task = await sealed.submit(echo, 'hidden treasure');
    await task.result(wait);
    const view = 'TASK_VIEW_FULL';
    const { task: stored } = await stage.client.services.tasks.getTask({ id: task.id, view });
    for (const payload of [stored?.input, stored?.output]) {
      assert.equal(payload?.mediaType, mediaType);
      assert.ok(!Buffer.from(payload?.data ?? []).includes('treasure'));
    }
    const plain = stage.client.handle(task.id);
    await assert.rejects(plain.result(wait), { reason: 'PAYLOAD_UNREADABLE' });
  });

  it('carries checkpoints to the next attempt', async () => {
    const task = await sealed.submit(resume, 'kept');
    assert.deepEqual(await task.result(wait), { secret: 'kept' });
  });

  it('carries the details of failures', async () => {
    const task = await sealed.submit(refuse, 'why');
    await assert.rejects(task.result(wait), (error: TaskFailedError) => {
      assert.deepEqual(error.failure.details, { secret: 'why' });
      return true;
    });
    await assert.rejects(
      stage.client.handle(task.id).result(wait),
      (error: TaskFailedError) => error.failure.details === undefined,
    );
  });

  it('reads what was submitted without it', async () => {
    const task = await stage.client.submit(echo, 'plain');
    assert.equal(await sealed.handle(task.id).result(wait), 'plain');
  });

  it('fails an attempt whose input it cannot open', async () => {
    const data = Buffer.from('not sealed by anybody at all');
    const { tasks } = await stage.client.services.tasks.submitTasks({
      tasks: [{ handler: 'echo', input: { mediaType, data }, retry: { maxAttempts: 1 } }],
    });
    const task = sealed.handle(tasks[0]?.id ?? '');
    await assert.rejects(task.result(wait), (error: TaskFailedError) => {
      assert.equal(error.failure.name, 'CODEC_FAILED');
      return true;
    });
  });

  it('works for handlers in child processes', async () => {
    await stage.addAgent({ codec, handlers: [whereabouts] });
    const task = await sealed.submit(whereabouts, 'through two processes');
    assert.equal((await task.result(wait)).input, 'through two processes');
  });

  it('shows payloads decoded in lists', async () => {
    const labels = { set: 'listed' };
    const task = await sealed.submit(echo, 'listed', { labels });
    await task.result(wait);
    const [listed] = await collect(sealed.list({ labels, view: 'payloads' }));
    assert.deepEqual([listed?.input, listed?.output], ['listed', 'listed']);
  });
});
