/**
 * Everybody who waits for tasks at this coordinator, and the one poll that looks for all of them.
 *
 * A wait registers here before it reads, so that nothing falls between. From then on it hears of every move: at once by
 * the wakeup, at the latest by the safety poll, which reads the states of all waited-for tasks together, however many
 * calls wait for them. While other replicas cannot be heard, it looks as often as for older work. Both the calls and their
 * tasks are bounded.
 */
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { createLoop } from '../../loop.ts';
import type { SlotPool } from '../../rules/slot-pool.ts';
import type { NamespaceId, Task, TaskId } from '../../rules/task.ts';
import type { Time } from '../../rules/time.ts';
import { Overloaded } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import type { TaskMoved, Wakeups } from '../../wakeups/wakeups.ts';

/** States by id, as the store answers them. */
export type States = Awaited<ReturnType<Store['tasks']['states']>>;

/** One call that waits. Its functions must not throw. */
export type Waiter = {
  readonly namespaceId: NamespaceId;
  readonly ids: readonly TaskId[];
  /** A wakeup told of one of its tasks. */
  moved(move: TaskMoved): void;
  /** One of its tasks has ended here, and this is it. Undefined: the waiter does not want to be told. */
  readonly ended?: (task: Task) => void;
  /** The safety poll has read the states of some tasks, among them some of its own; `asked` says which were looked for. */
  polled(asked: readonly TaskId[], states: States): void;
};

/** Where waits register. */
export type Waiting = {
  /** Registers a wait; returns how to end it. Throws `Overloaded` beyond `waits-max` or `waited-tasks-max`. */
  open(waiter: Waiter): () => void;
  start(): void;
  stop(): Promise<void>;
};

const pollChunk = 2000;

/** The waits of one coordinator. */
export function createWaiting(options: {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly pool: SlotPool;
  readonly config: Config;
  readonly logger: Logger;
  readonly time: Time;
}): Waiting {
  const { store, wakeups, config, time } = options;
  const waiters = new Set<Waiter>();
  const byTask = new Map<TaskId, Set<Waiter>>();
  let tasks = 0;
  let unsubscribe: (() => void) | null = null;

  const loop = createLoop({
    name: 'waits',
    intervalMs: config.safetyPollIntervalMs,
    ...{ logger: options.logger, time },
    runOnce: async () => {
      for (const [namespaceId, ids] of waitedIds())
        for (let at = 0; at < ids.length; at += pollChunk)
          await poll(namespaceId, ids.slice(at, at + pollChunk));
      // What ended at another coordinator is then known only by looking.
      const isDeaf = waiters.size > 0 && !wakeups.hearsOthers();
      return isDeaf ? { did: 0, nextInMs: config.peekIntervalMs } : { did: 0 };
    },
  });

  function waitedIds(): Map<NamespaceId, TaskId[]> {
    const ids = new Map<NamespaceId, Set<TaskId>>();
    for (const waiter of waiters) {
      const set = ids.get(waiter.namespaceId) ?? new Set();
      ids.set(waiter.namespaceId, set);
      for (const id of waiter.ids) set.add(id);
    }
    return new Map([...ids].map(([namespaceId, set]) => [namespaceId, [...set]]));
  }

  async function poll(namespaceId: NamespaceId, ids: readonly TaskId[]): Promise<void> {
    const states = await store.tasks.states(namespaceId, ids);
    const concerned = new Set(ids.flatMap((id) => [...(byTask.get(id) ?? [])]));
    for (const waiter of concerned)
      if (waiter.namespaceId === namespaceId) waiter.polled(ids, states);
  }

  /** Only while somebody waits: other replicas send every move to those that listen. */
  function listen(): () => void {
    return wakeups.subscribe('moved', ({ tasks: moves }) => {
      for (const move of moves)
        for (const waiter of byTask.get(move.taskId) ?? []) waiter.moved(move);
    });
  }

  function deafen(): void {
    unsubscribe?.();
    unsubscribe = null;
  }

  function close(waiter: Waiter): void {
    if (!waiters.delete(waiter)) return;
    if (waiters.size === 0) deafen();
    tasks -= waiter.ids.length;
    for (const id of waiter.ids) {
      const set = byTask.get(id);
      set?.delete(waiter);
      if (set?.size === 0) byTask.delete(id);
    }
  }

  options.pool.tell({
    wants(id) {
      for (const waiter of byTask.get(id) ?? []) if (waiter.ended !== undefined) return true;
      return false;
    },
    ended(task) {
      for (const waiter of byTask.get(task.id) ?? [])
        if (waiter.namespaceId === task.namespaceId) waiter.ended?.(task);
    },
  });

  return {
    open(waiter) {
      if (waiters.size >= config.waitsMax || tasks + waiter.ids.length > config.waitedTasksMax)
        throw new Overloaded(
          `${waiters.size} waits for ${tasks} tasks are open here (waits-max, waited-tasks-max).`,
          2000,
        );
      unsubscribe ??= listen();
      if (!wakeups.hearsOthers()) loop.nudgeIn(config.peekIntervalMs);
      waiters.add(waiter);
      tasks += waiter.ids.length;
      for (const id of waiter.ids) {
        const set = byTask.get(id) ?? new Set();
        byTask.set(id, set.add(waiter));
      }
      return () => close(waiter);
    },
    start() {
      loop.start();
    },
    async stop() {
      deafen();
      await loop.stop();
    },
  };
}
