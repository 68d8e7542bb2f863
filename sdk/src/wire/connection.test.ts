// Where a connection goes, by options and environment.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normaliseAddress, resolveConnection } from './connection.ts';

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
});
