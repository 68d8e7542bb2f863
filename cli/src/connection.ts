// How a command reaches a coordinator: the options that all of them share, and the client.

import { readFileSync } from 'node:fs';
import { type Client, type ConnectionOptions, createClient, type Duration } from '@muster/sdk';
import type { Options, Values } from './command-line/command.ts';
import { UsageError } from './exit-codes.ts';

/** Options of every command that speaks to a coordinator. */
export const connectionOptions = {
  address: {
    type: 'string',
    short: 'a',
    value: 'HOST:PORT',
    doc: 'Coordinator, or several with commas. Default: MUSTER_ADDRESS, else 127.0.0.1:7420.',
  },
  namespace: {
    type: 'string',
    short: 'n',
    value: 'NAME',
    doc: 'Namespace. Default: MUSTER_NAMESPACE, else "default".',
  },
  'token-file': {
    type: 'string',
    value: 'FILE',
    doc: 'File with the bearer token. Default: the token in MUSTER_TOKEN, else none.',
  },
  tls: { type: 'boolean', doc: 'Speak TLS, trusting what the system trusts.' },
  'tls-authority-file': {
    type: 'string',
    value: 'FILE',
    doc: 'Speak TLS, trusting this authority (PEM).',
  },
  'tls-certificate-file': {
    type: 'string',
    value: 'FILE',
    doc: 'Own certificate for mutual TLS (PEM).',
  },
  'tls-key-file': { type: 'string', value: 'FILE', doc: 'Key of that certificate (PEM).' },
} as const satisfies Options;

/** `--json`, for commands that print results. */
export const jsonOption = {
  json: { type: 'boolean', short: 'j', doc: 'Print JSON for machines instead of text for people.' },
} as const satisfies Options;

/** What `connectionOptions` gave. */
export type ConnectionValues = Values<typeof connectionOptions>;

/** How long a command tries to reach a coordinator that does not answer. */
const retryTimeoutDefault: Duration = '5s';

/** The connection that was asked for. */
export function connectionOf(values: ConnectionValues): ConnectionOptions {
  const { address, namespace, tls } = values;
  const files = {
    ...(values['tls-authority-file'] === undefined
      ? {}
      : { authorityFile: values['tls-authority-file'] }),
    ...(values['tls-certificate-file'] === undefined
      ? {}
      : { certificateFile: values['tls-certificate-file'] }),
    ...(values['tls-key-file'] === undefined ? {} : { keyFile: values['tls-key-file'] }),
  };
  const tokenFile = values['token-file'];
  return {
    ...(address === undefined ? {} : { address }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
    ...(Object.keys(files).length > 0 ? { tls: files } : tls === true ? { tls: true } : {}),
  };
}

/** Runs `use` with a client, and closes it on every path. */
export async function withClient<Result>(
  values: ConnectionValues,
  use: (client: Client) => Promise<Result>,
  retryTimeout: Duration = retryTimeoutDefault,
): Promise<Result> {
  const client = createClient({ ...connectionOf(values), retryTimeout });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`--token-file cannot be read: ${(error as Error).message}`);
  }
}
