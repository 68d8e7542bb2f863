// Where a connection goes, by options and environment.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { normaliseAddress, openChannel, resolveConnection } from './connection.ts';

describe('a connection', () => {
  it('comes from options, else from the environment, else from defaults', () => {
    const env = { MUSTER_ADDRESS: 'a, b:1,a:7420', MUSTER_NAMESPACE: 'team', MUSTER_TOKEN: 's' };
    assert.deepEqual(resolveConnection({}, {}).addresses, ['127.0.0.1:7420']);
    const found = resolveConnection({}, env);
    assert.deepEqual(found.addresses, ['a:7420', 'b:1']);
    assert.equal(found.namespace, 'team');
    assert.deepEqual(found.metadata().get('authorization'), ['Bearer s']);
    const given = resolveConnection({ address: ['c'], namespace: 'own', token: '' }, env);
    assert.deepEqual(given.addresses, ['c:7420']);
    assert.equal(given.namespace, 'own');
    assert.deepEqual(given.metadata().get('authorization'), []);
  });

  it('takes host names, IPv4, IPv6 in brackets and gRPC’s own schemes', () => {
    assert.equal(normaliseAddress('[::1]:80'), '[::1]:80');
    assert.equal(normaliseAddress('[::1]'), '[::1]:7420');
    assert.equal(normaliseAddress('dns:///x:1'), 'dns:///x:1');
    for (const bad of ['', 'http://x', 'x:0', 'x:70000', 'x:y', '::1', 'a b', 'u@x:1']) {
      assert.throws(() => normaliseAddress(bad), /host:port/, bad);
    }
  });

  it('uses TLS when asked, or when a file is named', () => {
    const isSecure = (options: object, env = {}) =>
      resolveConnection(options, env).credentials._isSecure();
    assert.equal(isSecure({}), false);
    assert.equal(isSecure({ tls: true }), true);
    assert.throws(
      () => resolveConnection({ tls: { authorityFile: '/nowhere/ca.pem' } }, {}),
      /authorityFile "\/nowhere\/ca\.pem" cannot be read/,
    );
    const env = { MUSTER_CLIENT_TLS_AUTHORITY_FILE: '/nowhere/ca.pem' };
    assert.throws(() => resolveConnection({}, env), /cannot be read/);
    assert.equal(isSecure({ tls: false }, env), false);
    assert.throws(() => resolveConnection({ tls: { keyFile: 'x' } }, {}), /belong together/);
    assert.throws(() => resolveConnection({ tls: { ca: 'x' } as object }, {}), /no option "ca"/);
  });

  it('goes to any of the addresses that one name stands for', async (t) => {
    for (const count of [2, 3]) {
      const servers = await Promise.all(Array.from({ length: count }, () => countSessions(t)));
      const address = `ipv4:${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
      const connection = resolveConnection({ address: [address] }, {});
      for (let n = 0; n < 60; n += 1) {
        const client = openChannel(connection, address, { 'grpc.use_local_subchannel_pool': 1 });
        t.after(() => client.close());
        await new Promise<void>((resolve, reject) => {
          client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve()));
        });
      }
      const sessions = servers.map((server) => server.sessions());
      assert.ok(Math.min(...sessions) > 0, `one was never chosen: ${sessions}`);
    }
  });
});

/** A server of HTTP/2 on a port of its own. */
async function countSessions(t: TestContext) {
  const server = createServer();
  let sessions = 0;
  server.on('session', () => {
    sessions += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, sessions: () => sessions };
}
