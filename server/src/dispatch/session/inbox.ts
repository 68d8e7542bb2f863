/**
 * What an attached agent says, one message at a time.
 *
 * Every message counts as a sign of life. What breaks the protocol ends the stream with a typed status; an item that is
 * merely wrong is refused and counted, and too many of them end the stream too. Naming a lease that the session does not
 * hold is no offence, for it may have lapsed a moment ago: the agent is told to drop it.
 */
import type { ConnectRequest__Output, LeaseRef__Output } from '@muster/proto';
import { agentLimits } from '../../rules/limits.ts';
import { resolveAttemptTimeoutMs } from '../../rules/retry.ts';
import type { HandlerOptions } from '../../rules/task.ts';
import { readRef } from '../../wire/agent-messages.ts';
import { CallRefused } from '../../wire/status.ts';
import type { Counters } from '../counters.ts';
import type { Cancellation } from '../leases/cancellation.ts';
import type { Declines } from '../leases/declines.ts';
import type { Expectations } from '../leases/expectations.ts';
import type { Outcomes } from '../leases/outcomes.ts';
import type { Reports } from '../leases/reports.ts';
import type { Returns } from '../leases/returns.ts';
import { messageItemsMax } from './assignments.ts';
import { isOverfull, markRead } from './outbox.ts';
import type { Presence } from './presence.ts';
import { findLease, moveLease, type OpenLease, type Session } from './session.ts';

/** Takes messages of attached agents. */
export type Inbox = {
  /** Throws `CallRefused` if the stream cannot go on. */
  take(session: Session, message: ConnectRequest__Output): void;
};

/** Where messages go. */
export type InboxOptions = {
  readonly outcomes: Outcomes;
  readonly reports: Reports;
  readonly returns: Returns;
  readonly declines: Declines;
  readonly cancellation: Cancellation;
  readonly expectations: Expectations;
  readonly presence: Presence;
  readonly counters: Counters;
  readonly clock: () => number;
  readonly optionsOf: (lease: Pick<OpenLease, 'handlerId'>) => HandlerOptions;
  /** The agent has other handlers from now on. */
  readonly handlersChanged: (session: Session, message: ConnectRequest__Output) => void;
  /** The agent leaves in order. */
  readonly leave: (session: Session) => void;
};

/** Malformed items after which a stream is ended. */
const offencesMax = 1000;

/** Makes an inbox. */
export function createInbox(options: InboxOptions): Inbox {
  return {
    take(session, message) {
      session.heardAt = options.clock();
      const taken =
        takeAboutLeases(options, session, message) || takeAboutSession(options, session, message);
      if (!taken)
        throw violation(
          message.hello
            ? 'A second Hello came on the same stream. Open another stream to attach again.'
            : 'The message is none that this coordinator knows. Is the agent newer than the coordinator?',
        );
      if (session.offences > offencesMax)
        throw violation(`More than ${offencesMax} items on this stream were malformed.`);
      if (isOverfull(session.outbox))
        throw violation(
          'The agent causes more answers than it reads. Read the stream while writing to it.',
        );
    },
  };
}

/** Messages about leases, the frequent ones first. False: it is none. */
function takeAboutLeases(
  options: InboxOptions,
  session: Session,
  message: ConnectRequest__Output,
): boolean {
  if (message.outcomes) {
    checkCount(message.outcomes.outcomes.length);
    const malformed = options.outcomes.report(session, message.outcomes.outcomes);
    const told = 'An outcome needs a task id and the epoch of its assignment.';
    offend(options, session, malformed, told);
  } else if (message.accepted) accepted(options, session, message.accepted.leases);
  else if (message.started) started(options, session, message.started.leases);
  else if (message.progress) {
    checkCount(message.progress.reports.length);
    const malformed = options.reports.progress(session, message.progress.reports);
    const told = 'A checkpoint is larger than a payload may be, or has no media type.';
    offend(options, session, malformed, told);
  } else if (message.logLines) {
    checkCount(message.logLines.reports.length);
    options.reports.logLines(session, message.logLines.reports);
  } else if (message.declined) {
    const refs = message.declined.leases.map(({ lease }) => lease);
    giveBack(options, session, refs, () => true);
  } else if (message.released)
    giveBack(options, session, message.released.leases, (lease) => isUnasked(session, lease));
  else if (message.cancelAcknowledged) {
    for (const ref of message.cancelAcknowledged.leases) {
      const lease = findLease(session, ref);
      if (lease?.cancel) lease.cancel.acknowledged = true;
    }
  } else return false;
  return true;
}

/** Messages about the session as a whole. False: it is none. */
function takeAboutSession(
  options: InboxOptions,
  session: Session,
  message: ConnectRequest__Output,
): boolean {
  if (message.heartbeat) heartbeat(session, message.heartbeat);
  else if (message.slotsChanged) slotsChanged(options, session, message.slotsChanged.slots);
  else if (message.handlersChanged) options.handlersChanged(session, message);
  else if (message.draining) draining(options, session);
  else if (message.leave) options.leave(session);
  else return false;
  return true;
}

function heartbeat(
  session: Session,
  { sequence, assignmentSequence }: NonNullable<ConnectRequest__Output['heartbeat']>,
): void {
  session.outbox.heartbeat = Math.max(1, sequence);
  markRead(session, assignmentSequence);
  session.wake();
}

/** Leases that the session holds; the agent is told to drop the others. */
function held(
  options: InboxOptions,
  session: Session,
  refs: readonly (LeaseRef__Output | null)[],
): OpenLease[] {
  checkCount(refs.length);
  const leases: OpenLease[] = [];
  for (const given of refs) {
    const lease = given === null ? null : findLease(session, given);
    if (lease !== null) {
      session.provenAt = Math.max(session.provenAt, lease.sentAt);
      leases.push(lease);
      continue;
    }
    const ref = readRef(given);
    if (ref === null)
      offend(options, session, 1, 'A lease needs a task id and the epoch of its assignment.');
    else {
      options.counters.count('lease_not_held');
      options.cancellation.lapse(session, ref, 'This session does not hold the lease.');
    }
  }
  return leases;
}

function accepted(
  options: InboxOptions,
  session: Session,
  refs: readonly LeaseRef__Output[],
): void {
  for (const lease of held(options, session, refs)) {
    options.expectations.accepted(lease);
    if (lease.stage === 'SENT') moveLease(lease, 'ACCEPTED');
    options.declines.accepted(lease);
  }
}

function started(options: InboxOptions, session: Session, refs: readonly LeaseRef__Output[]): void {
  const now = options.clock();
  for (const lease of held(options, session, refs)) {
    if (lease.stage !== 'SENT' && lease.stage !== 'ACCEPTED') continue;
    moveLease(lease, 'STARTED');
    const timeoutMs = resolveAttemptTimeoutMs(lease.options, options.optionsOf(lease));
    options.expectations.started(lease, timeoutMs, now);
  }
}

/** What comes back so is a decline in other words: offered again at once, it could go round for ever. */
function isUnasked({ draining }: Session, { stage, revokedAt }: OpenLease): boolean {
  return !draining && revokedAt === null && stage !== 'STARTED';
}

function giveBack(
  options: InboxOptions,
  session: Session,
  refs: readonly (LeaseRef__Output | null)[],
  isDecline: (lease: OpenLease) => boolean,
): void {
  const leases = held(options, session, refs).filter(
    ({ stage }) => stage === 'SENT' || stage === 'ACCEPTED' || stage === 'STARTED',
  );
  const declined = leases.filter(isDecline);
  for (const lease of leases) options.expectations.over(lease);
  options.returns.giveBack(session, leases);
  options.declines.declined(declined);
}

function slotsChanged(options: InboxOptions, session: Session, slots: number): void {
  if (slots < 0 || slots > agentLimits.slotsMax) {
    const told = `${slots} slots were offered; 0 to ${agentLimits.slotsMax} are allowed.`;
    offend(options, session, 1, told);
    return;
  }
  session.slots = slots;
  session.slotsChanged(session);
  options.presence.update(session, { slots });
}

function draining(options: InboxOptions, session: Session): void {
  if (session.draining) return;
  session.draining = true;
  session.slotsChanged(session);
  options.returns.unqueue([...session.outbox.assignments]);
  options.presence.update(session, { draining: true });
}

function offend(options: InboxOptions, session: Session, count: number, message: string): void {
  if (count === 0) return;
  options.counters.count('malformed', count);
  session.offences += count;
  session.outbox.notices.push({ kind: 'REFUSAL', reason: 'INVALID_REQUEST', message, lease: null });
  session.wake();
}

function checkCount(items: number): void {
  if (items > messageItemsMax)
    throw violation(
      `A message held ${items} items; at most ${messageItemsMax} are allowed. Send several messages.`,
    );
}

/** A breach of the session protocol, which ends the stream. */
export function violation(message: string): CallRefused {
  return new CallRefused('PROTOCOL_VIOLATION', message);
}
