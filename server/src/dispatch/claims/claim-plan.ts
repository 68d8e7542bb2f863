/**
 * Which claim comes next for a group of sessions, and what its answer says. Pure but for what it reads of the backlog.
 *
 * Sessions whose own limits on handlers do not bind are claimed for together, their slots dealt in turn, so that the
 * first rows are spread over all of them. One with a limit that binds is claimed for alone, with that limit.
 */
import type { HandlerId, Lease } from '../../rules/task.ts';
import type { ClaimRequest } from '../../store/store.ts';
import { roomAhead } from '../session/ahead.ts';
import {
  freeSlots,
  type HandlerShare,
  headroom,
  isShort,
  type Session,
  takesMore,
} from '../session/session.ts';
import type { Group } from '../session/sessions.ts';
import type { Backlog } from './backlog.ts';
import type { Cursors } from './cursors.ts';

/** One claim: what is asked, and which slots are kept for it. */
export type ClaimPlan = {
  readonly request: ClaimRequest;
  readonly sessions: ReadonlyMap<Session, number>;
  /** Shares that are kept too, where a session is claimed for alone. */
  readonly shares: readonly { readonly share: HandlerShare; readonly limit: number }[];
};

/** What is known of READY rows. */
export type Knowledge = { readonly backlog: Backlog; readonly cursors: Cursors };

/** Bounds of one claim. */
export type ClaimLimits = { readonly rowsMax: number; readonly bytesMax: number };

/** The next claim for a group; null: nothing to claim, or nobody free. */
export function planClaim(
  group: Group,
  { backlog, cursors }: Knowledge,
  { rowsMax, bytesMax }: ClaimLimits,
  now: number,
): ClaimPlan | null {
  const wanted = group.handlerIds.filter((id) => !backlog.isEmpty(id));
  if (wanted.length === 0) return null;
  const together = new Map<Session, number>();
  for (const session of group.free) {
    const free = freeSlots(session);
    if (free === 0) continue;
    if (!binds(session, free, now)) together.set(session, free);
    else if (together.size === 0) {
      const alone = planAlone(session, wanted, Math.min(free, rowsMax), bytesMax, now);
      if (alone !== null) return alone;
    }
  }
  const counts = new Map<Session, number>();
  const slots = deal(together, rowsMax, counts);
  const left = rowsMax - slots.length;
  if (left > 0) slots.push(...deal(planAhead(group, wanted, left), left, counts));
  if (slots.length === 0) return null;
  const handlers = wanted.map((handlerId) => ({
    handlerId,
    limit: slots.length,
    after: cursors.of(handlerId, now),
  }));
  return { request: { handlers, slots, bytesMax }, sessions: counts, shares: [] };
}

/** When a claim was under way; `marks` were taken from the backlog as it began, by handler. */
export type ClaimTimes = {
  readonly marks: readonly number[];
  readonly begunAt: number;
  readonly endedAt: number;
};

/** Notes what the answer of a claim says of its handlers. */
export function learn(
  { backlog, cursors }: Knowledge,
  request: ClaimRequest,
  leases: readonly Lease[],
  { marks, begunAt, endedAt }: ClaimTimes,
): void {
  const taken = new Map<HandlerId, { count: number; last: Lease }>();
  let bytes = 0;
  for (const lease of leases) {
    const count = (taken.get(lease.handlerId)?.count ?? 0) + 1;
    taken.set(lease.handlerId, { count, last: lease });
    bytes += lease.input?.data.length ?? 0;
  }
  const full = leases.length >= request.slots.length || bytes >= request.bytesMax;
  for (const [index, { handlerId, limit, after }] of request.handlers.entries()) {
    const own = taken.get(handlerId);
    const from = after ?? null;
    if (full || (own?.count ?? 0) >= limit) {
      backlog.cameFull(handlerId);
      if (own) cursors.cameFull(own.last, from, endedAt, endedAt - begunAt);
    } else {
      cursors.drop([handlerId]);
      // From a cursor it says nothing of what lies before: the next claim is from the start.
      if (from === null) backlog.cameShort(handlerId, marks[index] ?? -1);
    }
  }
}

/**
 * Places ahead of free slots, where all that may be claimed is short work. Not one by one: a claim for few rows costs
 * nearly as much as one for many, so a session waits until a good part of its places is empty. Ends with `enough` places.
 */
function planAhead(
  group: Group,
  wanted: readonly HandlerId[],
  enough: number,
): ReadonlyMap<Session, number> {
  const ahead = new Map<Session, number>();
  let places = 0;
  for (const line of [group.free, group.ahead])
    for (const session of line) {
      const shares = wanted.map((handlerId) => session.shares.get(handlerId));
      if (!takesMore(session) || !shares.every(isUnbound)) continue;
      const room = Math.min(...shares.map((share) => (share ? roomAhead(session, share) : 0)));
      const isIdle = session.held + session.reserved < session.slots;
      if (room === 0 || (room < session.slots * aheadShareMin && !isIdle)) continue;
      ahead.set(session, room);
      places += room;
      if (places >= enough) return ahead;
    }
  return ahead;
}

/** Part of the slots that is worth a claim of its own. */
const aheadShareMin = 0.25;

function isUnbound(share: HandlerShare | undefined): boolean {
  return share !== undefined && share.slotsMax === Number.POSITIVE_INFINITY && isShort(share);
}

/** True if some handler's own limit is nearer than the free slots. */
function binds(session: Session, free: number, now: number): boolean {
  for (const share of session.shares.values()) if (headroom(share, now) < free) return true;
  return false;
}

function planAlone(
  session: Session,
  wanted: readonly HandlerId[],
  free: number,
  bytesMax: number,
  now: number,
): ClaimPlan | null {
  const shares: { share: HandlerShare; limit: number }[] = [];
  for (const handlerId of wanted) {
    const share = session.shares.get(handlerId);
    if (share === undefined) continue;
    const limit = Math.min(free, headroom(share, now));
    if (limit > 0) shares.push({ share, limit });
  }
  if (shares.length === 0) return null;
  const handlers = shares.map(({ share, limit }) => ({ handlerId: share.handlerId, limit }));
  const slots = Array.from({ length: free }, () => session.offer);
  return {
    request: { handlers, slots, bytesMax },
    sessions: new Map([[session, free]]),
    shares,
  };
}

/** Deals the free slots of several sessions in turn, so that the first rows are spread over all of them. */
export function deal(
  free: ReadonlyMap<Session, number>,
  rowsMax: number,
  counts: Map<Session, number>,
): Session['offer'][] {
  const slots: Session['offer'][] = [];
  for (let round = 1; slots.length < rowsMax; round += 1) {
    const before = slots.length;
    for (const [session, most] of free) {
      if (round > most || slots.length >= rowsMax) continue;
      slots.push(session.offer);
      counts.set(session, (counts.get(session) ?? 0) + 1);
    }
    if (slots.length === before) break;
  }
  return slots;
}
