/**
 * READY rows for free slots: one claim at a time per group of sessions, again while it comes back full.
 *
 * Slots are kept while a claim is under way. If its reply is lost, they stay kept until the rows were read again.
 *
 * A claim begins when a slot is freed or a session comes while READY rows may exist, and when rows are announced. A look
 * now and then (`look`) finds what was never announced: every second where fresh work may overtake, else every few.
 */
import type { Logger } from 'pino';
import type { HandlerId, Lease } from '../../rules/task.ts';
import { sleep, type Time } from '../../rules/time.ts';
import { StoreUnavailable } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import type { Deliveries } from '../leases/deliveries.ts';
import type { Reconciliation } from '../leases/reconciliation.ts';
import { reserve } from '../session/session.ts';
import type { Group, Sessions } from '../session/sessions.ts';
import type { Backlog } from './backlog.ts';
import { type ClaimPlan, learn, planClaim } from './claim-plan.ts';
import { type Cursors, createCursors } from './cursors.ts';
import type { LaneClaims } from './lane-claims.ts';

/** Claims. */
export type Claims = {
  /** Those of limited handlers, whose tasks wait in lanes. */
  readonly lanes: LaneClaims;
  /** Rows of these handlers were announced that may be claimed; `newest`: behind all that were READY before. */
  announced(handlerIds: readonly HandlerId[], newest: boolean): void;
  /** A session of this group may have a free slot. */
  freed(group: Group): void;
  /** Looks for rows that were never announced, among handlers that were asked for, or among all. */
  look(handlerIds: readonly HandlerId[]): Promise<number>;
  /** No claim follows; settles when those under way are over. */
  stop(): Promise<void>;
};

/** What claims need of the rest. */
export type ClaimsOptions = {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly backlog: Backlog;
  /** Claims of limited handlers, made with what asks for claims for a group. */
  readonly lanes: (kick: (group: Group) => void) => LaneClaims;
  readonly deliveries: Deliveries;
  readonly reconciliation: Reconciliation;
  readonly logger: Logger;
  /** Hears how many tasks a claim took. */
  readonly claimed: (tasks: number) => void;
  readonly clock: () => number;
  readonly time: Time;
  readonly rowsMax: number;
  readonly bytesMax: number;
};

const retryMs = 500;

/** Makes claims. */
export function createClaims(options: ClaimsOptions): Claims {
  const { store, sessions, backlog, logger } = options;
  const cursors = createCursors();
  const running = new Map<Group, Promise<void>>();
  /** Groups to look at again: something was freed or announced since the last plan. */
  const again = new Set<Group>();
  let stopped = false;
  const lanes = options.lanes(kickGroup);

  function freed(group: Group): void {
    if (stopped || again.has(group)) return;
    if (!backlog.of(group).mayHave && !lanes.mayHave(group)) return;
    again.add(group);
    if (!running.has(group)) queueMicrotask(() => begin(group));
  }

  function begin(group: Group): void {
    if (stopped || running.has(group) || !again.has(group)) return;
    const run = claimAll(group)
      .catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) logger.error({ err: error }, 'a claim failed');
        return pause(options.time).then(() => again.add(group));
      })
      .then(() => {
        running.delete(group);
        begin(group);
      });
    running.set(group, run);
  }

  /** Claims for a group until nothing waits for it, or nothing is free: what is READY and what is in lanes in turn. */
  async function claimAll(group: Group): Promise<void> {
    while (!stopped) {
      again.delete(group);
      const plan = planClaim(group, { backlog, cursors }, options, options.clock());
      if (plan !== null) await claim(options, cursors, plan);
      const took = lanes.mayHave(group) && (await lanes.claim(group));
      if (plan === null && !took) return;
    }
  }

  function kickGroup(group: Group): void {
    if (group.free.size > 0 || group.ahead.size > 0) freed(group);
  }

  function kick(handlerIds: Iterable<HandlerId>): void {
    for (const handlerId of handlerIds)
      for (const group of sessions.serving(handlerId)) kickGroup(group);
  }

  return {
    lanes,
    freed,
    announced(handlerIds, newest) {
      lanes.announced(handlerIds);
      if (!newest) cursors.drop(handlerIds);
      const served = handlerIds.filter((id) => sessions.serves(id) && !lanes.isLimited(id));
      if (served.length === 0) return;
      backlog.announced(served);
      kick(served);
    },
    async look(handlerIds) {
      if (handlerIds.length === 0) return 0;
      const { ready: found, inLanes } = await store.leases.peek(handlerIds);
      lanes.found(inLanes);
      // Rows of a known backlog are no news; others were never announced, or nobody was free to claim them.
      const older = [...found].filter((id) => backlog.isEmpty(id) || backlog.isOpen(id));
      backlog.foundOlder(older);
      cursors.drop(older);
      kick(found);
      return older.length;
    },
    async stop() {
      stopped = true;
      lanes.stop();
      await Promise.all(running.values());
    },
  };
}

async function claim(options: ClaimsOptions, cursors: Cursors, plan: ClaimPlan): Promise<void> {
  const { store, backlog, deliveries, clock } = options;
  const { request } = plan;
  const marks = request.handlers.map(({ handlerId }) => backlog.mark(handlerId));
  const begunAt = clock();
  keep(plan, 1);
  let leases: readonly Lease[];
  try {
    leases = await store.leases.claim(request);
  } catch (error) {
    if (error instanceof StoreUnavailable) keepUntilRead(options, plan);
    else keep(plan, -1);
    throw error;
  }
  learn({ backlog, cursors }, request, leases, { marks, begunAt, endedAt: clock() });
  keep(plan, -1);
  const sessions = new Map([...plan.sessions.keys()].map((session) => [session.id, session]));
  for (const lease of leases) {
    const session = sessions.get(lease.sessionId);
    if (session === undefined) throw new Error('A claim answered a lease of another session.');
    deliveries.deliver(session, lease);
  }
  options.claimed(leases.length);
}

/** Keeps the slots of a claim, or frees them. */
function keep({ sessions, shares }: ClaimPlan, factor: 1 | -1): void {
  for (const { share, limit } of shares) share.reserved += factor * limit;
  for (const [session, slots] of sessions) reserve(session, factor * slots);
}

/** The reply was lost: rows may be RUNNING in these slots. */
function keepUntilRead({ reconciliation }: ClaimsOptions, plan: ClaimPlan): void {
  const { sessions, shares } = plan;
  for (const [session, slots] of sessions)
    reconciliation.recheck(session, () => {
      for (const { share, limit } of shares) share.reserved -= limit;
      reserve(session, -slots);
    });
}

function pause(time: Time): Promise<void> {
  return sleep(time, retryMs * (0.5 + time.random() / 2), 'background');
}
