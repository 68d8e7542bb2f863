// Calls over one stream: they share messages, fail alone, and go by themselves where a coordinator is too old.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { status } from '@grpc/grpc-js';
import type { SubmitTasksResponse } from '@muster/proto';
import type { Client } from '../client.ts';
import type { MusterError } from '../errors.ts';
import { accept, openClient, reasonIs, startClient, startFake } from './fake-coordinator.ts';

/** Calls of one task each, begun at the same time: `submitMany` does not gather. */
const callsAtOnce = (client: Client, count: number) =>
  Promise.allSettled(Array.from({ length: count }, (_, n) => client.submitMany('a.b', [n])));

describe('calls over a stream', () => {
  it('that are made at the same time travel in one message', async () => {
    const messages: number[] = [];
    const client = await startClient({ submit: accept, streamed: (calls) => messages.push(calls) });
    const settled = await callsAtOnce(client, 40);
    assert.ok(settled.every((each) => each.status === 'fulfilled'));
    assert.deepEqual(messages, [40]);
  });

  it('are refused one by one, with reason, violations and delay', async () => {
    const client = await startClient(
      {
        submit(request) {
          if (request.tasks[0]?.input?.data.toString() !== '1') return accept(request);
          const violations = [{ field: 'tasks[0].input', description: 'is one' }];
          throw { code: status.INVALID_ARGUMENT, reason: 'INVALID_REQUEST', violations };
        },
      },
      { retryTimeout: '0s' },
    );
    const [first, second, third] = await callsAtOnce(client, 3);
    assert.equal(first?.status, 'fulfilled');
    assert.equal(third?.status, 'fulfilled');
    assert.equal(second?.status, 'rejected');
    const error = (second as PromiseRejectedResult).reason as MusterError;
    assert.equal(error.reason, 'INVALID_REQUEST');
    assert.deepEqual(error.violations, [{ field: 'tasks[0].input', description: 'is one' }]);
  });

  it('go by themselves to a coordinator that knows no such stream', async () => {
    let stored = 0;
    const client = await startClient(
      {
        submit(request) {
          stored += request.tasks.length;
          return accept(request);
        },
        streamed: null,
      },
      { retryTimeout: '0s' },
    );
    await client.submitMany('a.b', [1, 2]);
    await client.submitMany('a.b', [3]);
    assert.equal(stored, 3);
  });

  it('are at most 64 at a time; the others wait for their turn without a deadline of their own', async () => {
    let open = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    const client = await startClient({
      submit: (request) => {
        open += 1;
        most = Math.max(most, open);
        return new Promise<SubmitTasksResponse>((resolve) =>
          answers.push(() => {
            open -= 1;
            resolve(accept(request));
          }),
        );
      },
    });
    const all = callsAtOnce(client, 200);
    while (answers.length < 64) await delay(2);
    const timer = setInterval(() => {
      for (const answer of answers.splice(0)) answer();
    }, 2);
    const settled = await all;
    clearInterval(timer);
    assert.ok(settled.every((each) => each.status === 'fulfilled'));
    assert.equal(most, 64);
  });

  it('beyond what may wait are refused by the client itself, and say so', async () => {
    const client = await startClient({ submit: () => new Promise<never>(() => {}) });
    const large = 'x'.repeat(1_000_000);
    const calls = Array.from({ length: 64 + 80 }, () =>
      client.submitMany('a.b', [large]).then(
        () => undefined,
        (error: MusterError) => error,
      ),
    );
    const first = await Promise.race(calls);
    assert.equal(first?.reason, 'CLIENT_OVERLOADED');
    assert.match(first.message, /wait to be sent, and 64 are under way/);
    assert.ok((first.retryDelayMs ?? 0) > 0);
  });

  it('are made again when the stream breaks', async () => {
    let calls = 0;
    const first = await startFake({
      submit: () => {
        calls += 1;
        return new Promise<never>(() => {});
      },
    });
    const client = openClient(first.port);
    const submitted = client.submitMany('a.b', [1]);
    while (calls === 0) await delay(2);
    first.stop();
    await startFake({ submit: accept }, first.port);
    assert.equal((await submitted).handles.length, 1);
  });

  it('end with the client', async () => {
    const client = await startClient({ wait: () => new Promise<never>(() => {}) });
    const result = client.handle('01890000-0000-7000-8000-000000000001').result();
    await delay(20);
    await client.close();
    await assert.rejects(result, reasonIs('CLIENT_CLOSED'));
  });

  it('do not keep a process alive that has nothing more to do', async () => {
    const { port } = await startFake({ submit: accept });
    const program = `
      import { createClient } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
      await createClient({ address: '127.0.0.1:${port}' }).submit('a.b', 1);
      process.stdout.write('stored');`;
    const args = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
    assert.equal(stdout, 'stored');
  });
});
