// Where the coordinators are and how to speak to them: addresses, TLS, token, channel options.
// What is left out comes from the environment, the same for clients, agents and the CLI:
// MUSTER_ADDRESS, MUSTER_NAMESPACE, MUSTER_TOKEN, MUSTER_CLIENT_TLS_AUTHORITY_FILE, MUSTER_CLIENT_TLS_CERTIFICATE_FILE,
// MUSTER_CLIENT_TLS_KEY_FILE.

import { readFileSync } from 'node:fs';
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  credentials,
  Metadata,
} from '@grpc/grpc-js';
import { MusterError } from '../errors.ts';
import { checkOptionKeys, invalidOption } from '../options.ts';
import { anyAddress } from './any-address.ts';

/** Files for TLS, in PEM. */
export interface TlsOptions {
  /** Certificates of the authorities to trust. Default: those of the system. */
  readonly authorityFile?: string;
  /** This side's own certificate, for mutual TLS. Together with `keyFile`. */
  readonly certificateFile?: string;
  /** The key of that certificate. */
  readonly keyFile?: string;
}

/** Where the coordinators are and how to speak to them. */
export interface ConnectionOptions {
  /**
   * `host:port` of a coordinator, or several, of which one that answers is used, chosen by chance; so it is with the
   * records of one DNS name. Default: MUSTER_ADDRESS (several separated by commas), else 127.0.0.1:7420. Without a port: 7420.
   */
  readonly address?: string | readonly string[];
  /** Namespace to work in. Default: MUSTER_NAMESPACE, else `default`. */
  readonly namespace?: string;
  /** Bearer token. Default: MUSTER_TOKEN, else none. */
  readonly token?: string;
  /** True or files: TLS. False: plain text. Default: TLS if one of the MUSTER_CLIENT_TLS_ variables is set. */
  readonly tls?: boolean | TlsOptions;
}

/** The keys of `ConnectionOptions`. */
export const connectionOptionKeys = ['address', 'namespace', 'token', 'tls'] as const;

/** A resolved connection: checked once, then dialled as often as needed. */
export interface Connection {
  /** `host:port` of each coordinator that was named, at least one. */
  readonly addresses: readonly string[];
  /** Namespace to work in; never empty. */
  readonly namespace: string;
  /** TLS or plain text. */
  readonly credentials: ChannelCredentials;
  /** Fresh metadata for one call, with the token. */
  readonly metadata: () => Metadata;
}

const addressDefault = '127.0.0.1:7420';
const portDefault = 7420;

/** Options of every channel: a connection that went silent is noticed within 15 s; messages of up to 32 MiB are read. */
const channelDefaults: ChannelOptions = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.max_receive_message_length': 32 * 1_048_576,
  // The SDK retries by itself, by what RetryInfo says.
  'grpc.enable_retries': 0,
  ...anyAddress,
};

/**
 * Completes options from `env`. Throws OPTION_UNKNOWN or OPTION_INVALID, naming the option, for bad addresses and
 * files that cannot be read.
 */
export function resolveConnection(
  options: ConnectionOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Connection {
  const named = options.address ?? env.MUSTER_ADDRESS ?? addressDefault;
  const listed = typeof named === 'string' ? named.split(',') : named;
  const addresses = [...new Set(listed.map((address) => normaliseAddress(address)))];
  if (addresses.length === 0) throw invalidOption('Connection', 'address', '[]', 'at least one');
  const token = options.token ?? env.MUSTER_TOKEN ?? '';
  return Object.freeze({
    addresses: Object.freeze(addresses),
    namespace: options.namespace ?? (env.MUSTER_NAMESPACE || 'default'),
    credentials: channelCredentials(options.tls, env),
    metadata: () => {
      const metadata = new Metadata();
      if (token !== '') metadata.set('authorization', `Bearer ${token}`);
      return metadata;
    },
  });
}

/** `host:port` of an address; IPv6 in brackets. Schemes that gRPC knows (`dns:`, `unix:`) pass as they are. */
export function normaliseAddress(address: string): string {
  const text = typeof address === 'string' ? address.trim() : '';
  if (/^(dns|ipv4|ipv6|unix|unix-abstract|xds):/.test(text)) return text;
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]@]+)(?::(\d{1,5}))?$/.exec(text);
  const port = Number(match?.[2] ?? portDefault);
  if (match && port >= 1 && port <= 65_535) return `${match[1]}:${port}`;
  throw invalidOption(
    'Connection',
    'address',
    address,
    `host or host:port, as in "${addressDefault}"`,
  );
}

/**
 * A channel to one address, as the untyped client of grpc-js; `new` services on its channel by `channelOverride`.
 * The caller closes it.
 */
export function openChannel(
  connection: Connection,
  address: string,
  extra: ChannelOptions = {},
): Client {
  return new Client(address, connection.credentials, { ...channelDefaults, ...extra });
}

function channelCredentials(
  tls: boolean | TlsOptions | undefined,
  env: Readonly<Record<string, string | undefined>>,
): ChannelCredentials {
  if (typeof tls === 'object')
    checkOptionKeys('tls', tls, ['authorityFile', 'certificateFile', 'keyFile']);
  const given: TlsOptions = typeof tls === 'object' ? tls : {};
  const ca = given.authorityFile ?? env.MUSTER_CLIENT_TLS_AUTHORITY_FILE;
  const cert = given.certificateFile ?? env.MUSTER_CLIENT_TLS_CERTIFICATE_FILE;
  const key = given.keyFile ?? env.MUSTER_CLIENT_TLS_KEY_FILE;
  if (tls === false || (tls === undefined && !ca && !cert && !key))
    return credentials.createInsecure();
  if (Boolean(cert) !== Boolean(key)) {
    throw new MusterError(
      'OPTION_INVALID',
      'tls: certificateFile and keyFile belong together, but only one is given.',
    );
  }
  return credentials.createSsl(
    ca ? readPem('authorityFile', ca) : null,
    key ? readPem('keyFile', key) : null,
    cert ? readPem('certificateFile', cert) : null,
  );
}

function readPem(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const message = `tls: ${option} ${JSON.stringify(file)} cannot be read: ${(cause as Error).message}`;
    throw new MusterError('OPTION_INVALID', message, { cause, metadata: { option } });
  }
}
