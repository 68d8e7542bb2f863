/**
 * Where NATS is and what it is shown, as the client wants to have it; and what is said when it does not let us in.
 */
import { readFileSync } from 'node:fs';

/** Where NATS is, and what it is shown. Empty texts: not given. */
export type NatsAccess = {
  /** `host:port`, `nats://host:port`, or `tls://host:port`, which insists on TLS. */
  readonly servers: readonly string[];
  readonly credentialsFile: string;
  readonly user: string;
  readonly passwordFile: string;
  readonly tokenFile: string;
  readonly tlsCaFile: string;
  readonly tlsCertificateFile: string;
  readonly tlsKeyFile: string;
};

const attemptTimeoutMs = 5_000;
/** A server that does not answer two of these is given up. */
const pingIntervalMs = 5_000;

/** Settings of one attempt; reads the files. The client connects once, and leaves trying again to us. */
export function settingsFor(access: NatsAccess, server: string) {
  const { user, passwordFile, tokenFile } = access;
  const secret = (setting: string, path: string) => readSetting(setting, path).toString().trim();
  return {
    servers: server,
    reconnect: false,
    noEcho: true,
    timeout: attemptTimeoutMs,
    pingInterval: pingIntervalMs,
    ...(user !== '' && { user, pass: secret('nats-password-file', passwordFile) }),
    ...(tokenFile !== '' && { token: secret('nats-token-file', tokenFile) }),
    ...encryptionFor(access, server),
  };
}

function encryptionFor(access: NatsAccess, server: string) {
  const { tlsCaFile, tlsCertificateFile, tlsKeyFile } = access;
  // Without any of these the client still speaks TLS where the server asks for it.
  if (!server.startsWith('tls://') && tlsCaFile === '' && tlsCertificateFile === '') return {};
  const text = (setting: string, path: string) => readSetting(setting, path).toString();
  return {
    tls: {
      ...(tlsCaFile !== '' && { ca: text('nats-tls-ca-file', tlsCaFile) }),
      ...(tlsCertificateFile !== '' && {
        cert: text('nats-tls-certificate-file', tlsCertificateFile),
        key: text('nats-tls-key-file', tlsKeyFile),
      }),
    },
  };
}

/** The content of the `.creds` file; null: none is given. */
export function credentialsOf({ credentialsFile }: NatsAccess): Uint8Array | null {
  return credentialsFile === '' ? null : readSetting('nats-credentials-file', credentialsFile);
}

function readSetting(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`setting ${setting}: cannot read ${path}`, { cause: error });
  }
}

/** What went wrong, in one line; the client hides what the system said in `chainedError`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { chainedError } = error as { readonly chainedError?: Error };
  return (chainedError?.message ?? error.message).replace(/^'|'$/g, '');
}

/** What to look at. */
export function wayOut(reason: string): string {
  if (/cannot read/.test(reason)) return 'Is the file there, and may this user read it?';
  if (/authorization|authentication|credential/i.test(reason))
    return 'Check nats-credentials-file, nats-user with nats-password-file, or nats-token-file.';
  if (/certificate|tls|ssl/i.test(reason))
    return 'Check nats-tls-ca-file, and that the certificate is for the name in nats-servers.';
  return 'Does a NATS server run there, and is nats-servers right?';
}
