// Can the address be reached at all: name, TCP, TLS. Without gRPC, so that the reason of the
// network is heard and not only "unavailable".

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ConnectionOptions } from '@muster/sdk';
import type { Finding } from './finding.ts';

/** Longest time for one look at the network. */
const lookMs = 5_000;

/** Longest wait for what the other side says first. */
const firstBytesMs = 2_000;

/** Host and port of `host:port`, the brackets of IPv6 taken off. */
export function splitAddress(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return {
    host: address.slice(0, at).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(at + 1)),
  };
}

/** Whether somebody listens at the address. */
export async function checkAddress(address: string): Promise<Finding> {
  const { host, port } = splitAddress(address);
  const began = performance.now();
  try {
    const socket = await opened(connect({ host, port }), 'connect');
    const to = `${socket.remoteAddress ?? host}:${port}`;
    socket.destroy();
    const ms = (performance.now() - began).toFixed(1);
    return { check: 'address', verdict: 'ok', what: `${address} answers at ${to} in ${ms} ms` };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return {
      check: 'address',
      verdict: 'fault',
      what: `${address} cannot be reached: ${code || message}`,
      wayOut: waysOut[code] ?? 'Is the address right, and does a firewall stand between?',
    };
  }
}

const waysOut: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'Nobody listens there. Start a coordinator ("muster server"), or give its --address.',
  ENOTFOUND: 'The name is not known. Is it spelled right, and does this machine’s DNS know it?',
  EAI_AGAIN: 'The name service does not answer. Does this machine have a network?',
  ETIMEDOUT: 'Nothing answers. Is the machine up, and does a firewall drop the packets?',
};

/** Whether both sides agree on TLS, and until when the certificate holds. */
export async function checkTls(
  address: string,
  tls: ConnectionOptions['tls'],
  now = new Date(),
): Promise<Finding> {
  const { host, port } = splitAddress(address);
  if (tls === undefined || tls === false) return checkPlain(host, port);
  const files = typeof tls === 'object' ? tls : {};
  try {
    const socket = await openTls(host, port, {
      ...(files.authorityFile === undefined ? {} : { ca: readFileSync(files.authorityFile) }),
      ...(files.certificateFile === undefined ? {} : { cert: readFileSync(files.certificateFile) }),
      ...(files.keyFile === undefined ? {} : { key: readFileSync(files.keyFile) }),
    });
    const certificate = socket.getPeerCertificate();
    const protocol = socket.getProtocol();
    await firstBytes(socket);
    const days = (new Date(certificate.valid_to).getTime() - now.getTime()) / 86_400_000;
    const what = `${protocol}, certificate for ${String(certificate.subject?.CN ?? host)}, valid for ${Math.floor(days)} days`;
    if (days < 14) {
      return { check: 'tls', verdict: 'warning', what, wayOut: 'Renew the certificate soon.' };
    }
    return { check: 'tls', verdict: 'ok', what };
  } catch (error) {
    return tlsFault(error as NodeJS.ErrnoException);
  }
}

/** Without TLS on this side: a peer that completes a TLS handshake expects it. */
async function checkPlain(host: string, port: number): Promise<Finding> {
  try {
    (await openTls(host, port, { rejectUnauthorized: false })).destroy();
    return {
      check: 'tls',
      verdict: 'fault',
      what: 'The coordinator speaks TLS, and this side does not.',
      wayOut: 'Give --tls, or --tls-authority-file FILE with the authority of its certificate.',
    };
  } catch {
    return { check: 'tls', verdict: 'ok', what: 'plain text on both sides' };
  }
}

function tlsFault({ code = '', message }: NodeJS.ErrnoException): Finding {
  const seen = {
    check: 'tls',
    verdict: 'fault',
    what: `No TLS connection: ${code || message}`,
  } as const;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|ECONNRESET/.test(code)) {
    return {
      ...seen,
      wayOut: 'The coordinator seems to speak plain text: leave out the --tls options.',
    };
  }
  if (/SELF_SIGNED|UNABLE_TO|ISSUER/.test(code)) {
    return {
      ...seen,
      wayOut: 'Its authority is not trusted: give it with --tls-authority-file FILE.',
    };
  }
  if (/ALTNAME/.test(code)) {
    return { ...seen, wayOut: 'The certificate is for another name: use that name in --address.' };
  }
  if (/CERT_HAS_EXPIRED/.test(code)) return { ...seen, wayOut: 'Renew the certificate.' };
  return { ...seen, wayOut: 'For mutual TLS give --tls-certificate-file and --tls-key-file.' };
}

function openTls(host: string, port: number, options: object): Promise<TLSSocket> {
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const socket = connectTls({ host, port, ALPNProtocols: ['h2'], ...servername, ...options });
  return opened(socket, 'secureConnect');
}

/** The socket once it has said `event`; what it says instead is thrown. */
function opened<Kind extends Socket>(socket: Kind, event: string): Promise<Kind> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(lookMs, () => socket.destroy(timedOut()));
    socket.once('error', reject);
    socket.once('close', () => reject(timedOut()));
    socket.once(event, () => {
      socket.setTimeout(0);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

/**
 * Waits for the first bytes, which a coordinator sends unasked. In TLS 1.3 a server that misses our certificate says so
 * only after the handshake, in their place. A proxy may say nothing, which is no fault.
 */
async function firstBytes(socket: TLSSocket): Promise<void> {
  const patience = AbortSignal.timeout(firstBytesMs);
  try {
    await once(socket, 'data', { signal: patience });
  } catch (error) {
    if (!patience.aborted) throw error;
  } finally {
    socket.destroy();
  }
}

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error(`no answer within ${lookMs} ms`), { code: 'ETIMEDOUT' });
}
