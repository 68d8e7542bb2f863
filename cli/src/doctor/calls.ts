// What the coordinator itself says: health, token, namespace, versions, clock, agents.

import { randomBytes } from 'node:crypto';
import type { Client as GrpcClient, Metadata } from '@grpc/grpc-js';
import { type Client, type ConnectionOptions, MusterError } from '@muster/sdk';
import { openChannel, resolveConnection, wireToDate } from '@muster/sdk/internal';
import type { Finding } from './finding.ts';

/** Longest time for one call. */
const callMs = 5_000;

/** Clocks may differ by so much without a word, and by so much before it is a fault. */
const clockWarningMs = 10_000;
const clockFaultMs = 12 * 3_600_000;

/** The standard health service: SERVING, or why not. */
export async function checkHealth(options: ConnectionOptions, address: string): Promise<Finding> {
  const connection = resolveConnection(options);
  const channel = openChannel(connection, address);
  try {
    const status = await healthOf(channel, connection.metadata());
    const names = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
    const what = `grpc.health.v1 says ${names[status] ?? status}`;
    if (status === 1) return { check: 'health', verdict: 'ok', what };
    return {
      check: 'health',
      verdict: 'fault',
      what,
      wayOut: 'The coordinator starts, stops, or has lost its database: see its log.',
    };
  } catch (error) {
    return {
      check: 'health',
      verdict: 'fault',
      what: `The health service does not answer: ${(error as Error).message}`,
      wayOut: 'Is it a coordinator of Muster that listens there, at its gRPC port?',
    };
  } finally {
    channel.close();
  }
}

/** HealthCheckRequest without a service is empty; the response is one enum in field 1. */
function healthOf(channel: GrpcClient, metadata: Metadata): Promise<number> {
  return new Promise((resolve, reject) => {
    channel.makeUnaryRequest<null, number>(
      '/grpc.health.v1.Health/Check',
      () => Buffer.alloc(0),
      (bytes) => (bytes[0] === 8 ? (bytes[1] ?? 0) : 0),
      null,
      metadata,
      { deadline: Date.now() + callMs },
      (error, status) => (error === null ? resolve(status ?? 0) : reject(error)),
    );
  });
}

/** Whether the token is taken, and whether the namespace is there. */
export async function checkToken(client: Client, hasToken: boolean): Promise<Finding[]> {
  try {
    await client.services.namespaces.getNamespace({ name: client.namespace });
  } catch (error) {
    const { reason, message } = asMusterError(error);
    if (reason === 'NAMESPACE_NOT_FOUND') {
      const wayOut = `"muster namespaces list" shows all; "muster namespaces create ${client.namespace}" makes it.`;
      return [
        tokenTaken(hasToken),
        { check: 'namespace', verdict: 'fault', what: message, wayOut },
      ];
    }
    const wayOut =
      reason === 'TOKEN_INVALID'
        ? 'Give a token of the coordinator’s tokens file, by MUSTER_TOKEN or --token-file.'
        : 'See docs/errors.md for this reason.';
    return [{ check: 'token', verdict: 'fault', what: `${reason}: ${message}`, wayOut }];
  }
  return [
    tokenTaken(hasToken),
    { check: 'namespace', verdict: 'ok', what: `"${client.namespace}" is there` },
  ];
}

function tokenTaken(hasToken: boolean): Finding {
  const what = hasToken ? 'the token is taken' : 'no token is given, and none is asked for';
  return { check: 'token', verdict: 'ok', what };
}

/** Whether coordinators and this command are of the same version. */
export async function checkVersions(client: Client, own: string): Promise<Finding> {
  try {
    const { coordinators } = await client.services.fleet.listCoordinators({ pageSize: 1_000 });
    const alive = coordinators.filter((coordinator) => coordinator.alive);
    const versions = [...new Set(alive.map(({ version }) => version))];
    const what = `${alive.length} alive, version ${versions.join(' and ')}; this command is ${own}`;
    if (versions.every((version) => version === own)) {
      return { check: 'versions', verdict: 'ok', what };
    }
    return { check: 'versions', verdict: 'warning', what, wayOut: 'Bring all to one version.' };
  } catch (error) {
    const { reason } = asMusterError(error);
    return {
      check: 'versions',
      verdict: 'skipped',
      what: `The coordinators cannot be listed: ${reason}`,
    };
  }
}

/** Whether this machine's clock and the coordinator's agree: ids of tasks carry the time. */
export async function checkClock(client: Client): Promise<Finding> {
  try {
    const before = Date.now();
    const request = { namespace: client.namespace, ids: [someId(before)] };
    for await (const { serverTime } of client.services.tasks.watchTasks(request)) {
      const theirs = wireToDate(serverTime);
      if (theirs === undefined) break;
      return clockFinding(theirs.getTime() - (before + Date.now()) / 2);
    }
  } catch (error) {
    const { reason } = asMusterError(error);
    return { check: 'clock', verdict: 'skipped', what: `The coordinator's time: ${reason}` };
  }
  return { check: 'clock', verdict: 'skipped', what: 'The coordinator does not tell its time.' };
}

/** What a difference between two clocks means; positive: the coordinator is ahead. */
export function clockFinding(differenceMs: number): Finding {
  const apart = Math.abs(differenceMs);
  const side = differenceMs < 0 ? 'ahead of' : 'behind';
  const what = `this machine is ${(apart / 1_000).toFixed(1)} s ${side} the coordinator`;
  if (apart < clockWarningMs) return { check: 'clock', verdict: 'ok', what };
  const wayOut = 'Set the clocks by NTP: ids of tasks that are 24 h off are refused.';
  return { check: 'clock', verdict: apart < clockFaultMs ? 'warning' : 'fault', what, wayOut };
}

/** Whether anybody is there to run tasks. */
export async function checkAgents(client: Client): Promise<Finding> {
  try {
    const { namespace } = client;
    const { agents } = await client.services.fleet.listAgents({ namespace, pageSize: 1_000 });
    const slots = agents.reduce((sum, agent) => sum + agent.slots, 0);
    const what = `${agents.length} connected, ${slots} slots`;
    if (agents.length > 0) return { check: 'agents', verdict: 'ok', what };
    const wayOut = 'Tasks will wait. "muster agent FILE" runs the handlers of a file.';
    return { check: 'agents', verdict: 'warning', what, wayOut };
  } catch (error) {
    const { reason } = asMusterError(error);
    return { check: 'agents', verdict: 'skipped', what: `The agents cannot be listed: ${reason}` };
  }
}

/** The id of a task that nobody has: a UUIDv7 of this moment. */
function someId(now: number): string {
  const time = now.toString(16).padStart(12, '0');
  const chance = randomBytes(9).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-8${chance.slice(3, 6)}-${chance.slice(6)}`;
}

function asMusterError(error: unknown): MusterError {
  if (error instanceof MusterError) return error;
  throw error;
}
