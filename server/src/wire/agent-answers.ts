/**
 * What a coordinator says to an agent, from nouns to messages.
 */
import type { Assignment, ConnectResponse, InventoryVerdict } from '@muster/proto';
import type { CoordinatorId, LeaseRef, SessionId } from '../rules/task.ts';
import { durationOf, timestampOf } from './messages/values.ts';
import type { RefusalReason } from './status.ts';

/** One message to an agent. */
export type AgentAnswer = ConnectResponse;

/** What became of one outcome. */
export type OutcomeAckItem = { readonly lease: LeaseRef; readonly status: 'RECORDED' | 'STALE' };

/** One attempt that should stop. */
export type CancelItem = {
  readonly lease: LeaseRef;
  readonly cause: 'REQUESTED' | 'DEADLINE' | 'LAPSED';
  readonly reason: string;
};

/** Something about the session as a whole, or about a message that was refused. */
export type AgentNotice =
  | { readonly kind: 'DRAIN'; readonly graceMs: number | null; readonly reason: string }
  | {
      readonly kind: 'GO_AWAY';
      readonly addresses: readonly string[];
      readonly delayMs: number | null;
      readonly reason: string;
    }
  | {
      readonly kind: 'REFUSAL';
      readonly reason: RefusalReason;
      readonly message: string;
      readonly lease: LeaseRef | null;
    };

/** What a Welcome says. */
export type WelcomeFacts = {
  readonly sessionId: SessionId;
  readonly token: string;
  readonly attachment: number;
  readonly resumed: boolean;
  readonly coordinatorId: CoordinatorId;
  readonly heartbeatIntervalMs: number;
  readonly silenceMs: number;
  readonly sessionTimeoutMs: number;
  readonly payloadBytesMax: number;
  readonly itemsMax: number;
  readonly bytesMax: number;
  readonly logLinesMax: number;
  readonly acceptTimeoutMs: number;
  readonly progressIntervalMs: number;
  readonly kept: readonly LeaseRef[];
  readonly abandoned: readonly LeaseRef[];
  readonly addresses: readonly string[];
  readonly serverTime: number;
};

/** The first message of a stream that stands. */
export function welcomeMessage(facts: WelcomeFacts): AgentAnswer {
  const verdicts: InventoryVerdict[] = [];
  for (const lease of facts.kept) verdicts.push({ lease: refOf(lease), verdict: 'VERDICT_KEEP' });
  for (const lease of facts.abandoned)
    verdicts.push({ lease: refOf(lease), verdict: 'VERDICT_ABANDON' });
  return {
    welcome: {
      sessionId: facts.sessionId,
      sessionToken: facts.token,
      attachment: facts.attachment,
      resumed: facts.resumed,
      coordinatorId: facts.coordinatorId,
      heartbeatInterval: durationOf(facts.heartbeatIntervalMs),
      silenceTimeout: durationOf(facts.silenceMs),
      sessionTimeout: durationOf(facts.sessionTimeoutMs),
      limits: {
        payloadBytesMax: facts.payloadBytesMax,
        messageItemsMax: facts.itemsMax,
        messageBytesMax: facts.bytesMax,
        logLinesMax: facts.logLinesMax,
        acceptTimeout: durationOf(facts.acceptTimeoutMs),
        progressInterval: durationOf(facts.progressIntervalMs),
      },
      verdicts,
      addresses: [...facts.addresses],
      serverTime: timestampOf(facts.serverTime),
      features: [],
    },
  };
}

/** Answer to a heartbeat. */
export function heartbeatAckMessage(sequence: number): AgentAnswer {
  return { heartbeatAck: { sequence } };
}

const outcomeStatus = {
  RECORDED: 'OUTCOME_STATUS_RECORDED',
  STALE: 'OUTCOME_STATUS_STALE',
} as const;

/** Acks, assignments, or both in one message. */
export function workMessage(
  acks: readonly OutcomeAckItem[],
  sequence: number,
  assignments: readonly Assignment[],
): AgentAnswer {
  const work = assignments.length === 0 ? null : { sequence, assignments: [...assignments] };
  if (acks.length === 0) return { assignments: work };
  return {
    outcomeAcks: {
      acks: acks.map(({ lease, status }) => ({ lease, status: outcomeStatus[status] })),
      assignments: work,
    },
  };
}

/** Attempts to stop. */
export function cancelsMessage(items: readonly CancelItem[]): AgentAnswer {
  const cancels = items.map(({ lease, cause, reason }) => ({
    lease: refOf(lease),
    cause: `CANCEL_CAUSE_${cause}` as const,
    reason,
  }));
  return { cancels: { cancels } };
}

/** Assignments to give back. */
export function revokesMessage(leases: readonly LeaseRef[]): AgentAnswer {
  return { revokes: { leases: leases.map(refOf) } };
}

/** A notice. */
export function noticeMessage(notice: AgentNotice): AgentAnswer {
  switch (notice.kind) {
    case 'DRAIN':
      return { drain: { drainGrace: durationOf(notice.graceMs), reason: notice.reason } };
    case 'GO_AWAY':
      return {
        goAway: {
          addresses: notice.addresses.slice(0, 100),
          reconnectDelay: durationOf(notice.delayMs),
          reason: notice.reason,
        },
      };
    case 'REFUSAL':
      return {
        refusal: {
          reason: notice.reason,
          message: notice.message,
          lease: notice.lease === null ? null : refOf(notice.lease),
        },
      };
  }
}

function refOf({ taskId, leaseEpoch }: LeaseRef) {
  return { taskId, leaseEpoch };
}
