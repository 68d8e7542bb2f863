/**
 * What waits to be sent to one agent.
 *
 * Things wait here as items, not as messages: they are packed when the stream takes the next one, so that a slow reader
 * costs items and not buffers, and load makes messages fuller by itself. Bounded by slots (assignments, revokes,
 * cancels), by what the agent reports (acks), and by `noticesMax`.
 */
import type { LeaseRef } from '../../rules/task.ts';
import type { AgentNotice, CancelItem, OutcomeAckItem } from '../../wire/agent-answers.ts';
import type { OpenLease } from './session.ts';

/** A message with assignments of which the agent has not said that it was read. */
export type UnreadMessage = { readonly sequence: number; readonly sentAt: number };

/** Items on their way to one agent. */
export type Outbox = {
  /** Sequence of the newest heartbeat without an answer; 0: none. */
  heartbeat: number;
  readonly assignments: Set<OpenLease>;
  assignmentBytes: number;
  /** Sequence of the last message with assignments. */
  assignmentSequence: number;
  unread: UnreadMessage[];
  acks: OutcomeAckItem[];
  cancels: CancelItem[];
  revokes: LeaseRef[];
  notices: AgentNotice[];
};

/** Refusals and the like that may wait at a time; whoever causes more is dropped. */
export const noticesMax = 200;

/** Acks that may wait at a time; whoever reports more without reading answers is dropped. */
export const acksMax = 300_000;

/** An empty outbox. */
export function createOutbox(): Outbox {
  return {
    heartbeat: 0,
    assignments: new Set(),
    assignmentBytes: 0,
    assignmentSequence: 0,
    unread: [],
    acks: [],
    cancels: [],
    revokes: [],
    notices: [],
  };
}

/** True if the agent makes more answers wait than an honest one would. */
export function isOverfull(outbox: Outbox): boolean {
  return outbox.notices.length > noticesMax || outbox.acks.length > acksMax;
}

/** The agent has read everything up to this message with assignments. */
export function markRead(session: Reader, sequence: number): void {
  const { unread } = session.outbox;
  for (const message of unread) {
    if (message.sequence > sequence) break;
    session.provenAt = Math.max(session.provenAt, message.sentAt);
  }
  const still = unread.findIndex(({ sentAt }) => sentAt > session.provenAt);
  unread.splice(0, still < 0 ? unread.length : still);
}

/** For how long the agent has not read what was sent to it; 0: it has read everything, as far as is known. */
export function unreadFor({ outbox, provenAt }: Reader, now: number): number {
  const oldest = outbox.unread.find(({ sentAt }) => sentAt > provenAt);
  return oldest === undefined ? 0 : now - oldest.sentAt;
}

/** Whoever reads an outbox: until when it has proved to have read. */
type Reader = { readonly outbox: Outbox; provenAt: number };
