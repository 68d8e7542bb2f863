// The command against a coordinator that asks for TLS, certificates and tokens: the doctor names
// what is missing at each step, until nothing is.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { flow } from '../../harness/flow.ts';
import { temporaryFolder } from '../../harness/reaper.ts';
import { muster } from './muster.ts';

const file = (name: string) => join(import.meta.dirname, '../api/certificates', `${name}.pem`);

const tokens = [
  { name: 'web', token: 'web-web-web-web-web', namespaces: ['default'], rights: ['submit'] },
  {
    name: 'ops',
    token: 'ops-ops-ops-ops-ops',
    namespaces: ['*'],
    rights: ['submit', 'administer'],
  },
];

const folder = temporaryFolder('secured');
writeFileSync(join(folder, 'tokens.json'), JSON.stringify(tokens));
for (const { name, token } of tokens) writeFileSync(join(folder, name), `${token}\n`);

const tokenFile = (name: string) => ['--token-file', join(folder, name)];
const trust = ['--tls-authority-file', file('authority')];
const own = ['--tls-certificate-file', file('client'), '--tls-key-file', file('client-key')];
const flags = [
  ...['--tls-certificate-file', file('server'), '--tls-key-file', file('server-key')],
  ...['--tls-client-authority-file', file('authority')],
  ...['--tokens-file', join(folder, 'tokens.json')],
];

flow('muster and a guarded coordinator', { coordinator: { flags }, roles: 'together' }, (stage) => {
  const run = (...words: string[]) => muster([...words, '--address', stage.address]);
  const doctor = (...words: string[]) =>
    run('doctor', '--http', stage.coordinator.httpAddress, ...words);

  it('is told by the doctor what is missing, one thing after the other', async () => {
    const plain = await doctor();
    assert.equal(plain.code, 1);
    assert.match(plain.out, /^FAIL +tls .*speaks TLS.*\n +-> Give --tls/m);
    const untrusting = await doctor('--tls');
    assert.match(untrusting.out, /^FAIL +tls .*\n +-> .*--tls-authority-file/m);
    const anonymous = await doctor(...trust);
    assert.match(anonymous.out, /^FAIL +tls .*\n +-> .*--tls-certificate-file/m);
    const tokenless = await doctor(...trust, ...own);
    assert.match(tokenless.out, /^ok +tls +TLSv1\.3/m);
    assert.match(tokenless.out, /^FAIL +token +TOKEN_INVALID.*\n +-> .*--token-file/m);
    const web = await doctor(...trust, ...own, ...tokenFile('web'));
    assert.equal(web.code, 0, web.out);
    assert.match(web.out, /^skip +versions .*RIGHT_MISSING$/m);
    const ops = await doctor(...trust, ...own, ...tokenFile('ops'));
    assert.equal(ops.code, 0, ops.out);
    assert.match(ops.out, /^ok +versions +1 alive/m);
  });

  it('works with all of them, and is refused with 5 without the right', async () => {
    const guarded = [...trust, ...own];
    const submitted = await run('task', 'submit', 'a.b', ...guarded, ...tokenFile('web'));
    assert.equal(submitted.code, 0, submitted.note);
    const words = ['namespaces', 'create', `made-by-${stage.engine.name}`, ...guarded];
    const refused = await run(...words, ...tokenFile('web'));
    assert.equal(refused.code, 5);
    assert.match(refused.note, /RIGHT_MISSING/);
    assert.equal((await run(...words, ...tokenFile('ops'))).code, 0);
    assert.equal((await run('task', 'list', ...guarded)).code, 5);
    assert.equal((await run('task', 'list', '--token-file', 'nowhere')).code, 2);
  });
});
