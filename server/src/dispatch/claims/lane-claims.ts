/**
 * Tasks of limited handlers for free slots: one claim of one handler's lanes at a time per group of sessions.
 *
 * A limited handler is claimed for when its lanes may have something: when tasks were announced, when a task of it has ended here, when
 * a rate lets more pass, and when a look says so. What keeps them back otherwise is heard of: nothing is asked again and again.
 */
import type { HandlerId, LaneId, Lease } from '../../rules/task.ts';
import type { Time, Timer } from '../../rules/time.ts';
import { StoreUnavailable } from '../../store/errors.ts';
import type { LaneClaimRequest, Store } from '../../store/store.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import type { Deliveries } from '../leases/deliveries.ts';
import type { Reconciliation } from '../leases/reconciliation.ts';
import {
  freeSlots,
  type HandlerShare,
  headroom,
  reserve,
  type Session,
} from '../session/session.ts';
import type { Group, Sessions } from '../session/sessions.ts';
import { createBacklog } from './backlog.ts';
import { deal } from './claim-plan.ts';

/** Claims of lanes. */
export type LaneClaims = {
  /** Its tasks wait in lanes, as far as is known here. */
  isLimited(handlerId: HandlerId): boolean;
  /** Lanes of these handlers may have something to hand over. */
  announced(handlerIds: Iterable<HandlerId>): void;
  /** A look has found that these are limited, and that their lanes may have something. */
  found(handlerIds: Iterable<HandlerId>): void;
  /** A lease of a lane has ended, and that is recorded. */
  ended(handlerId: HandlerId, laneId: LaneId): void;
  /** A claim for this group may be worth its statements. */
  mayHave(group: Group): boolean;
  /** Claims once for a group, one handler after the other in turn. Answers whether it took anything. */
  claim(group: Group): Promise<boolean>;
  stop(): void;
};

/** What claims of lanes need of the rest. */
export type LaneClaimsOptions = {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly deliveries: Deliveries;
  readonly reconciliation: Reconciliation;
  readonly wakeups: Wakeups;
  /** Handlers whose tasks wait in lanes, and which others are under a limit with one: as it was when handlers were last read. */
  readonly limited: () => ReadonlySet<HandlerId>;
  readonly sharing: (handlerId: HandlerId) => readonly HandlerId[];
  readonly clock: () => number;
  readonly time: Time;
  readonly rowsMax: number;
  readonly bytesMax: number;
  /** Asks for claims for a group. */
  readonly kick: (group: Group) => void;
};

/** Lanes that one claim is told of; the rest is found within the time after which a full lane is looked at again. */
const freedMax = 1_000;
/** No rate is waited for less: claims for single tokens would cost more than they bring. */
const waitMinMs = 10;

/** Slots that are kept while a claim is under way. */
type Kept = ReadonlyMap<Session, { readonly share: HandlerShare; readonly slots: number }>;

/** Makes claims of lanes. */
export function createLaneClaims(options: LaneClaimsOptions): LaneClaims {
  const { store, sessions, time } = options;
  const backlog = createBacklog();
  const freed = new Map<HandlerId, Set<LaneId>>();
  /** Limited, as the database said since handlers were read. */
  const learnt = new Set<HandlerId>();
  const isLimited = (id: HandlerId) => learnt.has(id) || options.limited().has(id);
  /** Asked whenever a slot comes free: where nobody has limits it must cost nothing. */
  const isAnyLimited = () => learnt.size > 0 || options.limited().size > 0;
  const looks = createLooks(time, (id) => announced([id]));

  function announced(handlerIds: Iterable<HandlerId>): void {
    const served = [...handlerIds].filter((id) => isLimited(id) && sessions.serves(id));
    backlog.announced(served);
    for (const id of served) for (const group of sessions.serving(id)) options.kick(group);
  }

  /** The next of a group's handlers that may have something, those claimed for lately last. */
  const turns = new WeakMap<Group, number>();
  function next(group: Group): HandlerId | null {
    const { handlerIds } = group;
    const from = turns.get(group) ?? 0;
    for (let n = 0; n < handlerIds.length; n += 1) {
      const at = (from + n) % handlerIds.length;
      const id = handlerIds[at];
      if (id === undefined || !isLimited(id) || backlog.isEmpty(id)) continue;
      turns.set(group, at + 1);
      return id;
    }
    return null;
  }

  function noteFreed(handlerId: HandlerId, laneIds: Iterable<LaneId>): void {
    const lanes = freed.get(handlerId) ?? new Set();
    freed.set(handlerId, lanes);
    for (const id of laneIds) if (lanes.size < freedMax) lanes.add(id);
  }

  async function claimOf(handlerId: HandlerId, group: Group): Promise<boolean> {
    const lanes = freed.get(handlerId) ?? new Set();
    const { request, kept } = planOf(options, handlerId, group, lanes);
    if (request.slots.length === 0) return false;
    freed.delete(handlerId);
    const mark = backlog.mark(handlerId);
    keep(kept, 1);
    try {
      const { limited, leases, more, nextInMs } = await store.lanes.claim(request);
      if (!limited) learnt.delete(handlerId);
      keep(kept, -1);
      deliver(options, kept, leases);
      // A limit that all lanes share may have kept it from looking at them.
      if (leases.length === 0) noteFreed(handlerId, lanes);
      if (more && leases.length > 0) backlog.cameFull(handlerId);
      else backlog.cameShort(handlerId, mark);
      if (nextInMs !== null) looks.in(handlerId, nextInMs);
      else if (more && leases.length === 0) looks.in(handlerId, 0);
      return leases.length > 0;
    } catch (error) {
      noteFreed(handlerId, lanes);
      if (error instanceof StoreUnavailable) keepUntilRead(options, kept);
      else keep(kept, -1);
      throw error;
    }
  }

  return {
    isLimited,
    announced,
    found(handlerIds) {
      for (const id of handlerIds) learnt.add(id);
      announced(handlerIds);
    },
    ended(handlerId, laneId) {
      noteFreed(handlerId, [laneId]);
      if (!options.limited().has(handlerId)) learnt.add(handlerId);
      for (const id of [handlerId, ...options.sharing(handlerId)]) {
        const groups = [...sessions.serving(id)];
        if (groups.some((group) => group.free.size > 0)) announced([id]);
        // Somebody else may have a slot for the next.
        else options.wakeups.publish('ready', { handlerIds: [id] });
      }
    },
    mayHave: ({ handlerIds }) =>
      isAnyLimited() && handlerIds.some((id) => isLimited(id) && !backlog.isEmpty(id)),
    async claim(group) {
      const handlerId = next(group);
      return handlerId === null ? false : claimOf(handlerId, group);
    },
    stop: looks.stop,
  };
}

/** When the lanes of handlers are looked at again: of each the soonest time that was asked for. */
function createLooks(time: Time, due: (handlerId: HandlerId) => void) {
  const timers = new Map<HandlerId, { readonly at: number; readonly timer: Timer }>();
  return {
    in(handlerId: HandlerId, ms: number): void {
      const waitMs = Math.max(waitMinMs, ms);
      const at = time.now() + waitMs;
      const known = timers.get(handlerId);
      if (known !== undefined && known.at <= at) return;
      known?.timer.cancel();
      const timer = time.after(waitMs, () => {
        timers.delete(handlerId);
        due(handlerId);
      });
      timers.set(handlerId, { at, timer });
    },
    stop(): void {
      for (const { timer } of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}

/** Free slots of the group for a handler, in turn over its sessions. */
function planOf(
  { clock, rowsMax, bytesMax }: LaneClaimsOptions,
  handlerId: HandlerId,
  group: Group,
  freed: ReadonlySet<LaneId>,
): { readonly request: LaneClaimRequest; readonly kept: Kept } {
  const rooms = new Map<Session, number>();
  for (const session of group.free) {
    const share = session.shares.get(handlerId);
    if (share === undefined) continue;
    const room = Math.min(freeSlots(session), headroom(share, clock()));
    if (room > 0) rooms.set(session, room);
  }
  const counts = new Map<Session, number>();
  const slots = deal(rooms, rowsMax, counts);
  const kept = new Map(
    [...counts].flatMap(([session, count]) => {
      const share = session.shares.get(handlerId);
      return share === undefined ? [] : [[session, { share, slots: count }] as const];
    }),
  );
  return { request: { handlerId, slots, freed: [...freed], bytesMax }, kept };
}

function keep(kept: Kept, factor: 1 | -1): void {
  for (const [session, { share, slots }] of kept) {
    share.reserved += factor * slots;
    reserve(session, factor * slots);
  }
}

/** The reply was lost: rows may be RUNNING in these slots. */
function keepUntilRead({ reconciliation }: LaneClaimsOptions, kept: Kept): void {
  for (const [session, { share, slots }] of kept)
    reconciliation.recheck(session, () => {
      share.reserved -= slots;
      reserve(session, -slots);
    });
}

function deliver({ deliveries }: LaneClaimsOptions, kept: Kept, leases: readonly Lease[]): void {
  const byId = new Map([...kept.keys()].map((session) => [session.id, session]));
  for (const lease of leases) {
    const session = byId.get(lease.sessionId);
    if (session === undefined) throw new Error('A claim answered a lease of another session.');
    deliveries.deliver(session, lease);
  }
}
