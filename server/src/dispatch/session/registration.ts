/**
 * From a Hello to an attached session: who it is, what it may do, what it still holds.
 *
 * Everything that the database decides (is the session still there, whose is it, which leases hold) is decided by one
 * statement under the lock of its row; here it becomes memory. If the reply is lost, the row is looked after later.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../../config.ts';
import type { Dictionaries } from '../../dictionaries.ts';
import { agentLimits } from '../../rules/limits.ts';
import { shuffled } from '../../rules/spread.ts';
import type { CoordinatorId, SessionId } from '../../rules/task.ts';
import type { Time } from '../../rules/time.ts';
import { StoreUnavailable } from '../../store/errors.ts';
import type { Attached, NamespaceRow, SessionFacts, Store } from '../../store/store.ts';
import { announceEnded } from '../../wakeups/announcements.ts';
import { type Events, tellEnded } from '../../wakeups/events/events.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import type { WelcomeFacts } from '../../wire/agent-answers.ts';
import type { Hello } from '../../wire/agent-messages.ts';
import { type Principal, requireRight } from '../../wire/authentication.ts';
import type { CheckedRegistration } from '../../wire/messages/handler.ts';
import { CallRefused } from '../../wire/status.ts';
import { messageBytesMax, messageItemsMax } from './assignments.ts';
import type { Presence } from './presence.ts';
import {
  createSession,
  createShare,
  type HandlerShare,
  type LeaseStage,
  openLease,
  type Session,
} from './session.ts';
import type { Sessions } from './sessions.ts';

/** Lets agents in. */
export type Registration = {
  /**
   * Attaches the session of a Hello. Throws `CallRefused`. The session is not among the attached ones yet. `requireStream`
   * throws once the stream is over: its agent has dialled again, so that the inventory of this Hello is of the past, and
   * to attach by it would take back what the agent was given since.
   */
  attach(hello: Hello, principal: Principal, requireStream: () => void): Promise<Admitted>;
};

/** A session that the database has attached. */
export type Admitted = { readonly session: Session; readonly welcome: WelcomeFacts };

/** The version of the session protocol that is spoken here. */
const protocolVersion = 1;
const tokenBytes = 32;

/** What letting in needs of the rest. */
export type RegistrationOptions = {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly config: Config;
  readonly coordinatorId: CoordinatorId;
  readonly dictionaries: Dictionaries;
  readonly sessions: Sessions;
  readonly presence: Presence;
  readonly newSessionId: () => SessionId;
  readonly clock: () => number;
  readonly time: Time;
  /** Other coordinators. */
  readonly addresses: () => readonly string[];
  /** The session attaches anew: its stream here is over. */
  readonly moved: (session: Session) => void;
};

/** Makes the door. */
export function createRegistration(options: RegistrationOptions): Registration {
  const { config, dictionaries } = options;
  return {
    async attach(hello, principal, requireStream) {
      checkRoom(options, hello);
      const namespace = await dictionaries.resolveNamespace(hello.namespace);
      requireRight(principal, 'run', namespace.name);
      const rows = await dictionaries.registerHandlers(namespace.id, hello.handlers);
      const shares = hello.handlers.map(({ name, slots }, index) =>
        createShare(rowId(rows, index), name, slots),
      );
      const silenceMs = silenceOf(hello, config);
      requireStream();
      const facts = factsOf(options, hello, namespace, shares, silenceMs);
      const { id, token, tokenHash, attached } =
        hello.resume === null
          ? await create(options, hello, facts)
          : await resume(options, hello, facts, hello.resume);
      const now = options.clock();
      const { attachment } = attached;
      const session = createSession(
        { ...facts, id, attachment, tokenHash, silenceMs, slots: hello.slots },
        shares,
        now,
      );
      takeInventory(session, hello, attached.kept, now);
      announceEnded(options.wakeups, attached.returned);
      tellEnded(options.events, 'returned', attached.returned);
      const said = { ...judgeInventory(session, hello, attached), token, silenceMs };
      const resumed = hello.resume !== null;
      const welcome = welcomeOf(options, session, facts.lostAfterMs, said, resumed);
      return { session, welcome };
    },
  };
}

function checkRoom({ sessions, config }: RegistrationOptions, hello: Hello): void {
  if (hello.protocolVersion !== protocolVersion)
    throw new CallRefused(
      'PROTOCOL_UNSUPPORTED',
      `The agent speaks version ${hello.protocolVersion} of the session protocol; this coordinator speaks ${protocolVersion}.`,
      { metadata: { supported: String(protocolVersion) } },
    );
  const isHere = hello.resume !== null && sessions.get(hello.resume.sessionId) !== null;
  if (!isHere && sessions.count() >= config.sessionsMax)
    throw new CallRefused(
      'OVERLOADED',
      `${sessions.count()} agents are attached here, which is as many as may be. Connect to another coordinator, or raise sessions-max.`,
      { retryDelayMs: 5000 },
    );
}

function factsOf(
  { config, coordinatorId }: RegistrationOptions,
  hello: Hello,
  namespace: NamespaceRow,
  shares: readonly HandlerShare[],
  silenceMs: number,
): SessionFacts {
  return {
    namespaceId: namespace.id,
    agentId: hello.agentId,
    coordinatorId,
    handlerIds: shares.map(({ handlerId }) => handlerId),
    slots: hello.slots,
    weight: hello.weight,
    labels: hello.labels,
    sdk: hello.sdk,
    host: hello.host,
    // Whoever may be silent for longer is also lost later.
    lostAfterMs: config.sessionTimeoutMs + silenceMs - config.silenceTimeoutMs,
    dial: hello.dial,
  };
}

async function create(options: RegistrationOptions, hello: Hello, facts: SessionFacts) {
  const id = options.newSessionId();
  const token = options.time.bytes(tokenBytes).toString('base64url');
  const tokenHash = hashOf(token);
  const { attachment } = await guarded(options, facts, id, () =>
    options.store.sessions.create(id, tokenHash, facts, versionsOf(hello.handlers)),
  );
  const abandoned = hello.inventory;
  return {
    id,
    token,
    tokenHash,
    attached: { attachment, kept: [], abandoned, recorded: [], returned: [] },
  };
}

async function resume(
  options: RegistrationOptions,
  hello: Hello,
  facts: SessionFacts,
  { sessionId: id, token }: NonNullable<Hello['resume']>,
) {
  const tokenHash = hashOf(token);
  const older = options.sessions.get(id);
  // Only its owner may end the stream before the database has looked at the token.
  if (older !== null && timingSafeEqual(older.tokenHash, tokenHash)) {
    if (hello.dial > 0 && hello.dial <= older.dial) throw outdialled(id);
    options.moved(older);
  }
  const { handlers, inventory } = hello;
  const attached = await guarded(options, facts, id, () =>
    options.store.sessions.attach(id, tokenHash, facts, versionsOf(handlers), inventory),
  );
  if (attached.kind === 'ENDED')
    throw new CallRefused(
      'SESSION_ENDED',
      `Session ${id} cannot be resumed: it is lost, was closed, or has another token. Begin a new one; what it held runs elsewhere.`,
    );
  if (attached.kind === 'OUTDIALLED') throw outdialled(id);
  return { id, token, tokenHash, attached };
}

function outdialled(id: SessionId): CallRefused {
  return new CallRefused(
    'SESSION_MOVED',
    `Session ${id} was attached by a later Hello of its agent; this one comes late and changes nothing.`,
  );
}

/** After a lost reply the session may be attached to a stream that is none. */
async function guarded<Result>(
  { presence, sessions }: RegistrationOptions,
  { namespaceId }: SessionFacts,
  id: SessionId,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof StoreUnavailable)
      presence.doubt(namespaceId, id, () => sessions.get(id) !== null);
    throw error;
  }
}

/** What the agent still holds, by its own word about how far each lease is. */
function takeInventory(
  session: Session,
  { inventory }: Hello,
  kept: Extract<Attached, { kind: 'ATTACHED' }>['kept'],
  now: number,
): void {
  const states = new Map(inventory.map((item) => [item.taskId, item.state]));
  for (const lease of kept) {
    const open = openLease(session, lease, stageOf[states.get(lease.taskId) ?? 'ACCEPTED'], now);
    if (lease.cancelRequested)
      open.cancel = { cause: 'REQUESTED', reason: '', acknowledged: false };
  }
}

const stageOf: Readonly<Record<Hello['inventory'][number]['state'], LeaseStage>> = {
  ACCEPTED: 'ACCEPTED',
  RUNNING: 'STARTED',
  FINISHED: 'FINISHED',
};

/** Verdicts. An outcome that is recorded already is kept until the agent reads its ack, which waits in the outbox. */
function judgeInventory(
  session: Session,
  { inventory }: Hello,
  attached: Omit<Extract<Attached, { kind: 'ATTACHED' }>, 'kind'>,
): Pick<WelcomeFacts, 'kept' | 'abandoned'> {
  const finished = new Set(
    inventory.filter(({ state }) => state === 'FINISHED').map(({ taskId }) => taskId),
  );
  const acknowledged = attached.recorded.filter(({ taskId }) => finished.has(taskId));
  const stopped = attached.recorded.filter(({ taskId }) => !finished.has(taskId));
  for (const lease of acknowledged) session.outbox.acks.push({ lease, status: 'RECORDED' });
  return {
    kept: [...attached.kept, ...acknowledged],
    abandoned: [...attached.abandoned, ...stopped],
  };
}

function welcomeOf(
  { config, coordinatorId, addresses, time }: RegistrationOptions,
  session: Session,
  lostAfterMs: number,
  said: Pick<WelcomeFacts, 'kept' | 'abandoned' | 'token' | 'silenceMs'>,
  resumed: boolean,
): WelcomeFacts {
  return {
    sessionId: session.id,
    attachment: session.attachment,
    resumed,
    coordinatorId,
    ...said,
    sessionTimeoutMs: lostAfterMs,
    heartbeatIntervalMs: config.heartbeatIntervalMs,
    payloadBytesMax: config.payloadBytesMax,
    itemsMax: messageItemsMax,
    bytesMax: messageBytesMax,
    logLinesMax: config.logLinesMax,
    acceptTimeoutMs: config.acceptTimeoutMs,
    progressIntervalMs: config.progressIntervalMs,
    addresses: shuffled(addresses(), time.random),
    serverTime: time.calendar(),
  };
}

/** An agent may ask for more silence than usual, not for less: its heartbeats are told by the coordinator. */
function silenceOf({ silenceMs }: Hello, { silenceTimeoutMs }: Config): number {
  if (silenceMs === null) return silenceTimeoutMs;
  return Math.max(silenceTimeoutMs, Math.min(silenceMs, agentLimits.silenceMaxMs));
}

/** Versions by handler, for `sessions.handler_versions`. */
export function versionsOf(handlers: readonly CheckedRegistration[]): Record<string, string> {
  return Object.fromEntries(
    handlers.filter(({ version }) => version !== '').map(({ name, version }) => [name, version]),
  );
}

function rowId(rows: Awaited<ReturnType<Dictionaries['registerHandlers']>>, index: number) {
  const row = rows[index];
  if (row === undefined) throw new Error('The store answered fewer handlers than were registered.');
  return row.id;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
