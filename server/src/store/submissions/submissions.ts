/**
 * Submissions: calls of tasks, each stored wholly or not at all.
 *
 * A flush holds calls of strangers, so it is cut into rounds in which no two calls share an id or an idempotency key;
 * rounds run one after the other, and nearly always there is only one. One round without keys is one statement; anything
 * else is one transaction, so that a flush that is refused has written nothing.
 */
import type { NewTask, TaskId } from '../../rules/task.ts';
import type { Connection, Database } from '../engines/database.ts';
import { StoreRefused } from '../errors.ts';
import type { StoredTask, Submissions } from '../store.ts';
import { ensurePartitionsOf } from '../upkeep/partitions.ts';
import { insertFresh } from './fresh.ts';
import { type AskedTask, type InsertMode, insertTasks } from './insert.ts';
import { InsertRaced } from './insert-rows.ts';
import { insertKeyedTasks } from './keyed-insert.ts';
import { findRetryable, retryTasks } from './retry.ts';

/** A race means that another submission was stored meanwhile; it does not come back. */
const racesMax = 5;
/** Ids that are stored already come in series, as from a sender that repeats itself: so many flushes then look first. */
const wariness = 100;

type Call = { readonly index: number; readonly tasks: readonly NewTask[] };

/** Submissions over a database. */
export function createSubmissions(database: Database): Submissions {
  let wary = 0;
  return {
    insert: async (calls, repeated) => {
      if (!repeated && wary === 0) {
        const stored = await tryFresh(database, calls);
        if (stored !== 'raced' && stored !== null) return stored;
        if (stored === 'raced') wary = wariness;
      }
      const rounds = cutIntoRounds(calls);
      const asked = rounds.flatMap(({ asked: items }) => items);
      const isPlain = rounds.length === 1 && !asked.some(({ task }) => hasKey(task));
      const looksFirst = repeated || wary > 0;
      wary = Math.max(0, wary - 1);
      const stored = await untilNoRace(database, asked, (races) => {
        if (races > 0) wary = wariness;
        const mode = { repeated, looksFirst: looksFirst || races > 0 };
        const store = (connection: Connection) => storeRounds(connection, rounds, mode);
        return isPlain ? store(database) : database.transaction(store);
      });
      const answers = new Map(stored.map(({ index, answer }) => [index, answer]));
      return calls.map((_, index) => answers.get(index) ?? []);
    },
    retry: (namespaceId, ids, newIds) => retryTasks(database, namespaceId, ids, newIds),
    retryable: (query) => findRetryable(database, query),
  };
}

/** Null or 'raced': the flush has to be looked at more closely, and nothing of it was written. */
async function tryFresh(
  database: Database,
  calls: readonly (readonly NewTask[])[],
): Promise<readonly (readonly StoredTask[])[] | 'raced' | null> {
  try {
    return await insertFresh(database, calls);
  } catch (error) {
    if (error instanceof InsertRaced) return 'raced';
    if (isPartitionMissing(error)) return null;
    throw error;
  }
}

function hasKey(task: NewTask): boolean {
  return task.idempotency !== null;
}

function keyOf({ namespaceId, handlerId, idempotency }: NewTask): string | null {
  return idempotency === null ? null : `${namespaceId} ${handlerId} ${idempotency.key}`;
}

type Round = { readonly calls: readonly PreparedCall[]; readonly asked: readonly AskedTask[] };

/** Later calls that share an id or key with an earlier one must see what became of it. */
function cutIntoRounds(calls: readonly (readonly NewTask[])[]): readonly Round[] {
  const rounds: { readonly calls: PreparedCall[]; readonly names: Set<string> }[] = [];
  for (const [index, tasks] of calls.entries()) {
    const names = tasks.flatMap((task) => [task.id, keyOf(task)].filter((name) => name !== null));
    // After the last round that it shares a name with; order between strangers does not matter.
    const last = rounds.findLastIndex((round) => names.some((name) => round.names.has(name)));
    const round = rounds[last + 1] ?? { calls: [], names: new Set<string>() };
    if (last + 1 === rounds.length) rounds.push(round);
    round.calls.push(prepare({ index, tasks }));
    for (const name of names) round.names.add(name);
  }
  return rounds.map((round) => ({
    calls: round.calls,
    asked: round.calls.flatMap(({ asked }) => asked),
  }));
}

async function storeRounds(
  connection: Connection,
  rounds: readonly Round[],
  mode: InsertMode,
): Promise<readonly { readonly index: number; readonly answer: StoredTask[] }[]> {
  const answers: { index: number; answer: StoredTask[] }[] = [];
  for (const [index, { calls, asked }] of rounds.entries()) {
    // A later round shares ids or keys with an earlier one.
    const looksFirst = mode.looksFirst || index > 0;
    const insert = asked.some(({ task }) => hasKey(task)) ? insertKeyedTasks : insertTasks;
    const stored =
      asked.length === 0 ? new Map() : await insert(connection, asked, { ...mode, looksFirst });
    for (const call of calls) answers.push({ index: call.index, answer: answersOf(call, stored) });
  }
  return answers;
}

type PreparedCall = Call & {
  /** Tasks to store: each id and each key once. */
  readonly asked: readonly AskedTask[];
  /** Places in the call of tasks with an id or key of an earlier one, with the id of that one. */
  readonly repeats: ReadonlyMap<number, TaskId>;
  /** Two tasks of the call have one id and different contents. */
  readonly reusedId: TaskId | null;
};

function prepare({ index, tasks }: Call): PreparedCall {
  const byId = new Map<TaskId, NewTask>();
  const byKey = new Map<string, TaskId>();
  const repeats = new Map<number, TaskId>();
  const asked: AskedTask[] = [];
  for (const [at, task] of tasks.entries()) {
    const first = byId.get(task.id);
    if (first && !first.contentHash.equals(task.contentHash))
      return { index, tasks, asked: [], repeats, reusedId: task.id };
    const key = keyOf(task);
    const earlier = first?.id ?? (key === null ? undefined : byKey.get(key));
    if (earlier !== undefined) {
      repeats.set(at, earlier);
      continue;
    }
    byId.set(task.id, task);
    if (key !== null) byKey.set(key, task.id);
    asked.push({ call: index, task });
  }
  return { index, tasks, asked, repeats, reusedId: null };
}

function answersOf(call: PreparedCall, stored: ReadonlyMap<TaskId, StoredTask>): StoredTask[] {
  const { reusedId } = call;
  if (reusedId !== null) return call.tasks.map(() => ({ kind: 'ID_REUSED', id: reusedId }));
  return call.tasks.map((task, at) => {
    const first = call.repeats.get(at);
    const answer = stored.get(first ?? task.id);
    if (answer === undefined) throw new Error(`No answer for task ${task.id}.`);
    return first !== undefined && answer.kind === 'STORED'
      ? { kind: 'DUPLICATE', id: answer.id }
      : answer;
  });
}

/** SQLSTATE of a row that no partition takes; also of CHECK constraints, of which there are none. */
const noPartitionCode = '23514';

async function untilNoRace<Result>(
  database: Database,
  asked: readonly AskedTask[],
  work: (races: number) => Promise<Result>,
): Promise<Result> {
  for (let races = 0; ; ) {
    try {
      return await work(races);
    } catch (error) {
      if (isPartitionMissing(error)) await makePartitions(database, asked, error);
      else if (!(error instanceof InsertRaced) || races >= racesMax) throw error;
      else races += 1;
    }
  }
}

function isPartitionMissing(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === noPartitionCode;
}

/** Makes the partitions that are near; an id whose day is far is a value that the database refuses. */
async function makePartitions(
  database: Database,
  asked: readonly AskedTask[],
  error: Error,
): Promise<void> {
  const ids = asked.map(({ task }) => task.id);
  if ((await ensurePartitionsOf(database, ids)) === 0)
    throw new StoreRefused(noPartitionCode, `No partition takes the id: ${error.message}`, error);
}
