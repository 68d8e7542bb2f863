/**
 * Dispatch in one process for its tests: a real store in memory, real dictionaries and wakeups, agents that speak over
 * streams in memory, and a database whose replies can be lost or late.
 */
import { Duplex } from 'node:stream';
import { Metadata } from '@grpc/grpc-js';
import type { ConnectRequest, ConnectRequest__Output, ConnectResponse, Hello } from '@muster/proto';
import { loadContract } from '@muster/proto';
import { pino } from 'pino';
import { configOf } from '../../config.ts';
import { createDictionaries, type Dictionaries } from '../../dictionaries.ts';
import { createIdGenerator } from '../../rules/ids.ts';
import type {
  CoordinatorId,
  HandlerId,
  NewTask,
  SessionId,
  SlotOffer,
  TaskId,
} from '../../rules/task.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import { systemTime } from '../../time.ts';
import { noEvents } from '../../wakeups/events/events.ts';
import { createInProcessWakeups } from '../../wakeups/in-process.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import { anyone } from '../../wire/authentication.ts';
import { createParts, type Parts } from '../parts.ts';
import type { AgentStream } from '../session/link.ts';

/** An agent that says what a test makes it say. */
export type SceneAgent = {
  readonly sessionId: SessionId;
  readonly token: string;
  /** Everything that it was sent, in order. */
  readonly heard: readonly ConnectResponse[];
  say(message: ConnectRequest): void;
  /** Tasks that it was assigned so far, each time it was. */
  assigned(): readonly { readonly taskId: string; readonly leaseEpoch: number }[];
  acks(): readonly { readonly taskId: string; readonly status: string }[];
  /** The stream breaks. */
  breakOff(): void;
};

/** Statements of a part of the store, in whose place a test may put others. */
export type Faults = { [Part in 'leases' | 'sessions']: Partial<Store[Part]> };

/** One dispatch role on its own. */
export type Scene = {
  readonly parts: Parts;
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly dictionaries: Dictionaries;
  readonly faults: Faults;
  readonly namespaceId: NewTask['namespaceId'];
  attach(hello?: Hello): Promise<SceneAgent>;
  handlerId(name: string): HandlerId;
  /** Stores tasks as READY, or under an offer. */
  insert(name: string, count: number, offer?: SlotOffer | null): Promise<readonly TaskId[]>;
  state(id: TaskId): Promise<string>;
  close(): Promise<void>;
};

const handler = { options: { lostAttemptsMax: 3 } };

/** Begins a scene; reads `faults` at every call. */
export async function createScene(): Promise<Scene> {
  const logger = pino({ level: 'silent' });
  const config = configOf({
    database: 'memory',
    acceptTimeoutMs: 60_000,
    silenceTimeoutMs: 59_000,
    sessionTimeoutMs: 61_000,
  });
  const real = await openStore({ database: 'memory' });
  const faults: Faults = { leases: {}, sessions: {} };
  const store = faulty(real, faults);
  const wakeups = createInProcessWakeups(logger);
  const dictionaries = createDictionaries({ store, wakeups, config, logger });
  await wakeups.start();
  await dictionaries.start();
  const newId = createIdGenerator({ now: Date.now, random: randomBytes });
  const coordinatorId = newId() as CoordinatorId;
  const facts = { address: '', roles: ['dispatch'], version: '', host: '', settings: {} };
  await real.coordinators.register({ id: coordinatorId, ...facts });
  const parts = createParts({
    ...{ store, wakeups, config, logger, coordinatorId, dictionaries },
    events: noEvents,
    authentication: { authenticate: () => anyone },
    time: systemTime,
    newSessionId: () => newId() as SessionId,
    addresses: () => [],
    address: () => '',
    stopping: new AbortController().signal,
    declaredDead: () => {},
  });
  const { id: namespaceId } = await dictionaries.resolveNamespace('default');
  const unsubscribe = wakeups.subscribe('ready', ({ handlerIds }) =>
    parts.claims.announced(handlerIds, false),
  );
  const handlerId = (name: string): HandlerId => {
    const row = dictionaries.handlerNamed(namespaceId, name);
    if (row === null) throw new Error(`Nobody has registered ${name}.`);
    return row.id;
  };
  return {
    ...{ parts, store: real, wakeups, dictionaries, faults, namespaceId, handlerId },
    attach: (hello = {}) => attach(parts, hello),
    async insert(name, count, offer = null) {
      const tasks = Array.from({ length: count }, () =>
        newTask(newId() as TaskId, namespaceId, handlerId(name), offer),
      );
      await real.submissions.insert([tasks], false);
      return tasks.map(({ id }) => id);
    },
    state: async (id) => (await real.tasks.get(namespaceId, id, 'BASIC'))?.state ?? 'MISSING',
    async close() {
      unsubscribe();
      await parts.claims.stop();
      parts.pace.stop();
      await dictionaries.stop();
      await wakeups.stop();
      await real.close();
    },
  };
}

function randomBytes(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(Math.random() * 256)));
}

function faulty(real: Store, faults: Faults): Store {
  const part = <Name extends keyof Faults>(name: Name): Store[Name] =>
    new Proxy(real[name], {
      get: (target, key) =>
        Reflect.get(faults[name], key) ?? Reflect.get(target, key as keyof typeof target),
    });
  return { ...real, leases: part('leases'), sessions: part('sessions') };
}

async function attach(parts: Parts, hello: Hello): Promise<SceneAgent> {
  const wire = loadContract().muster.AgentService.service.Connect;
  const heard: ConnectResponse[] = [];
  const duplex = new Duplex({
    objectMode: true,
    read() {},
    write(message: ConnectResponse, _encoding, done) {
      heard.push(wire.responseDeserialize(wire.responseSerialize(message)));
      done();
    },
  });
  duplex.on('error', () => duplex.end());
  const stream = Object.assign(duplex, {
    metadata: new Metadata(),
    cancelled: false,
    getPeer: () => 'memory',
  }) as unknown as AgentStream;
  const say = (message: ConnectRequest) => {
    const read: ConnectRequest__Output = wire.requestDeserialize(wire.requestSerialize(message));
    duplex.push(read);
  };
  parts.connections.connect(stream);
  const names = { agentId: 'scene', slots: 10, handlers: [{ name: 'scene.work', ...handler }] };
  say({ hello: { ...names, protocolVersion: 1, ...hello } });
  const welcome = await until(() => heard.find((message) => message.welcome)?.welcome);
  return {
    sessionId: welcome.sessionId as SessionId,
    token: welcome.sessionToken ?? '',
    heard,
    say,
    assigned: () =>
      heard.flatMap((message) =>
        ((message.assignments ?? message.outcomeAcks?.assignments)?.assignments ?? []).map(
          ({ taskId = '', leaseEpoch }) => ({ taskId, leaseEpoch: Number(leaseEpoch) }),
        ),
      ),
    acks: () =>
      heard.flatMap((message) =>
        (message.outcomeAcks?.acks ?? []).map(({ lease, status }) => ({
          taskId: lease?.taskId ?? '',
          status: String(status),
        })),
      ),
    breakOff: () => duplex.destroy(),
  };
}

function newTask(
  id: TaskId,
  namespaceId: NewTask['namespaceId'],
  handlerId: HandlerId,
  offer: SlotOffer | null,
): NewTask {
  return {
    ...{ id, namespaceId, handlerId, offer },
    ...{ priority: 0, key: null, labels: null, input: null, options: null, idempotency: null },
    contentHash: Buffer.alloc(16),
    ...{ dueAt: null, startDelayMs: 0, totalTimeoutMs: null, startTtlMs: null },
    origin: {
      ...{ traceparent: null, tracestate: null, parentId: null, rootId: null },
      ...{ retryOf: null, nominalAt: null },
    },
  };
}

/** Reads until there is something. */
export async function until<Value>(
  read: () => Value | Promise<Value>,
  timeoutMs = 5000,
): Promise<NonNullable<Exclude<Value, false>>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== null && value !== false)
      return value as NonNullable<Exclude<Value, false>>;
    if (performance.now() > deadline) throw new Error(`Nothing came within ${timeoutMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
