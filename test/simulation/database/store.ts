// The store of one process over the rows of the simulation: every call takes a while, may find the database away, and may
// lose its reply after it has committed.

import {
  cancelled,
  expired,
  type FinishedState,
  type HandlerId,
  type HandlerRow,
  type NamespaceRow,
  type NewTask,
  promoted,
  type SessionId,
  type Store,
  type StoredTask,
  StoreUnavailable,
  submitted,
} from '@muster/server/internal';
import type { Chance } from '../world/chance.ts';
import type { Process } from '../world/process.ts';
import type { World } from '../world/world.ts';
import * as leases from './leases.ts';
import * as sessions from './sessions.ts';
import { namespaceId, type Tables } from './tables.ts';

/** The database as a machine: how it can be away. */
export class Database {
  readonly tables: Tables;
  readonly #world: World;
  readonly #chance: Chance;
  isAway = false;
  /** Share of calls whose reply is lost. */
  lossShare = 0;

  constructor(tables: Tables, world: World, chance: Chance) {
    this.tables = tables;
    this.#world = world;
    this.#chance = chance;
  }

  /** One call: `begin` reads as it starts, `commit` writes what it found. */
  call<Read, Result>(
    process: Process,
    begin: () => Read,
    commit: (read: Read) => Result,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const chance = this.#chance;
      const fail = (ms: number) =>
        process.arrive(ms, () => reject(new StoreUnavailable('The database is away.')));
      if (this.isAway) return fail(chance.between(1, 500));
      this.#world.after(chance.spread(0.2, 4), () => {
        if (this.isAway) return fail(1);
        const read = begin();
        this.#world.after(chance.spread(0.1, 4), () => {
          const result = commit(read);
          if (this.isAway || chance.happens(this.lossShare)) return fail(chance.between(1, 1000));
          process.arrive(chance.spread(0.1, 2), () => resolve(result));
        });
      });
    });
  }
}

const none = () => undefined;

function unused(): never {
  throw new Error('The simulation asks for nothing like this.');
}

/** Nobody makes any. */
/** No handler is limited. */
const noLanes: Store['lanes'] = {
  claim: unused,
  settle: async () => ({ handlerIds: [], more: false }),
  setHandlerLimits: unused,
  handlerStanding: unused,
  setLimit: unused,
  limit: unused,
  limits: unused,
  deleteLimit: unused,
  pauseHandler: unused,
  pauseNamespace: unused,
};

const noSchedules: Store['schedules'] = {
  ...{ get: unused, list: unused, names: unused, apply: unused, change: unused, delete: unused },
  ...{ takeTurns: unused, takeTurnOf: unused, noteEnds: unused, findEnds: unused, fires: unused },
  peek: async () => ({ lookInMs: null, watching: false }),
  deleteFires: async () => 0,
};

/** The store of a process. */
export function storeOf(database: Database, process: Process): Store {
  const { tables } = database;
  const ask = <Result>(work: () => Result) => database.call(process, none, work);
  return {
    engine: 'postgres',
    submissions: {
      insert: (calls, repeated) =>
        database.call(
          process,
          () => new Set(calls.flat().filter(({ offer }) => offer && tables.isAttached(offer))),
          (offered) => calls.map((tasks) => insert(tables, tasks, offered, repeated)),
        ),
      retry: unused,
      retryable: unused,
    },
    leases: {
      claim: (request) =>
        database.call(
          process,
          () => leases.standingSlots(tables, request),
          (slots) => leases.claim(tables, request, slots),
        ),
      peek: (ids) =>
        ask(() => ({
          ready: new Set(ids.filter((id) => (tables.ready.get(id)?.size ?? 0) > 0)),
          inLanes: new Set(),
        })),
      record: (writes) => ask(() => leases.record(tables, writes)),
      returnUnsent: (refs) => ask(() => leases.returnUnsent(tables, refs)),
      giveBack: (id, attachment, refs) => ask(() => leases.giveBack(tables, id, attachment, refs)),
      running: (ids) => ask(() => leases.running(tables, ids)),
      load: (refs) => ask(() => leases.load(tables, refs)),
      writeProgress: (reports) => ask(() => reports.filter((ref) => tables.holding(ref) !== null)),
      appendLogLines: () => ask(none),
    },
    sessions: sessionsOf(database, process),
    coordinators: coordinatorsOf(database, process),
    tasks: { ...tasksOf(database, process) },
    timers: timersOf(database, process),
    schedules: noSchedules,
    lanes: noLanes,
    inspect: { explain: unused },
    dictionaries: dictionariesOf(database, process),
    retention: {
      ensurePartitions: async () => 0,
      dropPartitions: async () => [],
      deleteFinished: async () => 0,
      deleteExpiredKeys: async () => 0,
      deleteIdleLanes: async () => 0,
    },
    eventOutbox: { ask: unused, pass: unused, forget: unused, endUnasked: async () => false },
    now: () => ask(() => tables.now()),
    close: async () => {},
  };
}

function insert(
  tables: Tables,
  tasks: readonly NewTask[],
  offered: ReadonlySet<NewTask>,
  repeated: boolean,
): StoredTask[] {
  return tasks.map((task) => {
    const { id } = task;
    const known = tables.tasks.get(id);
    const now = tables.now();
    if (known !== undefined && !repeated) return { kind: 'DUPLICATE', id };
    const dueAt = task.dueAt ?? now + task.startDelayMs;
    const times = {
      dueAt,
      deadlineAt: task.totalTimeoutMs === null ? null : now + task.totalTimeoutMs,
      expiresAt: task.startTtlMs === null ? null : dueAt + task.startTtlMs,
    };
    const sessionId = offered.has(task) ? (task.offer?.sessionId ?? null) : null;
    const row = known ?? tables.insert(task, submitted(times, sessionId, now));
    const { state, sessionId: holder, leaseEpoch } = row.standing;
    const isOffered = state === 'RUNNING' && holder === task.offer?.sessionId && leaseEpoch === 1;
    const dueInMs = state === 'DELAYED' ? Math.round(row.standing.dueAt - now) : 0;
    return { kind: 'STORED', id, state, lease: isOffered ? tables.leaseOf(row) : null, dueInMs };
  });
}

function sessionsOf(database: Database, process: Process): Store['sessions'] {
  const { tables } = database;
  const ask = <Result>(work: () => Result) => database.call(process, none, work);
  return {
    create: (id, token, facts) => ask(() => sessions.create(tables, id, token, facts)),
    attach: (id, token, facts, _, inventory) =>
      ask(() => sessions.attach(tables, id, token, facts, inventory)),
    update: (id, attachment, { slots, draining }) =>
      ask(() => {
        const session = tables.sessions.get(id);
        if (session === undefined || !tables.isAttached({ sessionId: id, attachment })) return;
        session.slots = slots ?? session.slots;
        session.draining = draining ?? session.draining;
      }),
    detach: (id, attachment, ms) => ask(() => sessions.detach(tables, id, attachment, ms)),
    close: (id, attachment) => ask(() => sessions.close(tables, id, attachment)),
    lose: (id, attachment) => ask(() => sessions.lose(tables, id, attachment)),
    loseLeases: (limit) => ask(() => sessions.loseLeases(tables, limit)),
    list: unused,
    find: (_, id) => ask(() => sessions.find(tables, id as SessionId)),
    serving: (_, ids) =>
      ask(() => ids.map((handlerId) => ({ handlerId, agentId: 'some', version: '' }))),
    prune: async () => 0,
  };
}

function coordinatorsOf(database: Database, process: Process): Store['coordinators'] {
  const { tables } = database;
  const { coordinators } = tables;
  const ask = <Result>(work: () => Result) => database.call(process, none, work);
  return {
    register: (facts) =>
      ask(() => {
        const times = { startedAt: tables.now(), beatAt: tables.now() };
        const fresh = { alive: true, draining: false, counter: 0, sessions: 0, ...times };
        coordinators.set(facts.id, { row: { ...facts, ...fresh } });
      }),
    beat: (id, count, draining) =>
      ask(() => {
        const own = coordinators.get(id);
        const alive = own?.row.alive === true;
        if (own !== undefined && alive)
          own.row = { ...own.row, counter: own.row.counter + 1, sessions: count, draining };
        const others = [...coordinators.values()].map(({ row }) => row);
        const left = [...tables.leasesLeft];
        return {
          alive,
          others: others.filter((row) => row.alive && row.id !== id),
          detached: [...tables.detached].map((session) => ({
            ...{ id: session.id, attachment: session.attachment },
            lostInMs: session.lostInMs ?? session.facts.lostAfterMs,
          })),
          lostLeases: left.some((session) => tables.running.has(session.id)),
        };
      }),
    declareDead: (id, counter) =>
      ask(() => {
        const other = coordinators.get(id);
        if (other?.row.alive !== true || other.row.counter !== counter) return false;
        other.row = { ...other.row, alive: false };
        sessions.detachAll(tables, id);
        return true;
      }),
    leave: (id) =>
      ask(() => {
        coordinators.delete(id);
        sessions.detachAll(tables, id);
      }),
    list: () => ask(() => [...coordinators.values()].map(({ row }) => row)),
    find: unused,
    prune: async () => 0,
  };
}

function tasksOf(database: Database, process: Process): Store['tasks'] {
  const { tables } = database;
  return {
    get: unused,
    getMany: unused,
    states: unused,
    list: unused,
    attempts: unused,
    cancel: (_, which, reason) =>
      database.call(process, none, () => {
        const result = { cancelled: [], requested: [], finished: [], missing: [], more: false };
        const answer: { [Key in keyof typeof result]: unknown } = result;
        for (const id of 'ids' in which ? which.ids : []) {
          const row = tables.tasks.get(id);
          if (row === undefined) continue;
          const moved = tables.move(row, cancelled(row.standing), 'CANCELLED');
          if (moved && row.standing.state === 'RUNNING') row.cancelReason = reason;
        }
        return answer as Awaited<ReturnType<Store['tasks']['cancel']>>;
      }),
  };
}

function timersOf(database: Database, process: Process): Store['timers'] {
  const { tables } = database;
  const ask = <Result>(work: () => Result) => database.call(process, none, work);
  return {
    promote: () =>
      ask(() => {
        const now = tables.now();
        const moved: { taskId: NewTask['id']; handlerId: HandlerId }[] = [];
        let next: number | null = null;
        for (const row of [...tables.delayed]) {
          const { id: taskId, handlerId } = row.task;
          const inMs = Math.ceil(row.standing.dueAt - now);
          if (tables.move(row, promoted(row.standing, now), 'DUE'))
            moved.push({ taskId, handlerId });
          else next = Math.min(next ?? inMs, inMs);
        }
        return {
          ...{ promoted: moved, nextDueInMs: next },
          schedules: { lookInMs: null, watching: false },
        };
      }),
    expire: () =>
      ask(() => {
        const now = tables.now();
        const ended: { taskId: NewTask['id']; handlerId: HandlerId; state: FinishedState }[] = [];
        for (const row of [...tables.checked])
          if (tables.move(row, expired(row.standing, now), 'TOO_LATE'))
            ended.push({ taskId: row.task.id, handlerId: row.task.handlerId, state: 'FAILED' });
        return { ended, toCancel: [] };
      }),
  };
}

function dictionariesOf(database: Database, process: Process): Store['dictionaries'] {
  const { tables } = database;
  const ask = <Result>(work: () => Result) => database.call(process, none, work);
  const facts = { description: '', retentionMs: null, createdAt: 0, paused: false, pauseNote: '' };
  const namespace: NamespaceRow = { id: namespaceId, name: 'default', ...facts };
  const handlerOf = (name: string): { row: HandlerRow } => {
    const id = (tables.handlers.size + 1) as HandlerId;
    const options = { retry: null, attemptTimeoutMs: null, atMostOnce: false };
    const limits = { lostAttemptsMax: 3, cancelGraceMs: 5000 };
    const times = { createdAt: tables.now(), updatedAt: tables.now() };
    const row = { id, namespaceId, name, description: '', limited: false, limitIds: [], ...times };
    const entry = tables.handlers.get(name) ?? {
      row: { ...row, registered: false, options: { ...options, ...limits } },
      facts: null,
    };
    tables.handlers.set(name, entry);
    return entry;
  };
  return {
    namespaces: () => ask(() => [namespace]),
    createNamespace: unused,
    updateNamespace: unused,
    deleteNamespace: unused,
    handlers: () => ask(() => [...tables.handlers.values()].map(({ row }) => row)),
    ensureHandlers: (_, names) => ask(() => names.map((name) => handlerOf(name).row)),
    registerHandlers: (_, list) =>
      ask(() =>
        list.map(({ name, options }) => {
          const entry = handlerOf(name);
          if (!entry.row.registered) entry.row = { ...entry.row, options, registered: true };
          return entry.row;
        }),
      ),
    handlerSchemas: unused,
  };
}
