/**
 * One agent's session while it is attached here, as a plain value: its slots, its handlers, its leases.
 *
 *   ATTACHED ─▶ LEAVING ─▶ ENDED        (Leave: the session is closed)
 *   ATTACHED ─────────────▶ ENDED       (stream over, moved, silent: the session is detached, or attached elsewhere)
 *
 * A lease in it:
 *
 *   QUEUED ─▶ SENT ─▶ ACCEPTED ─▶ STARTED ─▶ ENDED ─▶ forgotten     (slots are held from QUEUED to STARTED)
 *      │        └────────┴────────────┴─▶ RETURNING ─▶ forgotten     (declined or released: on its way to READY)
 *      └─▶ forgotten: never written to the socket, returned at once
 *   FINISHED ─▶ ENDED     (a resumed inventory says that only its outcome is missing)
 *
 * Nothing here waits, reads a clock or knows a socket, so that a simulation can drive it.
 */
import type {
  HandlerId,
  LaneId,
  Lease,
  NamespaceId,
  SessionId,
  SlotOffer,
  TaskId,
  TaskOptions,
} from '../../rules/task.ts';
import { createOutbox, type Outbox } from './outbox.ts';

/** What has become of a lease. */
export type LeaseStage =
  | 'QUEUED'
  | 'SENT'
  | 'ACCEPTED'
  | 'STARTED'
  | 'FINISHED'
  | 'ENDED'
  | 'RETURNING';

/** Why an attempt should stop. */
export type CancelAsked = {
  readonly cause: 'REQUESTED' | 'DEADLINE';
  readonly reason: string;
  acknowledged: boolean;
};

/** A lease that this coordinator has handed to a session. */
export type OpenLease = {
  readonly taskId: TaskId;
  readonly leaseEpoch: number;
  readonly handlerId: HandlerId;
  /** The lane that it came from; null: none. */
  readonly laneId: LaneId | null;
  readonly attempt: number;
  readonly failures: number;
  readonly options: TaskOptions | null;
  readonly session: Session;
  /** When it was committed, as far as is known here. */
  readonly openedAt: number;
  stage: LeaseStage;
  /** With payloads, until it is written to the socket; null after. */
  unsent: Lease | null;
  /** It holds a slot for long, as far as was known when it was opened. */
  readonly long: boolean;
  bytes: number;
  sentAt: number;
  /** When its agent was asked to give it back; null: it was not. */
  revokedAt: number | null;
  cancel: CancelAsked | null;
  /** When the attempt has outlived its timeout and the grace; null: no timeout, or not begun. */
  overdueAt: number | null;
  /** Reports of it that are not stored yet; its outcome waits for them. */
  reportsPending: number;
  /** What waits for them. */
  whenReported: (() => void) | null;
  logLines: number;
};

/** A handler that a session serves, and its share of the slots. */
export type HandlerShare = {
  readonly handlerId: HandlerId;
  readonly name: string;
  /** At most so many slots; Infinity: all of them. */
  slotsMax: number;
  held: number;
  reserved: number;
  /** Declined a moment ago: not offered before this time. */
  pausedUntil: number;
  /** Declined so often in a row. */
  declines: number;
  /** Recent mean run of an attempt; null: unknown. */
  meanRunMs: number | null;
};

/** Where a session stands here. */
export type SessionStage = 'ATTACHED' | 'LEAVING' | 'ENDED';

/** What is known of a session when it attaches. */
export type SessionFacts = {
  readonly id: SessionId;
  readonly agentId: string;
  readonly namespaceId: NamespaceId;
  readonly attachment: number;
  readonly tokenHash: Buffer;
  readonly silenceMs: number;
  readonly slots: number;
  /** Number of the dial that attached it; 0: its agent numbers none. */
  readonly dial: number;
};

/** One attached session. */
export type Session = Omit<SessionFacts, 'slots'> & {
  /** How a task that is stored names one of its slots. */
  readonly offer: SlotOffer;
  stage: SessionStage;
  slots: number;
  shares: Map<HandlerId, HandlerShare>;
  readonly leases: Map<TaskId, OpenLease>;
  /** Slots held by leases. */
  held: number;
  /** Slots kept for claims and inserts under way, or of unknown outcome. */
  reserved: number;
  /** Slots held by leases of handlers that take long. */
  longHeld: number;
  /** Handlers whose recent runs were short. */
  shortHandlers: number;
  draining: boolean;
  /** It was asked to move to another coordinator, and has not gone yet. */
  parting: boolean;
  heardAt: number;
  /** Newest moment of which it is proven that the agent had read what was sent until then. */
  provenAt: number;
  /** Malformed items so far; too many end the stream. */
  offences: number;
  /** Comparisons with its rows, one after the other, since a slot was last given away; none showed anything. */
  cleanComparisons: number;
  readonly outbox: Outbox;
  /** Hears that free slots may be more or fewer. */
  slotsChanged: (session: Session) => void;
  /** Hears that something waits in the outbox. */
  wake: () => void;
};

/** Bytes of unsent assignments beyond which a session takes no more for the moment. */
export const unsentBytesMax = 8 * 1024 * 1024;

/** A session that has just attached. */
export function createSession(
  facts: SessionFacts,
  shares: readonly HandlerShare[],
  now: number,
): Session {
  return {
    ...facts,
    offer: Object.freeze({ sessionId: facts.id, attachment: facts.attachment }),
    stage: 'ATTACHED',
    shares: new Map(shares.map((share) => [share.handlerId, share])),
    leases: new Map(),
    held: 0,
    reserved: 0,
    longHeld: 0,
    shortHandlers: 0,
    draining: false,
    parting: false,
    heardAt: now,
    provenAt: now,
    offences: 0,
    cleanComparisons: 0,
    outbox: createOutbox(),
    slotsChanged: () => {},
    wake: () => {},
  };
}

/** A handler's share of a session that holds nothing yet. */
export function createShare(
  handlerId: HandlerId,
  name: string,
  slotsMax: number | null,
): HandlerShare {
  return {
    handlerId,
    name,
    slotsMax: slotsMax ?? Number.POSITIVE_INFINITY,
    held: 0,
    reserved: 0,
    pausedUntil: 0,
    declines: 0,
    meanRunMs: null,
  };
}

/** A handler with a recent mean run below this is short. */
export const shortRunMs = 50;

/** True if the handler's recent mean run here is short. One that has not run here yet is not. */
export function isShort(share: HandlerShare | undefined): boolean {
  return share !== undefined && share.meanRunMs !== null && share.meanRunMs < shortRunMs;
}

/** Slots that are free now. What may be sent beyond them is for `ahead.ts` to say. */
export function freeSlots(session: Session): number {
  if (!takesMore(session)) return 0;
  return Math.max(
    0,
    Math.min(session.slots - session.held - session.reserved, certainRoom(session)),
  );
}

/**
 * Leases that even an agent with few slots takes beyond them; docs/protocol.md, rule 16. Never more than about 50 ms of work
 * (`ahead.ts`), so only the shortest handlers reach it. A hundred slots with 500 ahead stood idle between claims: 17,600
 * tasks/s, with 2,000 ahead 27,000.
 */
const aheadMin = 2_000;

/** Leases that an agent takes beyond its slots. */
export function aheadMost({ slots }: Session): number {
  return Math.max(slots, aheadMin);
}

/** Leases that the agent is certain to take: outcomes that it waits to be answered count too. More would be declined. */
export function certainRoom(session: Session): number {
  return session.slots + aheadMost(session) - session.leases.size - session.reserved;
}

/** It is attached here, and neither drains nor was asked to move. */
export function isTaking({ stage, draining, parting }: Session): boolean {
  return stage === 'ATTACHED' && !draining && !parting;
}

/** False while it takes nothing, however many slots are free. */
export function takesMore(session: Session): boolean {
  return isTaking(session) && session.outbox.assignmentBytes <= unsentBytesMax;
}

/** How many more leases of a handler the session may hold by the handler's own limit; 0 while it is paused. */
export function headroom(share: HandlerShare, now: number): number {
  if (share.pausedUntil > now) return 0;
  return Math.max(0, share.slotsMax - share.held - share.reserved);
}

/** Keeps slots for something under way; a negative number frees them. */
export function reserve(session: Session, slots: number): void {
  session.reserved += slots;
  session.cleanComparisons = 0;
  session.slotsChanged(session);
}

const holding: ReadonlySet<LeaseStage> = new Set(['QUEUED', 'SENT', 'ACCEPTED', 'STARTED']);

/** True while the lease takes a slot of its agent. */
export function holdsSlot(stage: LeaseStage): boolean {
  return holding.has(stage);
}

/** Takes a lease into the session's book, in place of an older one of the same task. */
export function openLease(
  session: Session,
  lease: Lease,
  stage: LeaseStage,
  now: number,
): OpenLease {
  const older = session.leases.get(lease.taskId);
  if (older !== undefined) forgetLease(older);
  session.cleanComparisons = 0;
  const open: OpenLease = {
    taskId: lease.taskId,
    leaseEpoch: lease.leaseEpoch,
    handlerId: lease.handlerId,
    laneId: lease.laneId,
    attempt: lease.attempt,
    failures: lease.failures,
    options: lease.options,
    session,
    openedAt: now,
    stage,
    unsent: null,
    long: !isShort(session.shares.get(lease.handlerId)),
    bytes: 0,
    sentAt: now,
    revokedAt: null,
    cancel: null,
    overdueAt: null,
    reportsPending: 0,
    whenReported: null,
    logLines: 0,
  };
  session.leases.set(open.taskId, open);
  if (holding.has(stage)) count(open, 1);
  return open;
}

/** The lease of exactly this epoch, if the session holds it. */
export function findLease(
  session: Session,
  ref: { readonly taskId: string; readonly leaseEpoch: number },
): OpenLease | null {
  const lease = session.leases.get(ref.taskId as TaskId);
  return lease !== undefined && lease.leaseEpoch === ref.leaseEpoch ? lease : null;
}

/** Moves a lease on, and with it its slot. */
export function moveLease(lease: OpenLease, stage: LeaseStage): void {
  const before = holding.has(lease.stage);
  const after = holding.has(stage);
  lease.stage = stage;
  if (before !== after) count(lease, after ? 1 : -1);
}

/** Takes a lease out of the book. */
export function forgetLease(lease: OpenLease): void {
  const { leases, outbox } = lease.session;
  if (leases.get(lease.taskId) !== lease) return;
  leases.delete(lease.taskId);
  if (outbox.assignments.delete(lease)) outbox.assignmentBytes -= lease.bytes;
  lease.unsent = null;
  if (holding.has(lease.stage)) count(lease, -1);
  else lease.session.slotsChanged(lease.session);
}

/** The shares of a session that serves other handlers from now on: known ones go on, new ones count what is held. */
export function changeShares(
  session: Session,
  handlers: readonly HandlerShare[],
): ReadonlyMap<HandlerId, HandlerShare> {
  const shares = new Map<HandlerId, HandlerShare>();
  session.shortHandlers = 0;
  for (const share of handlers) {
    const known = session.shares.get(share.handlerId);
    if (known !== undefined) known.slotsMax = share.slotsMax;
    else
      for (const lease of session.leases.values())
        if (lease.handlerId === share.handlerId && holding.has(lease.stage)) share.held += 1;
    shares.set(share.handlerId, known ?? share);
    if (isShort(known)) session.shortHandlers += 1;
  }
  return shares;
}

function count(lease: OpenLease, by: number): void {
  const { session } = lease;
  session.held += by;
  if (lease.long) session.longHeld += by;
  const share = session.shares.get(lease.handlerId);
  if (share !== undefined) share.held += by;
  session.slotsChanged(session);
}
