/**
 * The one tick of dispatch: everything that time drives, a few times a second.
 *
 * Silent agents, agents that write but do not read, readers too slow for what they cause, assignments that nobody
 * accepted, attempts that outlived their timeout. A tick that comes late means that this process itself stood still:
 * heartbeats then wait unread in its sockets, so nobody is called silent for that time.
 */
import type { Failure } from '../rules/task.ts';
import type { CallRefused } from '../wire/status.ts';
import type { Counters } from './counters.ts';
import type { Cancellation } from './leases/cancellation.ts';
import type { Declines } from './leases/declines.ts';
import { type Expectations, overdueGraceMs } from './leases/expectations.ts';
import type { Outcomes } from './leases/outcomes.ts';
import type { Settled } from './leases/settled.ts';
import { forgetRuns } from './session/ahead.ts';
import type { Connections } from './session/connect.ts';
import { violation } from './session/inbox.ts';
import { unreadFor } from './session/outbox.ts';
import type { OpenLease, Session } from './session/session.ts';
import type { Sessions } from './session/sessions.ts';

/** The tick. */
export type Sweep = {
  runOnce(now: number): void;
  lastRunAt(): number;
};

/** A tick so much later than it should be is a stall of this process. */
const stallMs = 1000;

/** What the tick drives. */
export type SweepOptions = {
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly expectations: Expectations;
  readonly outcomes: Outcomes;
  readonly cancellation: Cancellation;
  readonly declines: Declines;
  readonly settled: Settled;
  readonly counters: Counters;
  readonly clock: () => number;
};

/** Makes the tick. */
export function createSweep(options: SweepOptions): Sweep {
  const { sessions, connections, expectations, outcomes, cancellation, counters } = options;
  let lastRunAt = options.clock();

  function sweepSessions(now: number): void {
    for (const session of [...sessions.all()]) {
      const end = silence(session, now) ?? slowness(session, now);
      if (end !== null) connections.end(session, end);
    }
  }

  function silence(session: Session, now: number): CallRefused | null {
    const { silenceMs, heardAt } = session;
    const silentMs = Math.round(now - heardAt);
    const deafMs = Math.round(unreadFor(session, now));
    if (silentMs < silenceMs && deafMs < silenceMs) return null;
    counters.count('silent');
    return violation(
      silentMs >= silenceMs
        ? `The agent was silent for ${silentMs} ms; at most ${silenceMs} ms are allowed.`
        : `The agent beats, but has read nothing for ${deafMs} ms.`,
    );
  }

  function slowness(session: Session, now: number): CallRefused | null {
    const blockedSince = connections.linkOf(session)?.blockedSince() ?? null;
    if (blockedSince === null || now - blockedSince < session.silenceMs) return null;
    counters.count('slow_reader');
    return violation(`The agent has not read its stream for ${Math.round(now - blockedSince)} ms.`);
  }

  function sweepLeases(now: number): void {
    const { unaccepted, unstarted, unanswered, overdue } = expectations.late(now);
    for (const lease of unaccepted) revoke(lease);
    for (const lease of unstarted) {
      // It was sent ahead, and what runs takes longer than it used to.
      const share = lease.session.shares.get(lease.handlerId);
      if (share !== undefined) forgetRuns(lease.session, share);
      revoke(lease);
    }
    for (const { session } of unanswered)
      connections.end(
        session,
        violation('The agent neither accepted nor released what it was asked to give back.'),
      );
    for (const lease of overdue) {
      counters.count('overdue');
      outcomes.fail(lease, timeoutFailure);
      cancellation.lapse(lease.session, lease, timeoutFailure.message);
    }
  }

  function revoke(lease: OpenLease): void {
    counters.count('revoked');
    const { session, taskId, leaseEpoch } = lease;
    session.outbox.revokes.push({ taskId, leaseEpoch });
    session.wake();
  }

  return {
    lastRunAt: () => lastRunAt,
    runOnce(now) {
      const stoodMs = now - lastRunAt;
      lastRunAt = now;
      if (stoodMs >= stallMs) excuse(sessions, stoodMs, now);
      else {
        sweepSessions(now);
        sweepLeases(now);
      }
      connections.sweep(now);
      options.declines.sweep(now);
      options.settled.prune(now);
      cancellation.prune(now);
    },
  };
}

/** This process stood still: what agents said meanwhile is still unread. */
function excuse(sessions: Sessions, stoodMs: number, now: number): void {
  for (const session of sessions.all()) {
    session.heardAt = Math.min(now, session.heardAt + stoodMs);
    session.provenAt = Math.min(now, session.provenAt + stoodMs);
  }
}

const timeoutFailure: Failure = Object.freeze({
  kind: 'TIMEOUT',
  name: 'AttemptTimeout',
  message: `The attempt ran longer than its timeout, and its agent did not end it within another ${overdueGraceMs} ms.`,
  stack: '',
  details: null,
  nonRetryable: false,
});
