import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
} from '@grpc/grpc-js';
import { type ConnectRequest__Output, type ConnectResponse, loadContract } from '@muster/proto';
import { resolveConnection } from '@muster/sdk/internal';
import { grpcTransport } from './grpc-transport.ts';
import type { Stream, StreamEnd, Transport } from './transport.ts';

type Call = ServerDuplexStream<ConnectRequest__Output, ConnectResponse>;

/** Everything that a stream tells. */
function listen(transport: Transport, address: string) {
  const received: string[] = [];
  let drained = 0;
  let stream: Stream | undefined;
  const ended = new Promise<StreamEnd>((resolve) => {
    stream = transport.open(address, {
      received: ({ message }) => received.push(message ?? ''),
      drained: () => {
        drained += 1;
      },
      ended: resolve,
    });
  });
  return { stream: stream as unknown as Stream, received, ended, drained: () => drained };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

describe('gRPC transport', () => {
  const server = new Server();
  const calls: Call[] = [];
  let address = '';
  const transport = grpcTransport(resolveConnection({ token: 'secret', tls: false }));

  before(async () => {
    server.addService(loadContract().muster.AgentService.service, {
      Connect: (call: Call) => void calls.push(call),
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    address = `127.0.0.1:${port}`;
  });
  after(() => server.forceShutdown());

  test('carries messages both ways, with the token', async () => {
    const { stream, received } = listen(transport, address);
    stream.send({ hello: { agentId: 'a' } });
    await until(() => calls.length === 1);
    assert.deepEqual(calls[0]?.metadata.get('authorization'), ['Bearer secret']);
    const hello = new Promise<ConnectRequest__Output>((resolve) => calls[0]?.once('data', resolve));
    assert.equal((await hello).hello?.agentId, 'a');
    calls[0]?.write({ welcome: { sessionId: 's' } });
    await until(() => received.length === 1);
    assert.deepEqual(received, ['welcome']);
    stream.abort();
  });

  test('says when to wait, and when to go on', async () => {
    const { stream, drained } = listen(transport, address);
    stream.send({ hello: {} });
    await until(() => calls.length === 2);
    const reason = 'x'.repeat(10_000);
    let sent = 0;
    while (stream.send({ leave: { reason } }) && sent < 1000) sent += 1;
    assert.ok(sent < 1000, 'the stream never asked to wait');
    calls[1]?.resume();
    await until(() => drained() > 0);
    stream.abort();
  });

  test('names the reason of a refusal, and has none of its own', async () => {
    const { stream, ended } = listen(transport, address);
    stream.send({ hello: {} });
    await until(() => calls.length === 3);
    const { messages } = loadContract();
    const info = messages['google.rpc.ErrorInfo'].serialize({
      ...{ reason: 'SESSION_ENDED', domain: 'muster' },
    });
    const details = [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value: info }];
    const metadata = new Metadata();
    const refusal = { code: status.FAILED_PRECONDITION, message: 'gone', details };
    metadata.set(
      'grpc-status-details-bin',
      messages['google.rpc.Status'].serialize(refusal as object),
    );
    calls[2]?.emit('error', { code: status.FAILED_PRECONDITION, details: 'gone', metadata });
    assert.deepEqual(await ended, {
      ...{ status: 'FAILED_PRECONDITION', reason: 'SESSION_ENDED', message: 'gone' },
    });
    const nobody = await listen(transport, '127.0.0.1:1').ended;
    assert.equal(nobody.status, 'UNAVAILABLE');
    assert.equal(nobody.reason, '');
  });

  test('each stream has a connection of its own', async () => {
    const before = calls.length;
    const streams = [listen(transport, address), listen(transport, address)];
    for (const { stream } of streams) stream.send({ hello: {} });
    await until(() => calls.length === before + 2);
    const peers = calls.slice(before).map((call) => call.getPeer());
    assert.notEqual(peers[0], peers[1]);
    for (const { stream } of streams) stream.abort();
  });

  test('a dial after a refused one is made at once, not after a wait of the channel', async () => {
    const late = new Server();
    late.addService(loadContract().muster.AgentService.service, {
      Connect: (call: Call) => void call.write({ goAway: {} }),
    });
    const port = await new Promise<number>((resolve, reject) =>
      late.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    late.forceShutdown();
    for (let dial = 0; dial < 6; dial += 1) {
      await listen(transport, `127.0.0.1:${port}`).ended;
    }
    const again = new Server();
    again.addService(loadContract().muster.AgentService.service, {
      Connect: (call: Call) => void call.write({ goAway: {} }),
    });
    await new Promise((resolve) =>
      again.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), resolve),
    );
    const begun = performance.now();
    const { received, stream } = listen(transport, `127.0.0.1:${port}`);
    await until(() => received.length === 1);
    assert.ok(performance.now() - begun < 500);
    stream.abort();
    again.forceShutdown();
  });
});
