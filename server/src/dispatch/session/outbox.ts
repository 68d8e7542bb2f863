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

/** The agent has read everything up to this message with assignments. Answers when that message was sent, or null. */
export function markRead(outbox: Outbox, sequence: number): number | null {
  let read: number | null = null;
  let count = 0;
  for (const message of outbox.unread) {
    if (message.sequence > sequence) break;
    read = message.sentAt;
    count += 1;
  }
  if (count > 0) outbox.unread.splice(0, count);
  return read;
}
