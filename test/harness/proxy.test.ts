// The proxy itself, against an echo server: a fault test proves nothing if its faults do not happen.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.ts';
import { startProxy, type TcpProxy } from './proxy.ts';

describe('the proxy', () => {
  const received: string[] = [];
  const echo = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      received.push(bytes.toString());
      socket.write(bytes);
    });
    socket.on('end', () => socket.end('bye'));
  });
  let proxy: TcpProxy;

  before(async () => {
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    proxy = await startProxy({ targetPort: (echo.address() as AddressInfo).port });
  });
  after(async () => {
    await proxy.close();
    echo.close();
  });

  it('forwards both ways, and the end of one way after the other', async () => {
    const client = await dial(proxy);
    client.socket.end('hello');
    await client.ended;
    assert.equal(client.text(), 'hellobye');
    assert.equal(client.error(), undefined);
    await eventually(() => proxy.connections.open === 0);
  });

  it('holds bytes back and delivers them when healed', async () => {
    const client = await dial(proxy);
    proxy.hold('down');
    client.socket.write('held');
    await eventually(() => received.includes('held'));
    await sleep(50);
    assert.equal(client.text(), '');
    proxy.heal();
    await eventually(client.text, (text) => text === 'held');
    client.socket.destroy();
  });

  it('loses bytes silently, and cuts the connection that lost some when healed', async () => {
    const loser = await dial(proxy);
    const other = await dial(proxy);
    proxy.drop('up');
    loser.socket.write('lost');
    await sleep(50);
    assert.equal(loser.error(), undefined);
    assert.ok(!received.includes('lost'));
    proxy.heal();
    await loser.ended;
    assert.equal(loser.error(), 'ECONNRESET');
    other.socket.write('alive');
    await eventually(other.text, (text) => text === 'alive');
    other.socket.destroy();
  });

  it('cuts open connections, and refuses new ones until healed', async () => {
    const client = await dial(proxy);
    await eventually(() => proxy.connections.open > 0);
    proxy.refuse();
    assert.ok(proxy.cut() >= 1);
    await client.ended;
    assert.equal(client.error(), 'ECONNRESET');
    const refused = await dial(proxy);
    await refused.ended;
    assert.equal(refused.error(), 'ECONNRESET');
    proxy.heal();
    const welcome = await dial(proxy);
    welcome.socket.write('welcome');
    await eventually(welcome.text, (text) => text === 'welcome');
    welcome.socket.destroy();
  });

  it('cuts after exactly so many bytes, and only once', async () => {
    const client = await dial(proxy);
    proxy.cutAfter(3, 'up');
    client.socket.write('abcdef');
    await client.ended;
    await eventually(
      () => received.at(-1),
      (last) => last === 'abc',
    );
    const next = await dial(proxy);
    next.socket.write('abcdef');
    await eventually(next.text, (text) => text === 'abcdef');
    next.socket.destroy();
  });

  it('lets a test cut between a request and its reply', async () => {
    const client = await dial(proxy);
    proxy.inspect(({ direction }) => (direction === 'down' ? 'cut' : 'pass'));
    client.socket.write('committed');
    await client.ended;
    assert.equal(client.text(), '');
    assert.ok(received.includes('committed'));
    proxy.heal();
  });

  it('delays bytes', async () => {
    const client = await dial(proxy);
    proxy.delay(80);
    const begin = performance.now();
    client.socket.write('slow');
    await eventually(client.text, (text) => text === 'slow');
    assert.ok(performance.now() - begin >= 150);
    proxy.heal();
    client.socket.destroy();
  });
});

async function dial(proxy: TcpProxy) {
  const socket: Socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let error: string | undefined;
  socket.on('data', (bytes) => {
    text += bytes.toString();
  });
  const ended = new Promise<void>((resolve) => {
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      error = cause.code;
    });
    socket.on('end', resolve);
    socket.on('close', () => resolve());
  });
  await Promise.race([once(socket, 'connect'), ended]).catch(() => {});
  return { socket, ended, text: () => text, error: () => error };
}
