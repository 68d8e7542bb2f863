/**
 * The two doors of a coordinator: gRPC for clients and agents, HTTP for those who ask whether it is well.
 *
 * Ports are known before the roles start, so calls that come too early, or while it stops, are refused with a hint to try
 * elsewhere. Every peer is bounded: message sizes, streams per connection, connections, and silence, because keepalive
 * closes connections whose other end says nothing.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server as TcpServer } from 'node:net';
import { hostname } from 'node:os';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { reflectionDefinition } from '@muster/proto';
import { HealthImplementation, protoPath as healthProtoPath } from 'grpc-health-check';
import type { Config } from '../config.ts';
import type { Role, Routes } from '../role.ts';
import type { Address } from '../settings/kinds.ts';
import { CallRefused, statusOf } from '../wire/status.ts';

/** An open gRPC door. */
export type GrpcDoor = {
  /** Where it really listens. */
  readonly address: string;
  /** Lets calls through to the roles, or refuses them again. */
  setOpen(open: boolean): void;
  /** What the standard health service says while the door is open. */
  setHealthy(healthy: boolean): void;
  /** Waits for open calls, at most for the grace, then ends them. */
  close(graceMs: number): Promise<void>;
};

/** A Hello with its whole inventory is the largest message. */
const messageBytesMax = 16 * 1024 * 1024;
const keepaliveIntervalMs = 10_000;
/** Longer than any silence that an agent may ask for: a process whose event loop is blocked answers no ping. */
const keepaliveTimeoutMs = 65_000;
const idleConnectionMs = 30 * 60_000;
/** A peer that has not said who it is by then is shown the door. */
const prefaceTimeoutMs = 10_000;
/** The connection preface of HTTP/2; a TLS handshake begins with more. */
const prefaceBytes = 24;

/** Listens for gRPC with the services of the roles, health and reflection; closed for calls at first. */
export async function openGrpcDoor(config: Config, roles: readonly Role[]): Promise<GrpcDoor> {
  const server = new Server({
    'grpc.max_receive_message_length': messageBytesMax,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': config.streamsMax,
    'grpc.keepalive_time_ms': keepaliveIntervalMs,
    'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
    'grpc.max_connection_idle_ms': idleConnectionMs,
  });
  let open = false;
  const served: string[] = [];
  for (const role of roles)
    role.routes?.(gatedRoutes(server, () => open, role.isElsewhere ? [] : served));
  const health = new HealthImplementation(statuses(served, 'NOT_SERVING'));
  health.addToServer(server);
  const described = { ...reflectionDefinition(), ...loadSync(healthProtoPath) };
  new ReflectionService(described).addToServer(server);
  const tell = (healthy: boolean) => {
    const now = statuses(served, healthy ? 'SERVING' : 'NOT_SERVING');
    for (const [service, status] of Object.entries(now)) health.setStatus(service, status);
  };
  const listener = await listen(server, config);
  const bound = listener.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : config.grpcAddress.port;
  return {
    address: addressText({ host: config.grpcAddress.host, port }),
    setOpen(now) {
      open = now;
      tell(now);
    },
    setHealthy: (healthy) => tell(healthy && open),
    close(graceMs) {
      listener.close();
      return closeServer(server, graceMs);
    },
  };
}

/** The address under which others reach a door: as set, else where it listens; a wildcard means this machine. */
export function reachableAddress(config: Config, doorAddress: string): string {
  if (config.advertisedAddress !== '') return config.advertisedAddress;
  const isWildcard = ['0.0.0.0', '::'].includes(config.grpcAddress.host);
  return isWildcard ? doorAddress.replace(/^.*(?=:\d+$)/, hostname()) : doorAddress;
}

/** `host:port`, with brackets around an IPv6 host. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function statuses<Status extends 'SERVING' | 'NOT_SERVING'>(
  services: readonly string[],
  status: Status,
) {
  return Object.fromEntries(['', ...services].map((service) => [service, status]));
}

function gatedRoutes(server: Server, isOpen: () => boolean, served: string[]): Routes {
  return {
    addService(definition, implementation) {
      const methods = Object.entries(definition);
      served.push((methods[0]?.[1].path ?? '').split('/')[1] ?? '');
      const gated: UntypedServiceImplementation = {};
      for (const [name, method] of methods) {
        const handler = implementation[name];
        if (handler === undefined) throw new Error(`Method ${method.path} has no handler.`);
        gated[name] = gate(handler, isOpen);
      }
      server.addService(definition, gated);
    },
  };
}

type Handler = UntypedServiceImplementation[string];

/** The handler while the door is open; else a refusal, to the callback of a unary call or to the stream. */
function gate(handler: Handler, isOpen: () => boolean): Handler {
  const gated = (
    call: { emit(event: 'error', status: object): void },
    answer?: (status: object) => void,
  ) => {
    if (isOpen()) return (handler as (...args: unknown[]) => unknown)(call, answer);
    const status = statusOf(
      new CallRefused(
        'STOPPING',
        'This coordinator starts or stops. Try again, at another one if there is one.',
        {
          retryDelayMs: 200,
        },
      ),
    );
    if (answer === undefined) call.emit('error', status);
    else answer(status);
    return undefined;
  };
  // grpc-js tells unary handlers from streaming ones by the definition, not by the function.
  return gated as Handler;
}

/** Takes connections by itself and hands them to gRPC, because gRPC bounds neither their number nor their silence. */
function listen(server: Server, config: Config): Promise<TcpServer> {
  const injector = server.createConnectionInjector(credentialsOf(config));
  const listener = createServer({ noDelay: true }, (socket) => {
    const timer = setTimeout(() => {
      if (socket.bytesRead < prefaceBytes) socket.destroy();
    }, prefaceTimeoutMs);
    socket.on('error', () => {});
    socket.once('close', () => clearTimeout(timer));
    injector.injectConnection(socket);
  });
  listener.maxConnections = config.connectionsMax;
  const { host, port } = config.grpcAddress;
  return new Promise((resolve, reject) => {
    listener.once('error', (error) =>
      reject(
        new Error(
          `Setting grpc-address: cannot listen on ${addressText(config.grpcAddress)}. Is another coordinator running there? (${error.message})`,
          { cause: error },
        ),
      ),
    );
    listener.listen(port, host, () => resolve(listener));
  });
}

function credentialsOf(config: Config): ServerCredentials {
  if (config.tlsCertificateFile === '') return ServerCredentials.createInsecure();
  const authority = config.tlsClientAuthorityFile;
  const pair = {
    cert_chain: readSetting('tls-certificate-file', config.tlsCertificateFile),
    private_key: readSetting('tls-key-file', config.tlsKeyFile),
  };
  return ServerCredentials.createSsl(
    authority === '' ? null : readSetting('tls-client-authority-file', authority),
    [pair],
    authority !== '',
  );
}

function readSetting(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`Setting ${setting}: cannot read ${path}.`, { cause: error });
  }
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
