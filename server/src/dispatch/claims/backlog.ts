/**
 * What is known of READY rows, per handler: whether a claim is worth its statement, and whether fresh work may overtake.
 *
 *   unknown ─short claim─▶ empty, open ─wakeup─▶ claim again, open ─full claim─▶ backlog, closed ─short claim─▶ …
 *
 * `empty`: a claim from the start came back short, and nothing was announced since: no claim is needed. `open`: fresh
 * tasks may be started at once in slots that are free. A wakeup alone does not close: it is answered by a claim at
 * once, which takes what is older into the free slots, and closes the pool if there is more of it than slots. (Closing
 * on the wakeup itself would lock a busy coordinator out of eager starts: each flush with one READY row among its
 * tasks would close it for the next.) A peek that finds rows which nobody claims closes too.
 */
import type { HandlerId } from '../../rules/task.ts';

/** Knowledge of READY rows. */
export type Backlog = {
  /** READY rows of these handlers were announced, or may exist. */
  announced(handlerIds: Iterable<HandlerId>): void;
  /** A look found READY rows that should have been claimed. */
  foundOlder(handlerIds: Iterable<HandlerId>): void;
  /** To be remembered when a claim of this handler begins. */
  mark(handlerId: HandlerId): number;
  /** A claim from the start, begun at this mark, took all there was. */
  cameShort(handlerId: HandlerId, mark: number): void;
  /** A claim took as much as it could; there may be more. */
  cameFull(handlerId: HandlerId): void;
  isEmpty(handlerId: HandlerId): boolean;
  isOpen(handlerId: HandlerId): boolean;
  /** The same of a set of handlers; costs nothing while nothing changes. */
  of(handlers: HandlerSet): Outlook;
  /** Forgets handlers that nobody here serves. */
  keepOnly(served: (handlerId: HandlerId) => boolean): void;
};

/** Handlers that are looked at together. */
export type HandlerSet = { readonly handlerIds: readonly HandlerId[] };

/** What is known of several handlers. */
export type Outlook = {
  /** Some of them may have READY rows: a claim is worth its statement. */
  readonly mayHave: boolean;
  /** All of them are open: fresh tasks may start at once. */
  readonly open: boolean;
};

type Known = { version: number; emptyAt: number; open: boolean };

/** Nothing is known yet. */
export function createBacklog(): Backlog {
  const handlers = new Map<HandlerId, Known>();
  const outlooks = new WeakMap<HandlerSet, Outlook & { readonly revision: number }>();
  let revision = 0;

  function known(handlerId: HandlerId): Known {
    let entry = handlers.get(handlerId);
    if (entry === undefined) {
      entry = { version: 0, emptyAt: -1, open: false };
      handlers.set(handlerId, entry);
    }
    return entry;
  }

  function setOpen(entry: Known, open: boolean): void {
    if (entry.open === open) return;
    entry.open = open;
    revision += 1;
  }

  function isEmpty(handlerId: HandlerId): boolean {
    const entry = handlers.get(handlerId);
    return entry !== undefined && entry.emptyAt === entry.version;
  }

  function isOpen(handlerId: HandlerId): boolean {
    return handlers.get(handlerId)?.open === true;
  }

  return {
    announced(handlerIds) {
      for (const handlerId of handlerIds) known(handlerId).version += 1;
      revision += 1;
    },
    foundOlder(handlerIds) {
      for (const handlerId of handlerIds) {
        const entry = known(handlerId);
        entry.version += 1;
        setOpen(entry, false);
      }
      revision += 1;
    },
    mark: (handlerId) => known(handlerId).version,
    cameShort(handlerId, mark) {
      const entry = known(handlerId);
      if (entry.version === mark && entry.emptyAt !== mark) {
        entry.emptyAt = mark;
        revision += 1;
      }
      setOpen(entry, true);
    },
    cameFull: (handlerId) => setOpen(known(handlerId), false),
    isEmpty,
    isOpen,
    of(set) {
      const cached = outlooks.get(set);
      if (cached?.revision === revision) return cached;
      const mayHave = set.handlerIds.some((id) => !isEmpty(id));
      const outlook = { mayHave, open: set.handlerIds.every(isOpen), revision };
      outlooks.set(set, outlook);
      return outlook;
    },
    keepOnly(served) {
      for (const handlerId of handlers.keys()) if (!served(handlerId)) handlers.delete(handlerId);
      revision += 1;
    },
  };
}
