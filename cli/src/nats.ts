// How a command reaches NATS: options that are named after the coordinator's settings, with the same variables.

import type { NatsAccess } from '@muster/server/events';
import type { Options, Values } from './command-line/command.ts';
import { UsageError } from './exit-codes.ts';

const fileOption = (name: string, what: string) =>
  ({ type: 'string', value: 'FILE', doc: `${what} Default: ${variableOf(name)}.` }) as const;

/** Options of a command that listens to NATS. */
export const natsOptions = {
  nats: {
    type: 'string',
    value: 'SERVERS',
    doc: 'NATS servers with commas: host:port, nats://host:port, tls://host:port. Default: MUSTER_NATS_SERVERS.',
  },
  'nats-credentials-file': fileOption('nats-credentials-file', 'Credentials (.creds).'),
  'nats-user': { type: 'string', value: 'NAME', doc: 'User. Default: MUSTER_NATS_USER.' },
  'nats-password-file': fileOption('nats-password-file', 'File with the password of the user.'),
  'nats-token-file': fileOption('nats-token-file', 'File with a token, instead of a user.'),
  'nats-tls-ca-file': fileOption('nats-tls-ca-file', 'Speak TLS, trusting this authority (PEM).'),
  'nats-tls-certificate-file': fileOption('nats-tls-certificate-file', 'Own certificate (PEM).'),
  'nats-tls-key-file': fileOption('nats-tls-key-file', 'Key of that certificate (PEM).'),
  'nats-subject-prefix': {
    type: 'string',
    value: 'WORDS',
    doc: 'How subjects begin. Default: MUSTER_NATS_SUBJECT_PREFIX, else "muster".',
  },
} as const satisfies Options;

/** What `natsOptions` gave. */
export type NatsValues = Values<typeof natsOptions>;

/** The access that was asked for. Throws `UsageError` if no server was. */
export function natsAccessOf(
  values: NatsValues,
  environment: Readonly<Record<string, string | undefined>>,
): NatsAccess {
  const read = (name: Exclude<keyof NatsValues, 'nats'>) =>
    values[name] ?? environment[variableOf(name)] ?? '';
  const servers = (values.nats ?? environment.MUSTER_NATS_SERVERS ?? '')
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '');
  if (servers.length === 0)
    throw new UsageError('Where is NATS? Give --nats HOST:PORT, or MUSTER_NATS_SERVERS.', 'events');
  if ((read('nats-user') === '') !== (read('nats-password-file') === ''))
    throw new UsageError(
      '--nats-user and --nats-password-file are given together or not at all.',
      'events',
    );
  return {
    servers,
    credentialsFile: read('nats-credentials-file'),
    user: read('nats-user'),
    passwordFile: read('nats-password-file'),
    tokenFile: read('nats-token-file'),
    tlsCaFile: read('nats-tls-ca-file'),
    tlsCertificateFile: read('nats-tls-certificate-file'),
    tlsKeyFile: read('nats-tls-key-file'),
  };
}

function variableOf(option: string): string {
  return `MUSTER_${option.replaceAll('-', '_').toUpperCase()}`;
}
