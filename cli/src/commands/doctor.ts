// `muster doctor`: looks at everything between this machine and a working coordinator, and says
// for each fault what to do.

import type { ConnectionOptions } from '@muster/sdk';
import { createClient } from '@muster/sdk';
import { resolveConnection } from '@muster/sdk/internal';
import { defineCommand } from '../command-line/command.ts';
import { connectionOf, connectionOptions, jsonOption } from '../connection.ts';
import {
  checkAgents,
  checkClock,
  checkHealth,
  checkToken,
  checkVersions,
} from '../doctor/calls.ts';
import { checkDatabase } from '../doctor/database.ts';
import { type Finding, printFinding } from '../doctor/finding.ts';
import { checkAddress, checkTls, splitAddress } from '../doctor/reach.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonText } from '../printing/task-text.ts';
import { version } from '../version.ts';

/** Port of the coordinator's HTTP side unless told otherwise. */
const httpPortDefault = 7421;

/** `muster doctor`. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check address, TLS, health, database, token, versions, clock and agents.',
  positionals: '',
  count: [0, 0],
  details: [
    'Each fault comes with its reason and the way out. Exit code 1 if there is one, 3 if no address answers.',
    'With --json one document per line: {"check", "verdict", "what", "wayOut"}.',
  ],
  options: {
    http: {
      type: 'string',
      value: 'HOST:PORT',
      doc: `HTTP side of the coordinator. Default: its host, port ${httpPortDefault}.`,
    },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster doctor', 'The coordinator on this machine.'],
    ['muster doctor --address tasks.example.com:7420 --tls --token-file token', 'One elsewhere.'],
  ],
  async run({ values, terminal }) {
    const options = connectionOf(values);
    const { addresses } = resolveConnection(options);
    let reached = 0;
    let faults = 0;
    const say = (finding: Finding) => {
      if (finding.verdict === 'fault') faults += 1;
      if (values.json) terminal.out(jsonText(finding));
      else printFinding(terminal, finding);
    };
    for (const address of addresses) {
      const there = await checkAddress(address);
      say(there);
      if (there.verdict === 'fault') continue;
      reached += 1;
      const http = values.http ?? `${hostOf(address)}:${httpPortDefault}`;
      for await (const finding of examine({ ...options, address }, address, http)) say(finding);
    }
    if (reached === 0) return exitCodes.unreachable.code;
    return faults > 0 ? exitCodes.failed.code : exitCodes.ok.code;
  },
});

/** The checks of one coordinator that listens, in order; where gRPC fails the rest is pointless. */
async function* examine(
  options: ConnectionOptions,
  address: string,
  httpAddress: string,
): AsyncIterable<Finding> {
  yield { check: 'runtime', verdict: 'ok', what: `Node ${process.versions.node}` };
  const tls = await checkTls(address, tlsOf(options));
  yield tls;
  if (tls.verdict === 'fault') return;
  const health = await checkHealth(options, address);
  yield health;
  yield await checkDatabase(httpAddress);
  if (health.verdict === 'fault') return;
  const client = createClient({ ...options, retryTimeout: '0s' });
  try {
    const token = await checkToken(
      client,
      (options.token ?? process.env.MUSTER_TOKEN ?? '') !== '',
    );
    yield* token;
    if (token.some(({ verdict }) => verdict === 'fault')) return;
    yield await checkVersions(client, version);
    yield await checkClock(client);
    yield await checkAgents(client);
  } finally {
    await client.close();
  }
}

/** What the SDK makes of the options and the environment. */
function tlsOf({ tls }: ConnectionOptions): ConnectionOptions['tls'] {
  if (tls !== undefined) return tls;
  const {
    MUSTER_CLIENT_TLS_AUTHORITY_FILE: authorityFile,
    MUSTER_CLIENT_TLS_CERTIFICATE_FILE: certificateFile,
    MUSTER_CLIENT_TLS_KEY_FILE: keyFile,
  } = process.env;
  const files = {
    ...(authorityFile ? { authorityFile } : {}),
    ...(certificateFile ? { certificateFile } : {}),
    ...(keyFile ? { keyFile } : {}),
  };
  return Object.keys(files).length > 0 ? files : undefined;
}

function hostOf(address: string): string {
  const { host } = splitAddress(address);
  return host.includes(':') ? `[${host}]` : host;
}
