/**
 * The next message to an agent: numbered, packed to the limits of a message, or nothing.
 *
 * Signs of life go first, then what stops work, then work itself. Assignments ride on the acks of outcomes where both
 * wait, because an agent that has just finished is an agent with a free slot.
 */
import type { Assignment } from '@muster/proto';
import type { HandlerOptions } from '../../rules/task.ts';
import {
  type AgentAnswer,
  cancelsMessage,
  heartbeatAckMessage,
  noticeMessage,
  revokesMessage,
  workMessage,
} from '../../wire/agent-answers.ts';
import { assignmentBytes, assignmentMessage } from '../../wire/messages/assignment.ts';
import { moveLease, type OpenLease, type Session } from './session.ts';

/** Items of one message. */
export const messageItemsMax = 500;

/** Bytes of one message with more than one item. */
export const messageBytesMax = 1024 * 1024;

/** What packing needs to know of the rest. */
export type Packing = {
  /** The lease's handler as its newest registration describes it. */
  readonly handlerOf: (lease: OpenLease) => {
    readonly name: string;
    readonly options: HandlerOptions;
  };
  /** The lease is in a message that is written now. */
  readonly sent: (lease: OpenLease) => void;
};

/** Takes the next message out of the session's outbox; null: nothing waits. */
export function takeMessage(session: Session, packing: Packing, now: number): AgentAnswer | null {
  const { outbox } = session;
  if (outbox.heartbeat > 0) {
    const sequence = outbox.heartbeat;
    outbox.heartbeat = 0;
    return heartbeatAckMessage(sequence);
  }
  const notice = outbox.notices.shift();
  if (notice !== undefined) return noticeMessage(notice);
  if (outbox.cancels.length > 0) return cancelsMessage(outbox.cancels.splice(0, messageItemsMax));
  if (outbox.revokes.length > 0) return revokesMessage(outbox.revokes.splice(0, messageItemsMax));
  if (outbox.acks.length === 0 && outbox.assignments.size === 0) return null;
  const acks = outbox.acks.splice(0, messageItemsMax);
  const assignments = takeAssignments(session, packing, now);
  if (assignments.length > 0) {
    outbox.assignmentSequence += 1;
    outbox.unread.push({ sequence: outbox.assignmentSequence, sentAt: now });
  }
  return workMessage(acks, outbox.assignmentSequence, assignments);
}

function takeAssignments(session: Session, packing: Packing, now: number): Assignment[] {
  const { outbox } = session;
  const taken: Assignment[] = [];
  let bytes = 0;
  for (const lease of outbox.assignments) {
    const { unsent } = lease;
    if (unsent === null)
      throw new Error(`Lease ${lease.taskId} waits to be sent without its payload.`);
    if (taken.length > 0 && bytes + lease.bytes > messageBytesMax) break;
    bytes += lease.bytes;
    taken.push(assignmentMessage(unsent, packing.handlerOf(lease), now - lease.openedAt));
    markSent(session, lease, now);
    packing.sent(lease);
    if (taken.length >= messageItemsMax) break;
  }
  if (taken.length > 0) session.slotsChanged(session);
  return taken;
}

function markSent(session: Session, lease: OpenLease, now: number): void {
  session.outbox.assignments.delete(lease);
  session.outbox.assignmentBytes -= lease.bytes;
  lease.unsent = null;
  lease.sentAt = now;
  moveLease(lease, 'SENT');
}

/** Lets a lease that was just taken into the book wait to be sent, with its payloads. */
export function queueAssignment(open: OpenLease, lease: NonNullable<OpenLease['unsent']>): void {
  open.unsent = lease;
  open.bytes = assignmentBytes(lease);
  open.session.outbox.assignments.add(open);
  open.session.outbox.assignmentBytes += open.bytes;
}
