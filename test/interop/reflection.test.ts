// A generic client that knows nothing of Muster learns everything by reflection: it lists the
// services and submits a task without one line of generated code.

import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { defineHandler } from '@muster/sdk';
import { flow } from '../harness/flow.ts';
import { reasonToSkipPython, setUpPython } from './python-setup.ts';

const skip = await reasonToSkipPython();
if (skip !== false) console.log(`The reflection test is skipped: ${skip}.`);

const shout = defineHandler({
  name: 'ts.shout',
  run: ({ text }: { text: string }) => text.toUpperCase(),
});

/** On both engines, or one skipped test that says why. */
const suite: typeof flow = skip === false ? flow : (title) => it(title, { skip });

suite('a generic client', { agent: { handlers: [shout] } }, (stage) => {
  let seen: Record<string, unknown>;

  before(async () => {
    const python = await setUpPython();
    const args = [stage.address, 'ts.shout', '{"text": "grüße"}'];
    seen = (await python.run('reflect.py', args)).value;
  });

  it('lists the services and their methods', () => {
    const services = seen.services as string[];
    for (const name of ['Agent', 'Fleet', 'Handler', 'Namespace', 'Task'])
      assert.ok(services.includes(`muster.v1.${name}Service`), services.join(' '));
    assert.ok(services.includes('grpc.health.v1.Health'), services.join(' '));
    const methods = seen.methods as Record<string, string[]>;
    assert.deepEqual(methods['muster.v1.TaskService'], [
      ...['SubmitTasks', 'GetTask', 'ListTasks', 'WaitTasks', 'WatchTasks', 'CancelTasks'],
      ...['RetryTasks', 'StreamCalls'],
    ]);
  });

  it('submits a task and reads its output', () => {
    const [task] = (seen.waited as { tasks: Record<string, unknown>[] }).tasks;
    assert.equal(task?.state, 'TASK_STATE_SUCCEEDED');
    const { mediaType, data } = (task?.output ?? {}) as Record<string, string>;
    assert.equal(mediaType, 'application/json');
    assert.equal(Buffer.from(data ?? '', 'base64').toString(), '"GRÜSSE"');
  });

  it('is told by the standard health service that all is well', () => {
    assert.equal(seen.health, 'SERVING');
  });
});
