// Everything that fails reaches the caller as one type of error whose reason is for programs and whose
// message says what to do; and the namespaces that keep tenants apart.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createAgent } from '@muster/agent';
import { createClient, defineHandler, MusterError, type MusterReason } from '@muster/sdk';
import { collect, flow } from '../../harness/flow.ts';
import { freePort } from '../../harness/ports.ts';

const send = defineHandler({ name: 'email.send', run: (input: unknown) => input });
const wait = { timeout: '20s' } as const;

async function errorOf(promise: Promise<unknown>, reason: MusterReason): Promise<MusterError> {
  const error = await promise.then(
    () => assert.fail('it should have failed'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MusterError, String(error));
  assert.equal(error.reason, reason, error.message);
  return error;
}

flow('errors and namespaces', { agent: { handlers: [send] } }, (stage) => {
  it('names the nearest handler where none of the name was ever registered', async () => {
    const strict = stage.client.submit('emial.send', 1, { requireHandler: true });
    const error = await errorOf(strict, 'HANDLER_NOT_FOUND');
    assert.equal(error.metadata.nearest_handler, 'email.send');
    assert.match(error.message, /emial\.send.*email\.send/s);
    const lenient = await stage.client.submit('emial.send', 1);
    assert.deepEqual(lenient.unserved, { nearestHandler: 'email.send', known: false });
    assert.equal((await lenient.get()).state, 'READY');
    const served = await stage.client.submit(send, 1, { requireHandler: true });
    assert.equal(served.unserved, undefined);
  });

  it('says of a handler that is not served now that it is known', async () => {
    const passing = defineHandler({ name: 'passing.by', run: () => 1 });
    const agent = await stage.addAgent({ handlers: [passing] });
    await agent.drain();
    const task = await stage.client.submit(passing, undefined, { requireHandler: true });
    assert.equal(task.unserved?.known, true);
    await stage.addAgent({ handlers: [passing] });
    assert.equal(await task.result(wait), 1);
  });

  it('names every field that is wrong', async () => {
    const { tasks } = stage.client.services;
    const call = tasks.submitTasks({
      tasks: [
        { handler: 'email.send', priority: 500 },
        { handler: 'Not A Name' },
        { handler: 'email.send', labels: { 'Bad Label': 'x' } },
      ],
    });
    const { violations } = await errorOf(call, 'INVALID_REQUEST');
    assert.deepEqual(
      violations.map(({ field }) => field.replace(/\].*/, ']')),
      ['tasks[0]', 'tasks[1]', 'tasks[2]'],
    );
  });

  it('refuses a payload over the limit before it is sent, and at the coordinator', async () => {
    const large = 'x'.repeat(2 ** 20);
    const error = await errorOf(stage.client.submit(send, large), 'PAYLOAD_TOO_LARGE');
    assert.equal(error.metadata.bytes_max, String(2 ** 20));
    const careless = createClient({ address: stage.address, payloadBytesMax: 2 ** 22 });
    stage.onEnd(() => careless.close());
    const refused = await errorOf(careless.submit(send, large), 'INVALID_REQUEST');
    assert.match(refused.violations[0]?.field ?? '', /input/);
  });

  it('says where it found nobody', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const client = createClient({ address, retryTimeout: '300ms' });
    const error = await errorOf(client.submit(send, 1), 'UNREACHABLE');
    assert.match(error.message, new RegExp(address));
    await client.close();
    await errorOf(client.submit(send, 1), 'CLIENT_CLOSED');
  });

  it('refuses unknown namespaces, naming the nearest', async () => {
    const client = createClient({ address: stage.address, namespace: 'defualt' });
    stage.onEnd(() => client.close());
    const error = await errorOf(client.submit(send, 1), 'NAMESPACE_NOT_FOUND');
    assert.equal(error.metadata.nearest_namespace, 'default');
    const agent = createAgent({
      ...{ address: stage.address, namespace: 'nowhere', handlers: [send], logger: false },
    });
    await errorOf(agent.start(), 'NAMESPACE_NOT_FOUND');
  });

  it('keeps the tasks, keys and agents of namespaces apart', async () => {
    const { namespaces } = stage.client.services;
    await namespaces.createNamespace({ namespace: { name: 'tenant-a' } });
    await namespaces.createNamespace({ namespace: { name: 'tenant-b' } });
    const [a, b] = ['tenant-a', 'tenant-b'].map((namespace) => {
      const client = createClient({ address: stage.address, namespace });
      stage.onEnd(() => client.close());
      return client;
    });
    assert.ok(a && b);
    const only = defineHandler({ name: 'tenant.work', run: () => 'from a' });
    await stage.addAgent({ namespace: 'tenant-a', handlers: [only] });
    const options = { idempotencyKey: 'same', labels: { tenant: 'yes' } };
    const [inA, inB] = [
      await a.submit(only, undefined, options),
      await b.submit(only, undefined, options),
    ];
    assert.notEqual(inA.id, inB.id);
    assert.equal(await inA.result(wait), 'from a');
    assert.equal((await inB.get()).state, 'READY');
    assert.equal(inB.unserved?.known, false);
    assert.equal((await inA.get()).namespace, 'tenant-a');
    await errorOf(b.get(inA.id), 'TASK_NOT_FOUND');
    await errorOf(b.handle(inA.id).cancel(), 'TASK_NOT_FOUND');
    const ids = async (client: typeof a) =>
      (await collect(client.list({ labels: { tenant: 'yes' } }))).map(({ id }) => id);
    assert.deepEqual([await ids(a), await ids(b)], [[inA.id], [inB.id]]);
    await errorOf(
      namespaces.createNamespace({ namespace: { name: 'tenant-a' } }),
      'NAMESPACE_EXISTS',
    );
    await errorOf(namespaces.deleteNamespace({ name: 'tenant-b' }), 'NAMESPACE_NOT_EMPTY');
  });
});
