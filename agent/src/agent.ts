// The agent: handlers, slots, a session, and the way they are put together.
//
//   made ─start─▶ dialling ─▶ serving ─drain─▶ draining ─▶ ended
//                                └──────stop─────────────────▲

import { hostname } from 'node:os';
import type { Hello } from '@muster/proto';
import { type AnyHandler, type ConnectionOptions, MusterError } from '@muster/sdk';
import {
  connectionOptionKeys,
  createPayloadCoder,
  msToWire,
  registrationOf,
  resolveConnection,
} from '@muster/sdk/internal';
import { Reports } from './attempt/reports.ts';
import { type TaskClients, taskClients } from './attempt/task-client.ts';
import { drain } from './drain.ts';
import { ChildPool } from './executors/child-process.ts';
import type { Executor } from './executors/executor.ts';
import { inProcessExecutor } from './executors/in-process.ts';
import { fileUrl } from './handlers/load.ts';
import { Leases } from './leases.ts';
import { Addresses } from './link/addresses.ts';
import { type Clock, type Random, systemClock } from './link/clock.ts';
import { grpcTransport } from './link/grpc-transport.ts';
import { Outgoing } from './link/outgoing.ts';
import type { Transport } from './link/transport.ts';
import { type AgentOptions, type AgentSettings, resolveOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { Session } from './session.ts';
import { Slots } from './slots.ts';

/** Time, chance and network of an agent; tests own them. */
export interface AgentWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
}

/** A process's part in the work. */
export interface Agent {
  /** Its name, as people see it. */
  readonly id: string;
  /** Id of its session; empty before the first one. */
  readonly sessionId: string;
  /** Attempts whose handlers have not ended. */
  readonly running: number;
  /** Resolves when the agent has ended, however it came about; rejects if no session could be had. */
  readonly ended: Promise<void>;
  /**
   * Serves until the agent has drained, which SIGTERM, SIGINT or a coordinator's wish begins. A second signal stops it at
   * once and ends the process. Rejects if no session can be had: TOKEN_INVALID, RIGHT_MISSING, NAMESPACE_NOT_FOUND.
   */
  run(): Promise<void>;
  /** Serves in the background; resolves when the session stands for the first time, and rejects as `run` does. */
  start(): Promise<void>;
  /** Takes nothing more, finishes what runs within `graceMs` (default: `drainGrace`), hands back the rest, leaves. */
  drain(reason?: string, graceMs?: number): Promise<void>;
  /** Aborts everything and leaves at once; what ran is run again elsewhere. */
  stop(): Promise<void>;
}

/** Of this package; told to coordinators. */
const version = '0.1.0';

/** After the grace of a drain: time for interrupted handlers to end, and for outcomes to be acknowledged. */
const drainBounds = { interruptMs: 6000, acknowledgeMs: 10_000 };

/** Makes an agent; it connects when it is run or started. Throws OPTION_UNKNOWN or OPTION_INVALID. */
export function createAgent(options: AgentOptions): Agent {
  const settings = resolveOptions(options);
  const wanted = connectionOptions(options);
  const connection = resolveConnection(wanted);
  const world = {
    clock: systemClock,
    random: Math.random,
    transport: grpcTransport(connection),
  };
  const { addresses, namespace } = connection;
  return new ConnectedAgent(settings, { addresses, namespace, wanted }, world);
}

function connectionOptions(options: AgentOptions): ConnectionOptions {
  const keys = connectionOptionKeys.filter((key) => options[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, options[key]]));
}

/** Where an agent connects. */
export interface AgentPlace {
  readonly addresses: readonly string[];
  readonly namespace: string;
  /** For clients of handlers. */
  readonly wanted: ConnectionOptions;
}

/** An agent in its world. */
export class ConnectedAgent implements Agent {
  readonly id: string;
  readonly ended: Promise<void>;
  readonly #settings: AgentSettings;
  readonly #clock: Clock;
  readonly #slots: Slots;
  readonly #outbox = new Outbox();
  readonly #leases: Leases;
  readonly #session: Session;
  readonly #children: ChildPool;
  readonly #clients: TaskClients;
  readonly #listeners = new Set<() => void>();
  readonly #first = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<void>();
  #drained: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(settings: AgentSettings, place: AgentPlace, world: AgentWorld) {
    const { clock, transport, random } = world;
    this.#settings = settings;
    this.#clock = clock;
    this.id = settings.agentId;
    this.ended = this.#end.promise;
    for (const { promise } of [this.#first, this.#end]) promise.catch(() => {});
    const { wanted } = place;
    this.#clients = taskClients(wanted, settings.codec);
    this.#children = new ChildPool(settings.codec ? undefined : wanted);
    const executors = this.#executors();
    const outbox = this.#outbox;
    const reports = new Reports();
    const outgoing = new Outgoing(clock, outbox, reports);
    const slots = new Slots(settings.slots, ownSlots(settings.handlers), () =>
      outgoing.slots(slots.offered),
    );
    this.#slots = slots;
    const limits = () => this.#session.limits;
    this.#leases = new Leases({
      ...{ clock, slots, outbox, reports, outgoing },
      coder: createPayloadCoder({
        codec: settings.codec,
        bytesMax: () => limits().payloadBytesMax,
      }),
      limits,
      executorOf: (handler) => executors.get(handler),
      mayStart: () => this.#session.mayStart,
      changed: () => this.#changed(),
    });
    this.#session = new Session({
      ...{ clock, transport, outgoing, outbox, reports, slots },
      leases: this.#leases,
      addresses: new Addresses(place.addresses, random),
      logger: settings.logger,
      hello: toHello(settings, place.namespace),
      acknowledged: () => this.#changed(),
      drainAsked: (graceMs, reason) => {
        settings.logger.info('asked to drain', { reason });
        void this.drain(reason, graceMs);
      },
      attached: () => this.#first.resolve(),
      refused: (error) => this.#refused(error),
    });
  }

  get sessionId(): string {
    return this.#session.id;
  }

  get running(): number {
    return this.#slots.taken;
  }

  start(): Promise<void> {
    this.#session.start();
    return this.#first.promise;
  }

  async run(): Promise<void> {
    const ignore = this.#onSignals();
    try {
      // The end may come first: a drain before the first session.
      await Promise.race([this.start(), this.ended]);
      await this.ended;
    } finally {
      ignore();
    }
  }

  drain(reason = 'The agent was asked to drain.', graceMs?: number): Promise<void> {
    this.#drained ??= this.#drain(reason, graceMs ?? this.#settings.drainGraceMs);
    return this.#drained;
  }

  async stop(): Promise<void> {
    this.#drained ??= this.ended;
    this.#leases.takeNoMore('The agent stops.');
    this.#leases.forgetUnfinished();
    await this.#session.leave('The agent stops.');
    await this.#close();
  }

  async #drain(reason: string, graceMs: number): Promise<void> {
    this.#settings.logger.info('draining', { reason, running: this.#leases.runningCount });
    const leases = this.#leases;
    const drained = {
      takeNoMore: (why: string) => {
        leases.takeNoMore('The agent drains.');
        this.#session.drain(why);
      },
      releaseWaiting: () => leases.releaseWaiting(),
      interruptRunning: () => leases.interruptRunning(),
      runningCount: () => leases.runningCount,
      unacknowledgedCount: () => this.#outbox.size,
      leave: (why: string) => this.#session.leave(why),
      onChange: (changed: () => void) => {
        this.#listeners.add(changed);
        return () => this.#listeners.delete(changed);
      },
    };
    await drain(drained, this.#clock, { graceMs, ...drainBounds }, reason);
    await this.#close();
  }

  #close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    await this.#children.close();
    await this.#clients.close();
    this.#settings.logger.info('ended', {
      handlersStillRunning: this.#slots.taken || undefined,
      outcomesRefusedAsStale: this.#outbox.staleCount || undefined,
      outcomesUnacknowledged: this.#outbox.size || undefined,
    });
    this.#end.resolve();
    this.#first.reject(new MusterError('ABORTED', 'The agent ended before it had a session.'));
  }

  #refused(error: MusterError): void {
    this.#first.reject(error);
    this.#end.reject(error);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The first signal drains, the second stops; a third one meets the default action. */
  #onSignals(): () => void {
    let signals = 0;
    const hear = (signal: NodeJS.Signals) => {
      signals += 1;
      if (signals === 1) {
        void this.drain(`The agent received ${signal}.`);
        return;
      }
      ignore();
      process.exitCode = signal === 'SIGINT' ? 130 : 143;
      void this.stop().finally(() => process.exit());
    };
    const ignore = () => {
      process.off('SIGTERM', hear);
      process.off('SIGINT', hear);
    };
    process.on('SIGTERM', hear);
    process.on('SIGINT', hear);
    return ignore;
  }

  #executors(): ReadonlyMap<string, Executor> {
    const executorOf = (handler: AnyHandler): Executor =>
      handler.isolation === 'process'
        ? this.#children.executor(fileUrl(handler.file ?? '').href)
        : inProcessExecutor(handler, this.#clients.of);
    return new Map(this.#settings.handlers.map((each) => [each.name, executorOf(each)]));
  }
}

function ownSlots(handlers: readonly AnyHandler[]): Map<string, number> {
  return new Map(
    handlers.flatMap(({ name, slots }) => (slots === undefined ? [] : [[name, slots]])),
  );
}

function toHello(settings: AgentSettings, namespace: string): Hello {
  const { agentId, handlers, labels, weight, silenceTimeoutMs } = settings;
  return {
    agentId,
    namespace,
    handlers: handlers.map(registrationOf),
    labels: { ...labels },
    weight,
    sdk: `@muster/agent ${version}`,
    protocolVersion: 1,
    features: [],
    silenceTimeout: silenceTimeoutMs === undefined ? null : msToWire(silenceTimeoutMs),
    host: `${hostname()} ${process.pid}`,
  };
}
