/**
 * The connection of this process to NATS, and the only file that knows its client.
 *
 *   away ─ a server lets us in ─▶ connected ─ broken ─▶ away ─ … ─▶ stopped
 *
 * Nothing ever waits for it. While it is away, what is published is dropped and counted, and the servers are tried one
 * after the other, for ever, with pauses that grow and that chance shortens. Secrets are read from their files at each
 * attempt, so that they can be exchanged. What NATS has not confirmed to have taken is bounded: beyond it, messages are
 * dropped, so that a slow server costs no memory.
 */
import type { NatsConnection, Subscription } from 'nats';
import type { Logger } from 'pino';
import type { Incidents } from './incidents.ts';
import { credentialsOf, type NatsAccess, reasonOf, settingsFor, wayOut } from './nats-access.ts';
import { type KeptMessage, keepMessages, type StreamWish } from './nats-stream.ts';

/** Hears a message. */
export type Heard = (bytes: Uint8Array, subject: string) => void;

/** The connection, as the rest sees it. */
export type NatsLink = {
  /** Begins to connect; does not wait for it. */
  start(): void;
  /** Sends what was published, within a second, and closes. */
  stop(): Promise<void>;
  /** Never throws and never waits; drops and counts what cannot be sent. */
  publish(subject: string, bytes: Uint8Array): void;
  /** Settles when the stream has stored all of them, which it makes if it is not there; rejects if it may lack one. */
  keep(stream: StreamWish, messages: readonly KeptMessage[]): Promise<void>;
  /** Lasts over all connections. Messages of one's own are not heard. Returns how to end it. */
  subscribe(subject: string, heard: Heard): () => void;
  /** Called after each time that it has connected, with its subscriptions standing. Returns how to end it. */
  whenConnected(listener: () => void): () => void;
  isConnected(): boolean;
  /** Why it is not connected, or what it may not do there; null: all is well. */
  problem(): string | null;
  /** Most bytes of one message that the server takes. */
  payloadBytesMax(): number;
};

/** What a link is made of. */
export type NatsLinkOptions = {
  readonly access: NatsAccess;
  /** What the server calls this connection in its lists. */
  readonly name: string;
  readonly incidents: Incidents;
  readonly logger: Logger;
  /** 0 ≤ n < 1. Default Math.random. */
  readonly random?: () => number;
  /** Called whenever all servers were tried in vain, or a connection has broken. */
  readonly failed?: (problem: string) => void;
};

/** Bytes that NATS has not confirmed to have taken. */
const unconfirmedBytesMax = 16 * 1024 * 1024;
/** A confirmation is asked for when so many bytes are unconfirmed. */
const confirmBytes = 256 * 1024;
const pauseFirstMs = 100;
const pauseMaxMs = 5_000;
const stopTimeoutMs = 1_000;
/** What a NATS server takes unless it is told otherwise. */
const payloadBytesDefault = 1024 * 1024;

/** Makes a link; it connects when started. */
export function createNatsLink(options: NatsLinkOptions): NatsLink {
  const { logger, random = Math.random } = options;
  const outgoing = createOutgoing(options.incidents);
  const incoming = createIncoming(logger);
  const listeners = new Set<() => void>();
  const trouble = createTrouble(options);
  const pause = createPause(random);
  let open: NatsConnection | null = null;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  async function keepConnected(): Promise<void> {
    for (let failures = 0; !stopped; failures += 1) {
      const nats = await connectToAny(options, random, () => stopped);
      if (typeof nats === 'string') trouble.begin(nats);
      else {
        failures = 0;
        await serve(nats);
      }
      if (!stopped) await pause.wait(Math.min(pauseMaxMs, pauseFirstMs * 2 ** failures));
    }
  }

  async function serve(nats: NatsConnection): Promise<void> {
    const closed = nats.closed();
    open = nats;
    outgoing.use(nats);
    incoming.use(nats);
    trouble.end();
    logger.info({ server: nats.getServer() }, 'connected to NATS');
    followErrors(nats, trouble.refused);
    for (const listener of listeners) listener();
    if (stopped) await close(nats);
    const error = await closed;
    open = null;
    outgoing.use(null);
    incoming.use(null);
    if (!stopped) trouble.begin(error ? reasonOf(error) : 'the connection broke');
  }

  return {
    start() {
      stopped = false;
      running = keepConnected().catch((error: unknown) => {
        trouble.begin(reasonOf(error));
        logger.error({ err: error }, 'the link to NATS has ended');
      });
    },
    async stop() {
      stopped = true;
      pause.end();
      if (open !== null) await close(open);
      // An attempt that hangs holds nobody up; what it opens is closed.
      await within(stopTimeoutMs, running);
    },
    publish: outgoing.publish,
    async keep(stream, messages) {
      if (open === null) throw new Error(trouble.now() ?? 'the connection is closed');
      await keepMessages(open, stream, messages);
    },
    subscribe: incoming.subscribe,
    whenConnected(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    isConnected: () => open !== null,
    problem: trouble.now,
    payloadBytesMax: () => open?.info?.max_payload ?? payloadBytesDefault,
  };
}

/** A connection to one of the servers, tried in an order of chance; a text: why there is none. */
async function connectToAny(
  { access, name }: NatsLinkOptions,
  random: () => number,
  stopped: () => boolean,
): Promise<NatsConnection | string> {
  // Loaded only where NATS is set.
  const { connect, credsAuthenticator } = await import('nats');
  const failures: string[] = [];
  for (const server of shuffled(access.servers, random)) {
    if (stopped()) break;
    try {
      const credentials = credentialsOf(access);
      const authenticator = credentials && { authenticator: credsAuthenticator(credentials) };
      return await connect({ ...settingsFor(access, server), ...authenticator, name });
    } catch (error) {
      failures.push(`${server}: ${reasonOf(error)}`);
    }
  }
  return failures.sort().join('; ');
}

/** Why there is no connection. An outage is one line of the log, not one for every attempt. */
function createTrouble({ access, logger, failed }: NatsLinkOptions) {
  let problem: string | null = 'not connected yet';
  return {
    now: () => problem,
    end() {
      problem = null;
    },
    /** It is connected, and may not do everything. */
    refused(what: string): void {
      problem ??= what;
      failed?.(what);
      logger.warn({ reason: what }, `${what}. May this user use the subjects of the prefix?`);
    },
    begin(reason: string): void {
      if (reason === '') return;
      const isNews = reason !== problem;
      problem = reason;
      failed?.(reason);
      const servers = access.servers.join(', ');
      if (isNews)
        logger.warn({ servers, reason }, `NATS cannot be used: ${reason}. ${wayOut(reason)}`);
    },
  };
}

/** What is published, over one connection after the other. */
function createOutgoing(incidents: Incidents) {
  let open: { readonly nats: NatsConnection; unconfirmed: number; confirming: boolean } | null =
    null;

  function confirm(current: NonNullable<typeof open>): void {
    if (current.confirming || current.unconfirmed < confirmBytes) return;
    current.confirming = true;
    const sent = current.unconfirmed;
    const confirmed = () => {
      current.unconfirmed -= sent;
      current.confirming = false;
      confirm(current);
    };
    // Refused when the connection ends, and then it does not matter any more.
    current.nats.flush().then(confirmed, () => {});
  }

  return {
    use(nats: NatsConnection | null): void {
      open = nats && { nats, unconfirmed: 0, confirming: false };
    },
    publish(subject: string, bytes: Uint8Array): void {
      if (open === null || open.unconfirmed + bytes.length > unconfirmedBytesMax) {
        incidents.count('dropped', subject);
        return;
      }
      try {
        open.nats.publish(subject, bytes);
        open.unconfirmed += bytes.length;
        confirm(open);
      } catch {
        incidents.count('dropped', subject);
      }
    },
  };
}

/** One wish to hear, over all connections. */
type Wish = { readonly subject: string; readonly heard: Heard; current: Subscription | null };

/** What is heard, over one connection after the other. */
function createIncoming(logger: Logger) {
  const wishes = new Set<Wish>();
  let open: NatsConnection | null = null;

  function begin(nats: NatsConnection, { subject, heard }: Wish): Subscription {
    return nats.subscribe(subject, {
      // What is thrown here would end the client's reading.
      callback(error, message) {
        try {
          if (error === null) heard(message.data, message.subject);
        } catch (thrown) {
          logger.error({ err: thrown, subject }, 'a message of NATS could not be handled');
        }
      },
    });
  }

  return {
    use(nats: NatsConnection | null): void {
      open = nats;
      for (const wish of wishes) wish.current = nats && begin(nats, wish);
    },
    subscribe(subject: string, heard: Heard): () => void {
      const wish: Wish = { subject, heard, current: null };
      wishes.add(wish);
      if (open !== null && !open.isClosed()) wish.current = begin(open, wish);
      return () => {
        wishes.delete(wish);
        if (open !== null && !open.isClosed()) wish.current?.unsubscribe();
      };
    },
  };
}

/** Permissions that are missing; the connection stays open without them. Each kind once. */
async function followErrors(nats: NatsConnection, refused: (what: string) => void): Promise<void> {
  const seen = new Set<string>();
  for await (const { permissionContext } of nats.status()) {
    if (permissionContext === undefined || seen.has(permissionContext.operation)) continue;
    const { operation, subject } = permissionContext;
    seen.add(operation);
    refused(`NATS refuses a ${operation === 'publish' ? 'message' : operation} on ${subject}`);
  }
}

/** Sends what is left, within a bound, and ends the connection. */
async function close(nats: NatsConnection): Promise<void> {
  if (nats.isClosed()) return;
  await within(
    stopTimeoutMs,
    nats.flush().catch(() => {}),
  );
  await nats.close();
}

/** Settles with the work, or when its time is over. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** A wait that chance shortens by up to a half, and that can be ended. */
function createPause(random: () => number) {
  let end = () => {};
  return {
    end: () => end(),
    wait(ms: number): Promise<void> {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms * (0.5 + random() / 2));
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
