// Peers that speak badly or not at all harm nobody; those that ask by reflection or health are answered.

import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { it } from 'node:test';
import { eventually } from '../../harness/eventually.ts';
import { callWithBytes } from './raw-client.ts';
import { type ApiStage, apiSuite } from './suite.ts';

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

function openSocket(stage: ApiStage): Promise<Socket> {
  const [host = '', port] = stage.coordinator.address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
    socket.resume();
  });
}

/** A frame of HTTP/2: length, type, flags, stream. */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

async function assertOthersServed(stage: ApiStage): Promise<void> {
  const begun = performance.now();
  await stage.clients.tasks('SubmitTasks', { tasks: [{ handler: 'peer.task' }] });
  assert.ok(performance.now() - begun < 3000);
  assert.deepEqual(stage.coordinator.errors, []);
}

apiSuite('bad peers', [], (stage) => {
  it('may send garbage', async () => {
    const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(stage)));
    for (const [index, socket] of sockets.entries())
      socket.write(
        Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 31 + index * 17) % 256)),
      );
    await assertOthersServed(stage);
    await eventually(() => sockets.every(({ destroyed }) => destroyed), Boolean, {
      what: 'the peers are closed',
      timeoutMs: 20_000,
    });
  });

  it('may stop half way through a preface, a frame or a message', async () => {
    const settings = frame(4, 0, 0, Buffer.alloc(0));
    const halves = [
      Buffer.from(preface.slice(0, 10)),
      Buffer.from(preface),
      Buffer.concat([
        Buffer.from(preface),
        settings,
        frame(1, 4, 1, Buffer.alloc(100)).subarray(0, 30),
      ]),
      Buffer.concat([Buffer.from(preface), settings, frame(0, 0, 99, Buffer.alloc(10))]),
      Buffer.concat([Buffer.from(preface), settings, frame(4, 0, 0, Buffer.alloc(5))]),
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    ];
    for (const half of halves)
      for (let count = 0; count < 5; count += 1) (await openSocket(stage)).write(half);
    await assertOthersServed(stage);
    for (const half of halves) {
      const socket = await openSocket(stage);
      socket.end(half);
    }
    await assertOthersServed(stage);
  });

  it('that connect and say nothing are shown the door', { timeout: 60_000 }, async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openSocket(stage)));
    await assertOthersServed(stage);
    await eventually(() => sockets.every(({ destroyed }) => destroyed), Boolean, {
      what: 'the peers are closed',
      timeoutMs: 40_000,
    });
  });

  it('may open a call and never send, or vanish in the middle', async () => {
    const session = connectHttp2(`http://${stage.coordinator.address}`);
    session.on('error', () => {});
    const headers = {
      ':method': 'POST',
      'content-type': 'application/grpc',
      te: 'trailers',
    };
    for (const path of [
      '/muster.v1.TaskService/SubmitTasks',
      '/muster.v1.AgentService/Connect',
      '/nobody/knows',
    ]) {
      const half = session.request({ ...headers, ':path': path });
      half.on('error', () => {});
      half.write(Buffer.of(0, 0, 0, 1, 0, 1, 2));
      const wrong = session.request({ ...headers, ':path': path });
      wrong.on('error', () => {});
      wrong.end(Buffer.of(9, 255, 255, 255, 255, 1, 2, 3));
    }
    await assertOthersServed(stage);
    session.destroy();
    await assertOthersServed(stage);
  });

  it('may send a message beyond every limit', async () => {
    const huge = Buffer.alloc(17 * 1024 * 1024);
    const path = '/muster.v1.TaskService/SubmitTasks';
    await assert.rejects(callWithBytes(stage.clients.taskClient, path, huge), { code: 8 });
    await assertOthersServed(stage);
  });
});

apiSuite('open doors', [], (stage) => {
  it('say over HTTP that the coordinator is alive and ready, and why', async () => {
    const ask = async (path: string) => {
      const response = await fetch(`http://${stage.coordinator.httpAddress}${path}`);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    assert.deepEqual(await ask('/healthz'), { status: 200, body: { ok: true } });
    const { status, body } = await ask('/readyz');
    assert.equal(status, 200);
    assert.equal(body.ready, true);
    assert.deepEqual(Object.keys(body.checks as object), ['database', 'dispatch']);
    assert.equal((await ask('/')).status, 404);
  });
});
