/**
 * Submit calls on their way into the database: gathered into flushes, each call wholly or not at all.
 *
 * A flush begins as soon as the one before returns, so a lone call pays no added delay, and load makes flushes grow. Just
 * before it is written, due tasks are offered a free slot of a local agent; the statement decides whether they start
 * under it. After the commit every reservation ends: fulfilled with its lease, or cancelled. If the reply is lost, the
 * flush is repeated, which is harmless; if that fails too, slots stay reserved until dispatch has read the rows again.
 */

import type { RoleContext } from '../../role.ts';
import { isInLine } from '../../rules/lifecycle.ts';
import { createOffers, type SlotPool, type SlotReservation } from '../../rules/slot-pool.ts';
import type { HandlerId, NewTask } from '../../rules/task.ts';
import { StoreUnavailable } from '../../store/errors.ts';
import { createFlush } from '../../store/flush.ts';
import type { StoredTask } from '../../store/store.ts';
import { tellSubmitted } from '../../wakeups/events/events.ts';
import type { DatabaseClock } from '../database-clock.ts';

/** The way into the database. */
export type Submissions = {
  /** Stores one call; answers per task, in order, when it is durable. Throws the errors of the store, and `Overloaded`. */
  insert(tasks: readonly NewTask[]): Promise<readonly StoredTask[]>;
  /** Throws `Overloaded` while nothing more can be taken in. */
  refuseIfFull(): void;
  /** Waits until everything that was taken in is answered. */
  stop(): Promise<void>;
};

/** One call on its way; its slots are reserved when it is first written, and kept for every repetition. */
type Call = {
  readonly tasks: readonly NewTask[];
  readonly bytes: number;
  /** By place in the call; null until it is first written. A hole: no slot was free. */
  reservations: (SlotReservation | undefined)[] | null;
};

/** How long a call is kept while the database is away, before its caller is told to come back. */
const giveUpMs = 1500;

/** What a task takes in a flush beside its input, roughly. */
const taskOverheadBytes = 500;

/** The way into the database for the submit calls of one coordinator. */
export function createSubmissions(
  context: RoleContext & { readonly pool: SlotPool; readonly clock: DatabaseClock },
): Submissions {
  const { store, pool, clock, config, time } = context;

  const flush = createFlush<Call, readonly StoredTask[]>({
    // By the handler of its first task, which is nearly always that of all.
    turn: ({ tasks }, rows) => (tasks[0] ? pool.turn(tasks[0].handlerId, rows) : rows),
    async write(calls, { repeated }) {
      offerSlots(calls, pool, clock.now());
      return store.submissions.insert(
        calls.map(({ tasks }) => tasks),
        repeated,
      );
    },
    rowsOf: ({ tasks }) => tasks.length,
    bytesOf: ({ bytes }) => bytes,
    rowsMax: config.flushRowsMax,
    bytesMax: config.flushBytesMax,
    connectionsMax: store.engine === 'pglite' ? 1 : config.flushConnectionsMax,
    queueRowsMax: config.submitQueueMax,
    queueBytesMax: config.submitQueueBytesMax,
    ...{ giveUpMs, now: time.now, random: time.random, after: time.after },
  });

  return {
    async insert(tasks) {
      const call: Call = { tasks, bytes: callBytes(tasks), reservations: null };
      try {
        const answers = await flush.push(call);
        // Before its lease, if it has one, is handed on, so that it is told of first.
        if (context.events.on) tellSubmitted(context.events, storedTasks(tasks, answers));
        settle(call, answers);
        publish(context, tasks, answers);
        return answers;
      } catch (error) {
        const lost = error instanceof StoreUnavailable;
        for (const reservation of call.reservations ?? [])
          if (lost) reservation?.abandon();
          else reservation?.cancel();
        throw error;
      }
    },
    refuseIfFull: () => flush.refuseIfFull(),
    stop: () => flush.stop(),
  };
}

function callBytes(tasks: readonly NewTask[]): number {
  let bytes = 0;
  for (const { input } of tasks) bytes += taskOverheadBytes + (input?.data.length ?? 0);
  return bytes;
}

/** Gives due tasks a slot each while there are any. */
function offerSlots(calls: readonly Call[], pool: SlotPool, now: number): void {
  const offer = createOffers(pool);
  for (const call of calls)
    call.reservations ??= call.tasks.map((task) => {
      const due = task.startDelayMs === 0 && (task.dueAt === null || task.dueAt <= now);
      return due ? (offer(task) ?? undefined) : undefined;
    });
}

/** Ends every reservation of a call by what became of its task. */
function settle({ reservations }: Call, answers: readonly StoredTask[]): void {
  for (const [index, reservation] of (reservations ?? []).entries()) {
    if (reservation === undefined) continue;
    const answer = answers[index];
    if (answer?.kind === 'STORED' && answer.lease !== null) reservation.fulfil(answer.lease);
    else reservation.cancel();
  }
}

function storedTasks(tasks: readonly NewTask[], answers: readonly StoredTask[]) {
  return tasks.flatMap(({ handlerId }, index) => {
    const answer = answers[index];
    return answer?.kind === 'STORED' ? [{ taskId: answer.id, handlerId, state: answer.state }] : [];
  });
}

/** Tells dispatch of READY rows and of those in lanes, and scheduling of DELAYED ones. */
function publish(
  { wakeups }: RoleContext,
  tasks: readonly NewTask[],
  answers: readonly StoredTask[],
): void {
  const ready = new Set<HandlerId>();
  let newest = true;
  let dueInMs = Number.POSITIVE_INFINITY;
  for (const [index, { handlerId, priority, dueAt }] of tasks.entries()) {
    const answer = answers[index];
    if (answer?.kind !== 'STORED') continue;
    if (isInLine(answer.state)) {
      ready.add(handlerId);
      newest &&= priority <= 0 && dueAt === null;
    }
    if (answer.state === 'DELAYED') dueInMs = Math.min(dueInMs, answer.dueInMs);
  }
  if (ready.size > 0) wakeups.publish('ready', { handlerIds: [...ready], newest });
  if (dueInMs < Number.POSITIVE_INFINITY) wakeups.publish('delayed', { dueInMs });
}
