/**
 * Names and numbers of namespaces and handlers, in memory.
 *
 * Hot rows carry numbers, so every submit and every assignment looks something up; the maps here answer without the
 * database. They are read again on the wakeup `dictionaries` and now and then besides; a name that is not found is
 * looked for in the database before it is called unknown. Both api and dispatch use it, so it stands beside the roles.
 */
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createLoop } from './loop.ts';
import type { HandlerId, NamespaceId } from './rules/task.ts';
import type { Time } from './rules/time.ts';
import type { HandlerFacts, HandlerRow, NamespaceRow, Store } from './store/store.ts';
import type { Wakeups } from './wakeups/wakeups.ts';
import { nearestName } from './wire/nearest-name.ts';
import { CallRefused } from './wire/status.ts';

/** What is known of namespaces and handlers. */
export type Dictionaries = {
  /** The namespace of a request; an empty name means `default`. Throws `CallRefused` (NAMESPACE_NOT_FOUND) with the nearest name. */
  resolveNamespace(name: string): Promise<NamespaceRow>;
  /** All namespaces, by name. */
  namespaces(): readonly NamespaceRow[];
  /** A namespace that some row refers to; null if it is gone or so new that it was not read yet. */
  namespace(id: NamespaceId): NamespaceRow | null;
  /** A handler that some row refers to; null if it is so new that it was not read yet: `await refresh()`, then ask again. */
  handler(id: HandlerId): HandlerRow | null;
  /** A handler by name, registered or not; null if its name was never used, or so recently that it was not read yet. */
  handlerNamed(namespaceId: NamespaceId, name: string): HandlerRow | null;
  /** All handlers of a namespace, by name; also those that no agent has registered. */
  handlers(namespaceId: NamespaceId): readonly HandlerRow[];
  /** Handlers whose tasks wait in lanes. */
  limited(): ReadonlySet<HandlerId>;
  /** Other handlers that are under a limit with this one. */
  sharing(id: HandlerId): readonly HandlerId[];
  /** The nearest registered name; '' if none is near. */
  nearestHandler(namespaceId: NamespaceId, name: string): string;
  /** Rows for names, made in the database where missing. Throws `CallRefused` (OVERLOADED) beyond `handler-names-max`. */
  ensureHandlers(
    namespaceId: NamespaceId,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, HandlerRow>>;
  /** Stores what an agent registers and tells the other replicas if anything changed; rows in the order of the facts. */
  registerHandlers(
    namespaceId: NamespaceId,
    facts: readonly HandlerFacts[],
  ): Promise<readonly HandlerRow[]>;
  /** Reads everything again; calls during a reading share the one that follows it, because theirs may be about newer rows. */
  refresh(): Promise<void>;
  /** Reads for the first time, then keeps reading. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Makes the dictionaries of one coordinator. */
export function createDictionaries(options: {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly config: Config;
  readonly logger: Logger;
  readonly time?: Time;
}): Dictionaries {
  const { store, wakeups, config } = options;
  const maps = createMaps();
  const refresh = oneAfterTheOther(readAll);
  const refreshNamespaces = oneAfterTheOther(async () => {
    maps.replaceNamespaces(await store.dictionaries.namespaces());
  });
  let unsubscribe = () => {};

  const loop = createLoop({
    name: 'dictionaries',
    intervalMs: config.safetyPollIntervalMs * 6,
    logger: options.logger,
    ...(options.time === undefined ? {} : { time: options.time }),
    runOnce: async () => {
      await refresh();
      return { did: 0 };
    },
  });

  async function readAll(): Promise<void> {
    maps.beginReading();
    const [namespaces, handlers] = await Promise.all([
      store.dictionaries.namespaces(),
      store.dictionaries.handlers(),
    ]);
    maps.replaceNamespaces(namespaces);
    maps.replaceHandlers(handlers);
  }

  async function makeHandlers(namespaceId: NamespaceId, names: readonly string[]): Promise<void> {
    const known = maps.handlerCount(namespaceId);
    if (known + names.length > config.handlerNamesMax)
      throw new CallRefused(
        'OVERLOADED',
        `The namespace has ${known} handler names, and at most ${config.handlerNamesMax} are allowed. ` +
          'Are names made up per task? Put what varies into the input or the labels, or raise handler-names-max.',
        { retryDelayMs: 60_000 },
      );
    maps.put(await store.dictionaries.ensureHandlers(namespaceId, names));
    wakeups.publish('dictionaries', {});
  }

  return {
    async resolveNamespace(name) {
      const asked = name === '' ? 'default' : name;
      // It may have been made by another replica a moment ago.
      if (maps.namespaceNamed(asked) === null) await refreshNamespaces();
      const row = maps.namespaceNamed(asked);
      if (row !== null) return row;
      throw namespaceNotFound(asked, maps.namespaces());
    },
    async ensureHandlers(namespaceId, names) {
      const missing = [...new Set(names)].filter((name) => !maps.handlerNamed(namespaceId, name));
      if (missing.length > 0) await makeHandlers(namespaceId, missing);
      return new Map(
        names.flatMap((name) => {
          const row = maps.handlerNamed(namespaceId, name);
          return row === null ? [] : [[name, row] as const];
        }),
      );
    },
    async registerHandlers(namespaceId, facts) {
      const rows = await store.dictionaries.registerHandlers(namespaceId, facts);
      const changed = rows.some((row) => row.updatedAt !== maps.handler(row.id)?.updatedAt);
      maps.put(rows);
      if (changed) wakeups.publish('dictionaries', {});
      return rows;
    },
    limited: maps.limited,
    sharing: maps.sharing,
    nearestHandler: (namespaceId, name) => nearestName(name, maps.registeredNames(namespaceId)),
    namespaces: maps.namespaces,
    namespace: maps.namespace,
    handler: maps.handler,
    handlerNamed: maps.handlerNamed,
    handlers: maps.handlers,
    refresh,
    async start() {
      await refresh();
      unsubscribe = wakeups.subscribe('dictionaries', loop.nudge);
      loop.start();
    },
    async stop() {
      unsubscribe();
      await loop.stop();
    },
  };
}

/** The refusal of an unknown namespace, with the nearest known one. */
export function namespaceNotFound(name: string, known: readonly NamespaceRow[]): CallRefused {
  const nearest = nearestName(
    name,
    known.map((row) => row.name),
  );
  const hint = nearest === '' ? '' : ` Did you mean "${nearest}"?`;
  return new CallRefused(
    'NAMESPACE_NOT_FOUND',
    `There is no namespace "${name}".${hint} \`muster namespaces\` lists them.`,
    { metadata: { namespace: name, nearest_namespace: nearest } },
  );
}

/** Runs of `read`, never two at a time; calls during a run share the next one. */
function oneAfterTheOther(read: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function begin(): Promise<void> {
    next = null;
    const run = read().finally(() => {
      if (running === run) running = null;
    });
    running = run;
    return run;
  }

  return () => {
    if (running === null) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
}

/** The maps themselves. A reading replaces them, but keeps what was put while it was under way. */
function createMaps() {
  let namespacesById = new Map<NamespaceId, NamespaceRow>();
  let namespacesByName = new Map<string, NamespaceRow>();
  let handlersById = new Map<HandlerId, HandlerRow>();
  let handlersByName = new Map<NamespaceId, Map<string, HandlerRow>>();
  /** Made of the rows when it is asked for; null: they have changed since. */
  let handlersByLimit: ReadonlyMap<number, readonly HandlerId[]> | null = null;
  let limited = new Set<HandlerId>();
  let putMeanwhile: HandlerRow[] = [];

  function put(rows: readonly HandlerRow[]): void {
    putMeanwhile.push(...rows);
    handlersByLimit = null;
    for (const row of rows) {
      handlersById.set(row.id, row);
      if (row.limited) limited.add(row.id);
      else limited.delete(row.id);
      const names = handlersByName.get(row.namespaceId) ?? new Map<string, HandlerRow>();
      handlersByName.set(row.namespaceId, names.set(row.name, row));
    }
  }

  return {
    put,
    beginReading(): void {
      putMeanwhile = [];
    },
    replaceNamespaces(rows: readonly NamespaceRow[]): void {
      namespacesById = new Map(rows.map((row) => [row.id, row]));
      namespacesByName = new Map(rows.map((row) => [row.name, row]));
    },
    replaceHandlers(rows: readonly HandlerRow[]): void {
      handlersById = new Map();
      handlersByName = new Map();
      limited = new Set();
      put([...rows, ...putMeanwhile.splice(0)]);
      putMeanwhile = [];
    },
    handlers: (namespaceId: NamespaceId): readonly HandlerRow[] =>
      byName(handlersByName.get(namespaceId)?.values() ?? []),
    handlerCount: (namespaceId: NamespaceId): number => handlersByName.get(namespaceId)?.size ?? 0,
    namespaces: (): readonly NamespaceRow[] => byName(namespacesById.values()),
    namespace: (id: NamespaceId) => namespacesById.get(id) ?? null,
    namespaceNamed: (name: string) => namespacesByName.get(name) ?? null,
    handler: (id: HandlerId) => handlersById.get(id) ?? null,
    limited: (): ReadonlySet<HandlerId> => limited,
    sharing: (id: HandlerId): readonly HandlerId[] => {
      handlersByLimit ??= byLimit(handlersById.values());
      const known = handlersByLimit;
      const all = handlersById.get(id)?.limitIds.flatMap((limit) => known.get(limit) ?? []) ?? [];
      return [...new Set(all)].filter((other) => other !== id);
    },
    handlerNamed: (namespaceId: NamespaceId, name: string) =>
      handlersByName.get(namespaceId)?.get(name) ?? null,
    *registeredNames(namespaceId: NamespaceId): Generator<string> {
      for (const row of handlersByName.get(namespaceId)?.values() ?? [])
        if (row.registered) yield row.name;
    },
  };
}

function byLimit(rows: Iterable<HandlerRow>): ReadonlyMap<number, readonly HandlerId[]> {
  const pairs = [...rows].flatMap(({ id, limitIds }) => limitIds.map((limit) => ({ limit, id })));
  const grouped = Map.groupBy(pairs, ({ limit }) => limit);
  return new Map([...grouped].map(([limit, found]) => [limit, found.map(({ id }) => id)]));
}

function byName<Row extends { readonly name: string }>(rows: Iterable<Row>): readonly Row[] {
  return [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
}
