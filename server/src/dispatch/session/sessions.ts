/**
 * The sessions that are attached here, grouped by what they serve.
 *
 * A group is all sessions with the same set of handlers: they are claimed for together, and an eager insert may use any
 * of them. Handlers belong to one namespace, so a group does too. Free slots are kept as a set per group, first come
 * first served and then sent to the end of the line, so that finding one costs the same with ten agents and ten thousand.
 */
import type { HandlerId, SessionId } from '../../rules/task.ts';
import { mayBeAhead } from './ahead.ts';
import { freeSlots, type HandlerShare, type Session } from './session.ts';

/** Sessions that serve the same handlers. */
export type Group = {
  readonly key: string;
  readonly handlerIds: readonly HandlerId[];
  readonly sessions: Set<Session>;
  /** Those with a free slot, in the order in which they are offered. */
  readonly free: Set<Session>;
  /** Those without one that may be sent short work ahead of it. */
  readonly ahead: Set<Session>;
};

/** Everything that is attached. */
export type Sessions = {
  get(id: SessionId): Session | null;
  all(): Iterable<Session>;
  groups(): Iterable<Group>;
  count(): number;
  /** Groups that serve a handler. */
  serving(handlerId: HandlerId): Iterable<Group>;
  /** Whether anybody here serves a handler. */
  serves(handlerId: HandlerId): boolean;
  add(session: Session): void;
  remove(session: Session): void;
  /** The session serves these from now on. */
  regroup(session: Session, shares: ReadonlyMap<HandlerId, HandlerShare>): void;
};

/** An empty book. `freed` hears of every session that may have a slot to give. */
export function createSessions(freed: (session: Session, group: Group) => void): Sessions {
  const byId = new Map<SessionId, Session>();
  const groups = new Map<string, Group>();
  const byHandler = new Map<HandlerId, Set<Group>>();
  const groupBySession = new Map<Session, Group>();

  function slotsChanged(session: Session): void {
    const group = groupBySession.get(session);
    if (group === undefined) return;
    const isFree = freeSlots(session) > 0;
    const isAhead = !isFree && mayBeAhead(session);
    if (isFree) group.free.add(session);
    else group.free.delete(session);
    if (isAhead) group.ahead.add(session);
    else group.ahead.delete(session);
    if (isFree || isAhead) freed(session, group);
  }

  function join(session: Session): void {
    const handlerIds = [...session.shares.keys()].sort((a, b) => a - b);
    const key = handlerIds.join(',');
    let group = groups.get(key);
    if (group === undefined) {
      group = { key, handlerIds, sessions: new Set(), free: new Set(), ahead: new Set() };
      groups.set(key, group);
      for (const handlerId of handlerIds) {
        const serving = byHandler.get(handlerId) ?? new Set<Group>();
        byHandler.set(handlerId, serving.add(group));
      }
    }
    group.sessions.add(session);
    groupBySession.set(session, group);
    slotsChanged(session);
  }

  function quit(session: Session): void {
    const group = groupBySession.get(session);
    if (group === undefined) return;
    groupBySession.delete(session);
    group.sessions.delete(session);
    group.free.delete(session);
    group.ahead.delete(session);
    if (group.sessions.size > 0) return;
    groups.delete(group.key);
    for (const handlerId of group.handlerIds) {
      const serving = byHandler.get(handlerId);
      serving?.delete(group);
      if (serving?.size === 0) byHandler.delete(handlerId);
    }
  }

  return {
    get: (id) => byId.get(id) ?? null,
    all: () => byId.values(),
    groups: () => groups.values(),
    count: () => byId.size,
    serving: (handlerId) => byHandler.get(handlerId) ?? [],
    serves: (handlerId) => byHandler.has(handlerId),
    add(session) {
      byId.set(session.id, session);
      session.slotsChanged = slotsChanged;
      join(session);
    },
    remove(session) {
      if (byId.get(session.id) === session) byId.delete(session.id);
      session.slotsChanged = () => {};
      quit(session);
    },
    regroup(session, shares) {
      quit(session);
      session.shares = new Map(shares);
      join(session);
    },
  };
}
