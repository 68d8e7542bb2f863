// Calls over one stream: answered and refused one by one, in any order, and all of them before the stream ends.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { StatusObject } from '@grpc/grpc-js';
import {
  loadContract,
  type StreamCallsResponse__Output,
  type StreamedAnswer__Output,
  type StreamedCall,
} from '@muster/proto';
import { startCoordinator } from '../../harness/coordinator.ts';
import { eventually } from '../../harness/eventually.ts';
import { uuidV7 } from '../../harness/task-ids.ts';
import { openRawClients, type Refused, readRefusal } from './raw-client.ts';
import { type ApiStage, apiSuite } from './suite.ts';

/** A stream of calls, and everything that it has been answered. */
function openStream({ clients }: Pick<ApiStage, 'clients'>) {
  const answers: StreamedAnswer__Output[] = [];
  const stream = clients.taskClient.StreamCalls();
  let ended = false;
  stream.on('data', (message: StreamCallsResponse__Output) => answers.push(...message.answers));
  stream.on('end', () => {
    ended = true;
  });
  const refused = new Promise<Refused>((resolve) => {
    stream.on('error', (error: StatusObject & Error) => {
      if (error.metadata.get('grpc-status-details-bin').length > 0) resolve(readRefusal(error));
    });
  });
  return {
    answers,
    refused,
    ended: () => ended,
    ask: (...calls: StreamedCall[]) => void stream.write({ calls }),
    halfClose: () => stream.end(),
    cancel: () => stream.cancel(),
    async answerTo(number: number): Promise<StreamedAnswer__Output> {
      const find = () => answers.find((answer) => answer.number === number);
      return (await eventually(find)) as StreamedAnswer__Output;
    },
  };
}

/** Reason and message of an answer that refuses. */
function refusalIn({ refusal }: StreamedAnswer__Output) {
  const [info] = refusal?.details ?? [];
  const { messages } = loadContract();
  assert.ok(info);
  const { reason } = messages['google.rpc.ErrorInfo'].deserialize(info.value);
  return { reason, message: refusal?.message ?? '' };
}

const submit = (number: number, ...specs: object[]): StreamedCall => ({
  number,
  submitTasks: { tasks: specs.map((spec) => ({ handler: 'flow.streamed', ...spec })) },
});

apiSuite('calls over a stream', [], (stage) => {
  it('store, wait, and are answered in the order in which they are ready', async () => {
    const stream = openStream(stage);
    const ids = [uuidV7(), uuidV7()];
    stream.ask(submit(1, { id: ids[0] }, { id: ids[1] }));
    const { submitTasks } = await stream.answerTo(1);
    assert.deepEqual(
      submitTasks?.tasks.map(({ id }) => id),
      ids,
    );
    stream.ask(
      { number: 2, waitTasks: { ids, waitTimeout: { seconds: 30 } } },
      submit(3, {}),
      submit(4, {}),
    );
    await Promise.all([stream.answerTo(3), stream.answerTo(4)]);
    assert.ok(!stream.answers.some(({ number }) => number === 2));
    await stage.clients.tasks('CancelTasks', { ids });
    const { waitTasks } = await stream.answerTo(2);
    assert.deepEqual(
      waitTasks?.tasks.map(({ state }) => state),
      ['TASK_STATE_CANCELLED', 'TASK_STATE_CANCELLED'],
    );
    stream.halfClose();
    await eventually(stream.ended, Boolean);
  });

  it('are refused alone, with the names of their own fields', async () => {
    const stream = openStream(stage);
    stream.ask(
      submit(1, { priority: 1000 }),
      submit(2, {}),
      { number: 3 },
      { number: 4, waitTasks: { ids: ['nonsense'] } },
    );
    const [first, second, third, fourth] = await Promise.all(
      [1, 2, 3, 4].map((number) => stream.answerTo(number)),
    );
    assert.ok(first && second && third && fourth);
    assert.equal(refusalIn(first).reason, 'INVALID_REQUEST');
    assert.match(refusalIn(first).message, /: tasks\[0\]\.priority: /);
    assert.equal(second.submitTasks?.tasks.length, 1);
    assert.match(refusalIn(third).message, /request: must be set/);
    assert.match(refusalIn(fourth).message, /ids\[0\]/);
    stream.halfClose();
  });

  it('with fields that the contract does not know are refused alone, too', async () => {
    const { StreamCalls } = loadContract().muster.TaskService.service;
    const known = StreamCalls.requestSerialize({ calls: [submit(1, {})] });
    // A call with number 2 and a field 99.
    const unknown = Buffer.from([0x0a, 0x05, 0x08, 0x02, 0x98, 0x06, 0x01]);
    const stream = stage.clients.taskClient.makeBidiStreamRequest(
      StreamCalls.path,
      (bytes: Buffer) => bytes,
      StreamCalls.responseDeserialize,
    );
    const answers: StreamedAnswer__Output[] = [];
    stream.on('data', (message: StreamCallsResponse__Output) => answers.push(...message.answers));
    stream.on('error', () => {});
    stream.write(Buffer.concat([known, unknown]));
    await eventually(
      () => answers.length,
      (count) => count === 2,
    );
    const refused = answers.find(({ number }) => number === 2);
    assert.ok(refused);
    assert.match(refusalIn(refused).message, /99: is no field/);
    assert.ok(answers.find(({ number }) => number === 1)?.submitTasks);
    stream.cancel();
  });

  it('need no answer any more when they are cancelled', async () => {
    const stream = openStream(stage);
    const id = uuidV7();
    stream.ask(submit(1, { id }));
    await stream.answerTo(1);
    stream.ask({ number: 2, waitTasks: { ids: [id], waitTimeout: { seconds: 60 } } });
    stream.ask({ number: 2, cancel: {} }, { number: 77, cancel: {} });
    // The number is free again.
    stream.ask({ number: 2, waitTasks: { ids: [id], waitTimeout: {} } });
    const { waitTasks } = await stream.answerTo(2);
    assert.deepEqual(waitTasks?.pendingIds, [id]);
    stream.halfClose();
    await eventually(stream.ended, Boolean);
    assert.deepEqual(
      stream.answers.map(({ number }) => number),
      [1, 2],
    );
  });

  it('are all answered before the stream ends that is closed behind them', async () => {
    const stream = openStream(stage);
    for (let number = 1; number <= 300; number += 1) stream.ask(submit(number, {}));
    stream.halfClose();
    await eventually(stream.ended, Boolean);
    assert.equal(stream.answers.filter(({ submitTasks }) => submitTasks).length, 300);
  });

  it('beyond 500 under way are refused with a delay, and those under way go on', async () => {
    const stream = openStream(stage);
    const id = uuidV7();
    stream.ask(submit(1000, { id }));
    await stream.answerTo(1000);
    for (let number = 1; number <= 500; number += 1)
      stream.ask({ number, waitTasks: { ids: [id], waitTimeout: { seconds: 60 } } });
    stream.ask(submit(501, {}));
    assert.equal(refusalIn(await stream.answerTo(501)).reason, 'OVERLOADED');
    await stage.clients.tasks('CancelTasks', { ids: [id] });
    await eventually(
      () => stream.answers.length,
      (count) => count === 502,
    );
    stream.halfClose();
  });

  it('that only wait are sent elsewhere when the coordinator stops, and the stream ends', async () => {
    const coordinator = await startCoordinator(stage.engine);
    const clients = openRawClients(coordinator.address);
    const stream = openStream({ clients });
    const id = uuidV7();
    stream.ask(submit(1, { id }));
    await stream.answerTo(1);
    stream.ask({ number: 2, waitTasks: { ids: [id], waitTimeout: { seconds: 60 } } });
    await clients.tasks('GetTask', { id });
    const stopped = coordinator.stop();
    assert.equal(refusalIn(await stream.answerTo(2)).reason, 'STOPPING');
    await eventually(stream.ended);
    await stopped;
    clients.close();
  });

  it('end the whole stream when one has the number of another', async () => {
    const stream = openStream(stage);
    const wait = { ids: [uuidV7()], waitTimeout: { seconds: 60 } };
    stream.ask({ number: 1, waitTasks: wait });
    stream.ask({ number: 0, waitTasks: wait });
    const { reason, message } = await stream.refused;
    assert.equal(reason, 'INVALID_REQUEST');
    assert.match(message, /numbers begin at 1/);
  });
});
