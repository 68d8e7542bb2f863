// TLS and mutual TLS by files. The certificates in this folder are for this test only; their authority's key is gone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { loadContract } from '@muster/proto';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';

const file = (name: string) => fileURLToPath(new URL(`certificates/${name}.pem`, import.meta.url));
const read = (name: string) => readFileSync(file(name));
const unavailable = 14;

eachEngine('transport security', (engine) => {
  describe('with a coordinator that knows its peers', () => {
    let coordinator: TestCoordinator | undefined;
    before(async () => {
      const flags = [
        ...['--tls-certificate-file', file('server'), '--tls-key-file', file('server-key')],
        ...['--tls-client-authority-file', file('authority')],
      ];
      coordinator = await startCoordinator(engine, { flags });
    });
    after(() => coordinator?.stop());

    /** The code with which a call ends: 0, or why not. */
    function codeOf(channel: ChannelCredentials): Promise<number> {
      const { muster } = loadContract();
      const client = new muster.NamespaceService(coordinator?.address ?? '', channel);
      return new Promise((resolve) => {
        client.ListNamespaces({}, { deadline: Date.now() + 10_000 }, (error) => {
          client.close();
          resolve(error?.code ?? 0);
        });
      });
    }

    it('lets in who has a certificate of the authority', async () => {
      const channel = credentials.createSsl(read('authority'), read('client-key'), read('client'));
      assert.equal(await codeOf(channel), 0);
    });

    it('lets in nobody without one, nor anybody in plain text', async () => {
      assert.equal(await codeOf(credentials.createSsl(read('authority'))), unavailable);
      assert.equal(await codeOf(credentials.createInsecure()), unavailable);
    });

    it('is known to its clients by its own certificate', async () => {
      const channel = credentials.createSsl(null, read('client-key'), read('client'));
      assert.equal(await codeOf(channel), unavailable);
    });
  });
});
