// The way into a NATS that asks who we are: credentials, token, user, TLS on one or both sides, each from its file.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nkeys } from 'nats';
import { pino } from 'pino';
import { eventually } from '../../../test/harness/eventually.ts';
import { nats, startNats } from '../../../test/harness/nats.ts';
import { temporaryFolder } from '../../../test/harness/reaper.ts';
import { createIncidents } from './incidents.ts';
import { createNatsLink, type NatsLink } from './nats.ts';
import type { NatsAccess } from './nats-access.ts';

const nothing: Omit<NatsAccess, 'servers'> = {
  ...{ credentialsFile: '', user: '', passwordFile: '', tokenFile: '' },
  ...{ tlsCaFile: '', tlsCertificateFile: '', tlsKeyFile: '' },
};
const folder = temporaryFolder('nats');
const certificates = new URL('../../../test/flows/api/certificates/', import.meta.url);
const certificate = (name: string) => fileURLToPath(new URL(`${name}.pem`, certificates));

/** A file with this content. */
function keep(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** A server with these flags, and how to begin a link to it. */
async function meet(t: TestContext, ...flags: string[]) {
  const server = await startNats({ flags });
  t.after(() => server.stop());
  return (access: Partial<NatsAccess> = {}): NatsLink => {
    const logger = pino({ level: 'silent' });
    const link = createNatsLink({
      access: { servers: [server.address], ...nothing, ...access },
      name: 'test',
      incidents: createIncidents(logger, () => performance.now()),
      logger,
    });
    t.after(() => link.stop());
    link.start();
    return link;
  };
}

const isIn = (link: NatsLink) => eventually(() => link.isConnected());
const isOut = (link: NatsLink, why: RegExp) =>
  eventually(
    () => link.problem(),
    (problem) => assert.match(problem ?? 'connected', why),
  );

describe('the link to NATS', { skip: nats.skip, concurrency: true }, () => {
  it('shows a token', async (t) => {
    const link = await meet(t, '--auth', 'a-token');
    await isIn(link({ tokenFile: keep('token', 'a-token\n') }));
    await isOut(link({ tokenFile: keep('other-token', 'another') }), /Authorization Violation/);
    await isOut(link(), /Authorization Violation/);
  });

  it('shows a user, and takes a password that was exchanged', async (t) => {
    const link = await meet(t, '--user', 'muster', '--pass', 'new');
    const passwordFile = keep('password', 'old');
    const one = link({ user: 'muster', passwordFile });
    await isOut(one, /Authorization Violation/);
    writeFileSync(passwordFile, 'new\n');
    await isIn(one);
  });

  it('signs with the key of its credentials', async (t) => {
    const [user, stranger] = [nkeys.createUser(), nkeys.createUser()];
    const config = `authorization { users = [ { nkey: ${user.getPublicKey()} } ] }`;
    const link = await meet(t, '--config', keep('users.conf', config));
    const creds = (name: string, key: typeof user) =>
      keep(
        name,
        `-----BEGIN NATS USER JWT-----\nnot.looked.at\n------END NATS USER JWT------\n\n` +
          `-----BEGIN USER NKEY SEED-----\n${Buffer.from(key.getSeed()).toString()}\n------END USER NKEY SEED------\n`,
      );
    await isIn(link({ credentialsFile: creds('user.creds', user) }));
    const wrong = link({ credentialsFile: creds('stranger.creds', stranger) });
    await isOut(wrong, /Authorization Violation/);
    await isOut(link({ credentialsFile: keep('empty.creds', '') }), /./);
  });

  it('says which subject it may not use', async (t) => {
    const permissions = '{ subscribe: "allowed.>", publish: "allowed.>" }';
    const config = `authorization { users = [ { user: a, password: b, permissions: ${permissions} } ] }`;
    const link = (await meet(t, '--config', keep('permissions.conf', config)))({
      user: 'a',
      passwordFile: keep('a', 'b'),
    });
    link.subscribe('allowed.here', () => {});
    await isIn(link);
    assert.equal(link.problem(), null);
    link.subscribe('muster.cluster.ready', () => {});
    await isOut(link, /^NATS refuses a subscription on muster\.cluster\.ready$/);
    assert.ok(link.isConnected());
  });

  it('speaks TLS with a server that it trusts, and shows its certificate', async (t) => {
    const link = await meet(
      t,
      ...['--tlsverify', '--tlscacert', certificate('authority')],
      ...['--tlscert', certificate('server'), '--tlskey', certificate('server-key')],
    );
    const tlsCaFile = certificate('authority');
    const tlsCertificateFile = certificate('client');
    const tlsKeyFile = certificate('client-key');
    await isIn(link({ tlsCaFile, tlsCertificateFile, tlsKeyFile }));
    await isOut(link({ tlsCertificateFile, tlsKeyFile }), /certificate/);
    await isOut(link({ tlsCaFile }), /certificate|closed|broke|reset|ECONN|EPIPE|TLS/i);
  });

  it('speaks no plain text where TLS was asked for', async (t) => {
    const plain = await startNats();
    t.after(() => plain.stop());
    const link = await meet(t);
    await isOut(link({ servers: [`tls://${plain.address}`] }), /tls/i);
    await isOut(link({ tlsCaFile: certificate('authority') }), /tls/i);
  });

  it('names the setting of a file that is not there, and goes on once it is', async (t) => {
    const link = await meet(t, '--auth', 'late');
    const tokenFile = keep('late', '');
    rmSync(tokenFile);
    const one = link({ tokenFile });
    await isOut(one, /setting nats-token-file: cannot read /);
    keep('late', 'late');
    await isIn(one);
  });
});
