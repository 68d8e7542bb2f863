import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { type ConnectRequest__Output, type ConnectResponse, loadContract } from '@muster/proto';
import { defineHandler } from '@muster/sdk';
import { createAgent } from './agent.ts';
import { scripted } from './simulation/scripted.ts';

const greet = defineHandler({ name: 'greet', run: (input: { who: string }) => `hi ${input.who}` });
const slow = defineHandler({ name: 'slow', run: () => 1 });

describe('agent', () => {
  test('refuses options that are wrong, naming them', () => {
    const refused = (options: object, message: RegExp) =>
      assert.throws(() => createAgent(options), { name: 'MusterError', message });
    refused({ handlers: [] }, /handlers is "a list of 0"/);
    refused({ handlers: [greet, greet] }, /greet.*different names/);
    refused({ handlers: [{ name: 'x' }] }, /defineHandler/);
    refused({ handlers: [greet], slot: 3 }, /no option "slot".*"slots"/);
    refused({ handlers: [greet], slots: 0 }, /slots is 0/);
    refused({ handlers: [greet], silenceTimeout: '2m' }, /silenceTimeout/);
    refused({ builtIns: ['http.requests'] }, /no built-in handler "http.requests"/);
    const isolated = defineHandler({ name: 'child', isolation: 'process', run() {} });
    refused({ handlers: [isolated] }, /file is undefined.*import\.meta\.url/);
  });

  test('takes handlers of any types, and built-in ones', () => {
    const agent = createAgent({
      ...{ handlers: [greet, slow], builtIns: ['http.request', 'grpc.call'], logger: false },
    });
    assert.match(agent.id, /-\d+$/);
    assert.equal(agent.sessionId, '');
  });

  test('start does not hang if the agent ends before it has a session', async () => {
    const s = await scripted({ handlers: [greet] });
    const started = s.agent.start();
    await s.agent.drain();
    await assert.rejects(started, { reason: 'ABORTED' });
    await s.agent.ended;
  });
});

type Call = ServerDuplexStream<ConnectRequest__Output, ConnectResponse>;

/** The program of an agent with a handler that takes as long as it is told. */
const program = `
  import { createAgent } from '${import.meta.resolve('./index.ts')}';
  import { defineHandler } from '@muster/sdk';
  const wait = defineHandler({
    name: 'wait',
    run: (_, { log }) => new Promise((end) => setTimeout(end, 60_000)),
  });
  await createAgent({ handlers: [wait], address: process.argv[1], drainGrace: '500ms', tls: false }).run();
  console.log('drained');
  process.exit();
`;

describe('agent process', () => {
  const server = new Server();
  let address = '';
  let sent: string[] = [];

  before(async () => {
    const task = { taskId: '1', leaseEpoch: 1, handler: 'wait', attempt: 1, maxAttempts: 1 };
    const assignment = { ...task, cancelGrace: { nanos: 1e8 } };
    server.addService(loadContract().muster.AgentService.service, {
      Connect(call: Call) {
        call.on('error', () => {});
        call.on('end', () => call.end());
        call.on('data', ({ message, outcomes, ...more }: ConnectRequest__Output) => {
          if (message && message !== 'heartbeat') sent.push(message);
          if (more.hello) {
            call.write({ welcome: { sessionId: 's', sessionToken: 't' } });
            call.write({ assignments: { sequence: 1, assignments: [assignment] } });
          }
          for (const { lease } of outcomes?.outcomes ?? []) {
            call.write({ outcomeAcks: { acks: [{ lease, status: 'OUTCOME_STATUS_RECORDED' }] } });
          }
          const { sequence } = more.heartbeat ?? {};
          if (sequence) call.write({ heartbeatAck: { sequence } });
        });
      },
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    address = `127.0.0.1:${port}`;
  });
  after(() => server.forceShutdown());

  /** Starts the program and waits until its attempt runs. */
  async function begin(): Promise<ChildProcess> {
    sent = [];
    const args = ['--input-type=module', '-e', program, address];
    const child = spawn(process.execPath, args, {
      ...{ cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
    });
    while (!sent.includes('started')) await new Promise((go) => setTimeout(go, 20));
    return child;
  }

  test('one signal drains: the attempt is interrupted, acknowledged, and the agent leaves', async () => {
    const child = await begin();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.deepEqual(sent, [
      ...['hello', 'accepted', 'started', 'draining'],
      // The handler goes on after its grace.
      ...['slotsChanged', 'outcomes', 'leave'],
    ]);
  });

  test('a second signal stops at once', async () => {
    const child = await begin();
    child.kill('SIGINT');
    while (!sent.includes('draining')) await new Promise((go) => setTimeout(go, 5));
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [130, null]);
    assert.equal(sent.includes('outcomes'), false);
    assert.equal(sent.at(-1), 'leave');
  });
});
