/**
 * Memory compared with the database.
 *
 * After a reply was lost (`recheck`): the RUNNING rows of the sessions concerned are read; those that nobody here knows
 * were never sent, so they are taken up and sent now, and only then are the slots that were kept for them freed.
 *
 * Every few seconds (`runOnce`): a row that nobody here knows and that is older than any reply can be late goes back; a
 * lease in memory whose row has moved on is dropped and its agent told; cancel requests and deadlines that were missed are
 * sent. The inventory of an agent is part of the memory since it attached.
 */
import type { Logger } from 'pino';
import type { LeaseRef, SessionId, TaskId } from '../../rules/task.ts';
import type { RunningRow, Store } from '../../store/store.ts';
import { insist, type Pace } from '../pace.ts';
import { forgetLease, type OpenLease, type Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Cancellation } from './cancellation.ts';
import type { Deliveries } from './deliveries.ts';
import type { Expectations } from './expectations.ts';
import type { Returns } from './returns.ts';
import type { Settled } from './settled.ts';

/** Compares. */
export type Reconciliation = {
  /** The reply of a write about this session was lost; `release` is called once its rows were read. */
  recheck(session: Session, release: () => void): void;
  /** Compares everything once. Answers how many leases it mended. */
  runOnce(): Promise<number>;
};

/** A lease younger than this may be on its way here; an older one that is unknown never was. */
export const unknownAgeMs = 4000;

/** After so many comparisons without a lease or a row, a session is left alone until it gets a slot's worth of work. */
const cleanComparisonsMax = 3;

/** What reconciliation needs of the rest. */
export type ReconciliationOptions = {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly settled: Settled;
  readonly returns: Returns;
  readonly deliveries: Deliveries;
  readonly cancellation: Cancellation;
  readonly expectations: Expectations;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly pace: Pace;
  /** Hears of sessions whose leases have lapsed: they may be lost or attached elsewhere. */
  readonly doubted: (session: Session) => void;
};

/** Makes reconciliation. */
export function createReconciliation(options: ReconciliationOptions): Reconciliation {
  const { store, sessions, settled, returns, deliveries, pace, clock } = options;
  const logger = options.logger.child({ part: 'reconciliation' });
  let waiting = new Map<Session, (() => void)[]>();
  let rechecking = false;

  function isKnown(session: Session, ref: LeaseRef): boolean {
    const holder = session.leases.get(ref.taskId);
    return (holder !== undefined && holder.leaseEpoch >= ref.leaseEpoch) || settled.has(ref);
  }

  async function recheckWaiting(): Promise<void> {
    await Promise.resolve();
    while (waiting.size > 0) {
      const now = waiting;
      waiting = new Map();
      await takeUp([...now.keys()].filter(({ stage }) => stage !== 'ENDED'));
      for (const releases of now.values()) for (const release of releases) release();
    }
  }

  /** Takes up what the database says these sessions hold and nobody here knows. */
  async function takeUp(concerned: readonly Session[]): Promise<void> {
    if (concerned.length === 0) return;
    const rows = await insist(pace, () => store.leases.running(concerned.map(({ id }) => id)));
    const unknown = rows.filter((row) => {
      const session = sessions.get(row.sessionId);
      return session !== null && !isKnown(session, row);
    });
    if (unknown.length === 0) return;
    const leases = await insist(pace, () => store.leases.load(unknown));
    for (const lease of leases) {
      const session = sessions.get(lease.sessionId);
      if (session === null || isKnown(session, lease)) continue;
      if (session.held < session.slots) deliveries.deliver(session, lease);
      else returns.unsent([lease]);
      settled.add(lease, clock());
    }
    logger.info({ leases: leases.length }, 'leases of lost replies were taken up');
  }

  return {
    recheck(session, release) {
      const releases = waiting.get(session);
      if (releases === undefined) waiting.set(session, [release]);
      else releases.push(release);
      if (rechecking) return;
      rechecking = true;
      recheckWaiting()
        .catch((error: unknown) => {
          if (!pace.stopped()) logger.error({ err: error }, 'rows could not be read again');
        })
        .finally(() => {
          rechecking = false;
        });
    },
    async runOnce() {
      const concerned = [...sessions.all()].filter(needsComparison);
      if (concerned.length === 0) return 0;
      const readAt = clock();
      const rows = await store.leases.running(concerned.map(({ id }) => id));
      const bySession = groupRows(rows);
      let mended = 0;
      for (const session of concerned)
        if (session.stage === 'ATTACHED')
          mended += compare(options, session, bySession.get(session.id) ?? new Map(), readAt);
      if (mended > 0) logger.info({ leases: mended }, 'leases were mended');
      return mended;
    },
  };
}

/** An agent that has been idle for longer than any statement takes has nothing that could be compared. */
function needsComparison({ stage, leases, cleanComparisons }: Session): boolean {
  return stage === 'ATTACHED' && (leases.size > 0 || cleanComparisons < cleanComparisonsMax);
}

function groupRows(rows: readonly RunningRow[]): Map<SessionId, Map<TaskId, RunningRow>> {
  const bySession = new Map<SessionId, Map<TaskId, RunningRow>>();
  for (const row of rows) {
    const own = bySession.get(row.sessionId);
    if (own === undefined) bySession.set(row.sessionId, new Map([[row.taskId, row]]));
    else own.set(row.taskId, row);
  }
  return bySession;
}

/** Compares one session's memory, as it was when the rows were read, with its rows. */
function compare(
  options: ReconciliationOptions,
  session: Session,
  rows: ReadonlyMap<TaskId, RunningRow>,
  readAt: number,
): number {
  const lapsed: OpenLease[] = [];
  session.cleanComparisons = rows.size + session.leases.size > 0 ? 0 : session.cleanComparisons + 1;
  for (const lease of session.leases.values()) {
    if (lease.openedAt >= readAt || lease.stage === 'ENDED' || lease.stage === 'RETURNING')
      continue;
    const row = rows.get(lease.taskId);
    if (row?.leaseEpoch !== lease.leaseEpoch) lapsed.push(lease);
    else if (row.cancelRequested) options.cancellation.ask(lease, 'REQUESTED', row.cancelReason);
    else if (row.deadlinePassed)
      options.cancellation.ask(lease, 'DEADLINE', 'The deadline of the task has passed.');
  }
  for (const lease of lapsed) {
    options.expectations.over(lease);
    if (lease.stage !== 'QUEUED')
      options.cancellation.lapse(session, lease, 'The lease has lapsed: the task has moved on.');
    forgetLease(lease);
  }
  const unknown: RunningRow[] = [];
  for (const row of rows.values()) {
    const holder = session.leases.get(row.taskId);
    const known = holder !== undefined && holder.leaseEpoch >= row.leaseEpoch;
    if (!known && row.ageMs >= unknownAgeMs && !options.settled.has(row)) unknown.push(row);
  }
  options.returns.giveBackUnknown(session, unknown);
  if (lapsed.length > 0) options.doubted(session);
  return lapsed.length + unknown.length;
}
