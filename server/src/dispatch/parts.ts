/**
 * The parts of dispatch, tied together once.
 *
 * Some of them need each other (a lease that ends frees a slot, which begins a claim, which hands out a lease); the knots
 * are here and nowhere else.
 */
import type { ConnectRequest__Output } from '@muster/proto';
import type { RoleContext } from '../role.ts';
import { handlerLimits } from '../rules/limits.ts';
import { resolveAttemptTimeoutMs } from '../rules/retry.ts';
import { nobodyAwaits } from '../rules/slot-pool.ts';
import type { HandlerId, HandlerOptions, SessionId } from '../rules/task.ts';
import { readChangedHandlers } from '../wire/agent-messages.ts';
import { CallRefused } from '../wire/status.ts';
import { type Backlog, createBacklog } from './claims/backlog.ts';
import { type Claims, createClaims } from './claims/claims.ts';
import { createLaneClaims } from './claims/lane-claims.ts';
import { type Counters, createCounters } from './counters.ts';
import { createInsertTurns } from './insert-turns.ts';
import { type Cancellation, createCancellation } from './leases/cancellation.ts';
import { createDeclines } from './leases/declines.ts';
import { createDeliveries } from './leases/deliveries.ts';
import { createExpectations } from './leases/expectations.ts';
import { createOutcomes } from './leases/outcomes.ts';
import { createReconciliation, type Reconciliation } from './leases/reconciliation.ts';
import { createReports } from './leases/reports.ts';
import { createReturns, type Returns } from './leases/returns.ts';
import { createSettled } from './leases/settled.ts';
import { createPace, insist, type Pace } from './pace.ts';
import { takeMessage } from './session/assignments.ts';
import { type Connections, createConnections, moved } from './session/connect.ts';
import { createInbox } from './session/inbox.ts';
import type { Link } from './session/link.ts';
import { createPresence, type Presence } from './session/presence.ts';
import { createRegistration, versionsOf } from './session/registration.ts';
import {
  changeShares,
  createShare,
  forgetLease,
  type OpenLease,
  type Session,
} from './session/session.ts';
import { createSessions, type Sessions } from './session/sessions.ts';
import { createSpread, type Spread } from './session/spread.ts';
import { createSlotPool, type OwnSlotPool } from './slot-pool.ts';
import { createSweep, type Sweep } from './sweep.ts';

/** Everything that dispatch is made of and that its role drives. */
export type Parts = {
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly presence: Presence;
  readonly claims: Claims;
  readonly pool: OwnSlotPool;
  readonly cancellation: Cancellation;
  readonly reconciliation: Reconciliation;
  readonly returns: Returns;
  readonly sweep: Sweep;
  readonly spread: Spread;
  readonly counters: Counters;
  readonly pace: Pace & { stop(): void };
  /** Settles when everything that agents reported is written. */
  idle(): Promise<void>;
};

/** What the parts are made from. */
export type PartsOptions = RoleContext & {
  readonly newSessionId: () => SessionId;
  readonly addresses: () => readonly string[];
};

/** A Hello with a large inventory takes a while to arrive and to be read. */
const helloTimeoutMs = 10_000;

const defaultOptions: HandlerOptions = Object.freeze({
  retry: null,
  attemptTimeoutMs: null,
  atMostOnce: false,
  lostAttemptsMax: handlerLimits.lostAttemptsDefault,
  cancelGraceMs: handlerLimits.cancelGraceDefaultMs,
});

/** Makes the parts. */
export function createParts(given: PartsOptions): Parts {
  const options = { ...given, clock: given.time.now };
  const core = createCore(options);
  const work = createWork(options, core);
  const streams = createStreams(options, core, work);
  core.knots.freed = (group) => work.claims.freed(group);
  core.knots.doubted = (session) => streams.doubt(session);
  const { outcomes, reports, returns } = core;
  return {
    ...core,
    ...work,
    connections: streams.connections,
    sweep: createSweep({ ...core, connections: streams.connections, clock: options.clock }),
    spread: createSpread({ ...core, logger: given.logger, random: given.time.random }),
    async idle() {
      await Promise.all([reports.idle(), outcomes.idle(), returns.idle()]);
    },
  };
}

/** What the parts are made from, with the one word of time that nearly all of them ask for. */
type Timed = PartsOptions & { readonly clock: () => number };
type Core = ReturnType<typeof createCore>;
type Work = ReturnType<typeof createWork>;

/** Sessions in memory, and the ways of leases that have been handed out. */
function createCore(options: Timed) {
  const { store, wakeups, events, config, logger, clock, time, dictionaries } = options;
  const knots = {
    freed: (_: Parameters<Claims['freed']>[0]): void => {},
    doubted: (_: Session): void => {},
    settled: (): void => {},
    laneEnded: (_: OpenLease): void => {},
    awaiting: nobodyAwaits,
  };
  const pace = createPace(time);
  const counters = createCounters();
  const settled = createSettled();
  const sessions = createSessions((_, group) => knots.freed(group));
  const doubted = (session: Session) => knots.doubted(session);
  const optionsOf = ({ handlerId }: { readonly handlerId: HandlerId }) =>
    dictionaries.handler(handlerId)?.options ?? defaultOptions;
  const nameOf = ({ handlerId, session }: OpenLease) =>
    dictionaries.handler(handlerId)?.name ?? session.shares.get(handlerId)?.name ?? '';
  const expectations = createExpectations(config.acceptTimeoutMs, config.silenceTimeoutMs);
  const rowsMax = config.flushRowsMax;
  const returns = createReturns({
    ...{ store, wakeups, events, settled, logger, clock, pace, rowsMax, doubted },
  });
  const outcomes = createOutcomes({
    ...{ store, wakeups, events, expectations, optionsOf, counters, logger, clock, time, pace },
    settled: () => knots.settled(),
    recorded: (lease) => knots.laneEnded(lease),
    awaiting: () => knots.awaiting,
    payloadBytesMax: config.payloadBytesMax,
    flushRowsMax: rowsMax,
    flushBytesMax: config.flushBytesMax,
    flushesMax: store.engine === 'pglite' ? 1 : config.flushConnectionsMax,
  });
  const { payloadBytesMax, logLinesMax } = config;
  return {
    ...{
      knots,
      pace,
      counters,
      settled,
      sessions,
      doubted,
      optionsOf,
      nameOf,
      expectations,
      returns,
      outcomes,
    },
    reports: createReports({
      ...{ store, wakeups, counters, logger, pace, payloadBytesMax, logLinesMax },
    }),
    declines: createDeclines(counters, clock),
    cancellation: createCancellation({ sessions, clock, unqueue: returns.unqueue }),
    presence: createPresence({ ...options, pace }),
  };
}

/** The ways by which leases come. */
function createWork(options: Timed, core: Core) {
  const { store, wakeups, events, config, logger, clock, time, dictionaries } = options;
  const { sessions } = core;
  const backlog: Backlog = createBacklog();
  const deliveries = createDeliveries({ ...core, events, clock });
  const reconciliation = createReconciliation({ ...core, store, deliveries, logger, clock });
  const turns = createInsertTurns({
    ...{ sessions, backlog, time, flushRowsMax: config.flushRowsMax },
    waitingOutcomes: core.outcomes.waiting,
  });
  const bounds = { rowsMax: config.flushRowsMax, bytesMax: config.flushBytesMax };
  const claims = createClaims({
    ...{ store, sessions, backlog, deliveries, reconciliation, logger, clock, time, ...bounds },
    lanes: (kick) =>
      createLaneClaims({
        ...{ store, sessions, deliveries, reconciliation, wakeups, clock, time, ...bounds },
        ...{ kick, limited: dictionaries.limited, sharing: dictionaries.sharing },
      }),
    claimed: turns.claimed,
  });
  core.knots.settled = turns.look;
  core.knots.laneEnded = ({ handlerId, laneId }) => {
    if (laneId !== null) claims.lanes.ended(handlerId, laneId);
  };
  const pool = createSlotPool({
    ...{
      sessions,
      backlog,
      isLimited: claims.lanes.isLimited,
      deliveries,
      reconciliation,
      clock,
      turn: turns.turn,
    },
    tell(awaiting) {
      core.knots.awaiting = awaiting;
    },
  });
  return { backlog, deliveries, reconciliation, claims, pool };
}

/** The streams, and what their messages cause. */
function createStreams(options: Timed, core: Core, { backlog }: Work) {
  const { clock, config, logger } = options;
  const { sessions, presence, returns, expectations, pace, optionsOf } = core;
  const departures = createDepartures(options, core);
  const inbox = createInbox({
    ...core,
    clock,
    handlersChanged: (session, message) => changeHandlers(options, core, session, message),
    leave: (session) => departures.leave(session, () => connections.end(session, null)),
  });
  const registration = createRegistration({
    ...options,
    ...{ sessions, presence },
    moved: (session) => connections.end(session, moved()),
  });
  const connections: Connections = createConnections({
    ...options,
    ...{ sessions, presence, inbox, registration, counters: core.counters, clock, logger },
    helloTimeoutMs,
    streamsMax: config.sessionsMax,
    attached(session, link) {
      beginSession(core, session, link, clock);
    },
    ended(session) {
      returns.unqueue([...session.outbox.assignments]);
      for (const lease of session.leases.values()) expectations.over(lease);
      backlog.keepOnly((handlerId) => [...sessions.serving(handlerId)].length > 0);
    },
  });
  const doubts = new Set<Session>();
  /** The database refused something about a session: is it still attached here? */
  async function doubt(session: Session): Promise<void> {
    if (session.stage === 'ENDED' || doubts.has(session)) return;
    doubts.add(session);
    try {
      const row = await insist(pace, () => presence.read(session));
      if (row === null || row.state === 'LOST' || row.state === 'CLOSED')
        connections.end(session, sessionEnded(session));
      else if (row.attachment !== session.attachment || row.state !== 'ATTACHED')
        connections.end(session, moved());
    } catch (error) {
      if (!pace.stopped()) logger.error({ err: error }, 'a session could not be read');
    } finally {
      doubts.delete(session);
    }
  }
  return { connections, doubt, optionsOf };
}

/** A session has just attached: its stream draws from its outbox, and what it holds is expected to go on. */
function beginSession(core: Core, session: Session, link: Link, clock: () => number): void {
  const { expectations, optionsOf } = core;
  const handlerOf = (lease: OpenLease) => ({
    name: core.nameOf(lease),
    options: optionsOf(lease),
  });
  const packing = { handlerOf, sent: expectations.sent };
  link.draw(() => takeMessage(session, packing, clock()));
  const now = clock();
  for (const lease of session.leases.values()) {
    if (lease.stage === 'STARTED')
      expectations.started(lease, resolveAttemptTimeoutMs(lease.options, optionsOf(lease)), now);
    if (lease.cancel !== null && lease.stage !== 'FINISHED')
      core.cancellation.ask(lease, lease.cancel.cause, lease.cancel.reason);
  }
  link.wake();
}

/** Agents that leave in order: what they reported and gave back is written first. */
function createDepartures({ clock }: Timed, { returns, presence, pace }: Core) {
  async function leave(session: Session, over: () => void): Promise<void> {
    const until = clock() + 5000;
    const isBusy = ({ stage }: OpenLease) => stage === 'ENDED' || stage === 'RETURNING';
    while (clock() < until && !pace.stopped() && [...session.leases.values()].some(isBusy))
      await pace.wait(10);
    // An outage of the database holds nobody back: the row is closed when it is over.
    await Promise.race([presence.close(session), pace.wait(2000)]);
    for (const lease of session.leases.values()) forgetLease(lease);
    over();
  }

  return {
    leave(session: Session, over: () => void): void {
      session.stage = 'LEAVING';
      session.slotsChanged(session);
      returns.unqueue([...session.outbox.assignments]);
      leave(session, over);
    },
  };
}

/** The agent has other handlers from now on. */
function changeHandlers(
  { dictionaries, logger }: PartsOptions,
  { sessions, presence, pace }: Core,
  session: Session,
  message: ConnectRequest__Output,
): void {
  const handlers = readChangedHandlers(message.handlersChanged?.handlers ?? []);
  const change = async () => {
    const rows = await insist(pace, () =>
      dictionaries.registerHandlers(session.namespaceId, handlers),
    );
    if (session.stage !== 'ATTACHED') return;
    const shares = rows.map(({ id, name }, index) =>
      createShare(id, name, handlers[index]?.slots ?? null),
    );
    sessions.regroup(session, changeShares(session, shares));
    const handlerIds = rows.map(({ id }) => id);
    presence.update(session, { handlerIds, handlerVersions: versionsOf(handlers) });
  };
  change().catch((error: unknown) => {
    if (!pace.stopped())
      logger.error({ err: error, sessionId: session.id }, 'handlers could not be changed');
  });
}

function sessionEnded({ id }: Session): CallRefused {
  return new CallRefused(
    'SESSION_ENDED',
    `Session ${id} was declared lost or was closed. Begin a new one; what it held runs elsewhere.`,
  );
}
