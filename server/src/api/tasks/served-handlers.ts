/**
 * Which handlers some agent serves at this moment, for the hint in the answer to a submit.
 *
 * Asked of the database at most once in a while per handler: a hint must not cost the hot path a statement per call.
 */
import type { HandlerId, NamespaceId } from '../../rules/task.ts';
import type { Time } from '../../rules/time.ts';
import type { HandlerRow, Store } from '../../store/store.ts';

/** Tells which handlers nobody serves. */
export type ServedHandlers = {
  /** Those of the handlers that no agent serves; none while the database cannot say. */
  unserved(
    namespaceId: NamespaceId,
    handlers: readonly HandlerRow[],
  ): Promise<readonly HandlerRow[]>;
};

/** How long an answer is trusted: long while a handler is served, short while an agent may just be starting. */
const servedForMs = 5000;
const unservedForMs = 500;
const rememberedMax = 100_000;

/** Remembers for a while who is served. */
export function createServedHandlers(store: Store, time: Time): ServedHandlers {
  const known = new Map<HandlerId, { readonly served: boolean; readonly until: number }>();

  async function ask(namespaceId: NamespaceId, ids: readonly HandlerId[]): Promise<void> {
    const serving = await store.sessions.serving(namespaceId, ids);
    const served = new Set(serving.map(({ handlerId }) => handlerId));
    const now = time.now();
    if (known.size + ids.length > rememberedMax) known.clear();
    for (const id of ids)
      known.set(id, {
        served: served.has(id),
        until: now + (served.has(id) ? servedForMs : unservedForMs),
      });
  }

  return {
    async unserved(namespaceId, handlers) {
      const now = time.now();
      const doubtful = handlers.filter(({ id }) => (known.get(id)?.until ?? 0) <= now);
      try {
        if (doubtful.length > 0)
          await ask(
            namespaceId,
            doubtful.map(({ id }) => id),
          );
      } catch {
        // The tasks may be stored by now: a hint that cannot be given must not fail their call.
        return [];
      }
      return handlers.filter(({ id }) => known.get(id)?.served === false);
    },
  };
}
