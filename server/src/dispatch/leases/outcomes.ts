/**
 * Ends of attempts on their way into the store, and the answers to their agents.
 *
 *   reported (slot free) ─▶ reports of it stored ─▶ flushed ─▶ recorded or stale: acknowledged, forgotten
 *
 * An outcome of a lease that the session does not hold is never written: another's task cannot be ended by guessing its
 * id. The database is asked instead whether the lease is the session's after all; if not, it is STALE.
 */
import type { Outcome__Output } from '@muster/proto';
import type { Logger } from 'pino';
import type { ReportedOutcome } from '../../rules/outcome.ts';
import type { Awaiting } from '../../rules/slot-pool.ts';
import type { Failure, HandlerOptions, LeaseRef } from '../../rules/task.ts';
import type { Time } from '../../rules/time.ts';
import type { Store } from '../../store/store.ts';
import type { Events } from '../../wakeups/events/events.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import { readOutcome, readRef, readRunMs } from '../../wire/agent-messages.ts';
import type { Counters } from '../counters.ts';
import { insist, type Pace } from '../pace.ts';
import { noteRun } from '../session/ahead.ts';
import {
  findLease,
  moveLease,
  type OpenLease,
  openLease,
  type Session,
} from '../session/session.ts';
import type { Expectations } from './expectations.ts';
import { answerOutcome, createOutcomeFlushes } from './outcome-flushes.ts';

/** Takes ends of attempts. */
export type Outcomes = {
  /** What an agent reports. Answers how many items were malformed. */
  report(session: Session, outcomes: readonly Outcome__Output[]): number;
  /** The coordinator itself ends an attempt. */
  fail(lease: OpenLease, failure: Failure): void;
  /** Outcomes that wait for their flush. */
  waiting(): number;
  /** Settles when everything reported so far is recorded. */
  idle(): Promise<void>;
};

type Unheld = { readonly ref: LeaseRef; readonly reported: ReportedOutcome };

/** Outcomes of leases that a session does not hold and that wait to be looked up; whoever has more is a liar. */
const unheldMax = 10_000;

/** What outcomes are made of. */
export type OutcomesOptions = {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly expectations: Expectations;
  readonly optionsOf: (lease: Pick<OpenLease, 'handlerId'>) => HandlerOptions;
  /** Who waits for ends at this coordinator. */
  readonly awaiting: () => Awaiting;
  /** Hears when outcomes were reported or recorded. */
  readonly settled: () => void;
  /** Hears of every lease whose end is recorded, or was before. */
  readonly recorded: (lease: OpenLease) => void;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly time: Time;
  readonly pace: Pace;
  readonly payloadBytesMax: number;
  readonly flushRowsMax: number;
  readonly flushBytesMax: number;
  /** Flushes under way at a time. */
  readonly flushesMax: number;
};

/** Makes the way of outcomes. */
export function createOutcomes(options: OutcomesOptions): Outcomes {
  const { counters, expectations, payloadBytesMax, pace, store } = options;
  const flushes = createOutcomeFlushes(options);
  const unheld = new Map<Session, Unheld[]>();
  const lookups = new Set<Promise<void>>();

  function end(lease: OpenLease, reported: ReportedOutcome): void {
    expectations.over(lease);
    moveLease(lease, 'ENDED');
    if (lease.reportsPending === 0) flushes.add(lease, reported);
    else lease.whenReported = () => flushes.add(lease, reported);
  }

  function takeUnheld(session: Session, ref: LeaseRef, reported: ReportedOutcome): void {
    counters.count('outcome_not_held');
    const waiting = unheld.get(session);
    if (waiting !== undefined) {
      if (waiting.length >= unheldMax) session.offences += 1;
      else waiting.push({ ref, reported });
      return;
    }
    unheld.set(session, [{ ref, reported }]);
    const lookup = lookUp(session).finally(() => lookups.delete(lookup));
    lookups.add(lookup);
  }

  /** Asks the database about leases that the session says it holds. */
  async function lookUp(session: Session): Promise<void> {
    await Promise.resolve();
    for (;;) {
      const batch = unheld.get(session)?.splice(0, 500) ?? [];
      if (batch.length === 0 || session.stage === 'ENDED') break;
      try {
        const rows = await insist(pace, () => store.leases.load(batch.map(({ ref }) => ref)));
        const own = new Map(
          rows.filter((row) => row.sessionId === session.id).map((row) => [row.taskId, row]),
        );
        for (const { ref, reported } of batch) {
          const row = own.get(ref.taskId);
          const known = findLease(session, ref);
          if (known !== null && canEnd(known)) end(known, reported);
          else if (known === null && row?.leaseEpoch === ref.leaseEpoch)
            end(openLease(session, row, 'FINISHED', options.clock()), reported);
          else if (known === null) answerOutcome(session, ref, 'STALE');
        }
      } catch (error) {
        if (!pace.stopped())
          options.logger.error({ err: error }, 'outcomes could not be looked up');
      }
    }
    unheld.delete(session);
  }

  return {
    report(session, list) {
      let malformed = 0;
      for (const outcome of list) {
        const ref = readRef(outcome.lease);
        if (ref === null) {
          malformed += 1;
          continue;
        }
        const reported = readOutcome(outcome, payloadBytesMax);
        const lease = findLease(session, ref);
        if (lease === null) takeUnheld(session, ref, reported);
        else if (canEnd(lease)) {
          note(lease, readRunMs(outcome));
          end(lease, reported);
        } else if (lease.stage !== 'ENDED') answerOutcome(session, ref, 'STALE');
      }
      options.settled();
      return malformed;
    },
    fail: (lease, failure) => end(lease, { kind: 'FAILED', failure }),
    waiting: flushes.waiting,
    async idle() {
      while (lookups.size > 0) await Promise.all(lookups);
      await flushes.idle();
    },
  };
}

/** How long its handler took: the next of its kind may be sent ahead. */
function note({ session, handlerId }: OpenLease, runMs: number | null): void {
  const share = session.shares.get(handlerId);
  if (share !== undefined && runMs !== null) noteRun(session, share, runMs);
}

/** What was never sent, or was given back, has no outcome, whatever an agent says. */
function canEnd({ stage }: OpenLease): boolean {
  return stage !== 'ENDED' && stage !== 'QUEUED' && stage !== 'RETURNING';
}
