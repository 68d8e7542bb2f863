/**
 * Submissions: calls of tasks, each stored wholly or not at all.
 *
 * A flush holds calls of strangers, so it is cut into rounds in which no two calls share an id or an idempotency key;
 * rounds run one after the other, and nearly always there is only one. Calls without keys cost one statement.
 */
import type { NewTask, TaskId } from '../../rules/task.ts';
import type { Database } from '../engines/database.ts';
import type { StoredTask, Submissions } from '../store.ts';
import { ensurePartitionsOf } from '../upkeep/partitions.ts';
import { type AskedTask, InsertRaced, insertTasks } from './insert.ts';
import { insertKeyedTasks } from './keyed-insert.ts';
import { findRetryable, retryTasks } from './retry.ts';

/** A race means that another submission was stored meanwhile; it does not come back. */
const racesMax = 5;

type Call = { readonly index: number; readonly tasks: readonly NewTask[] };

/** Submissions over a database. */
export function createSubmissions(database: Database): Submissions {
  return {
    insert: async (calls, repeated) => {
      const answers: StoredTask[][] = calls.map(() => []);
      for (const round of cutIntoRounds(calls)) {
        const plain = round.filter(({ tasks }) => !tasks.some(hasKey));
        const keyed = round.filter(({ tasks }) => tasks.some(hasKey));
        if (plain.length > 0) await storeRound(database, plain, repeated, false, answers);
        if (keyed.length > 0) await storeRound(database, keyed, repeated, true, answers);
      }
      return answers;
    },
    retry: (namespaceId, ids, newIds) => retryTasks(database, namespaceId, ids, newIds),
    retryable: (query) => findRetryable(database, query),
  };
}

function hasKey(task: NewTask): boolean {
  return task.idempotency !== null;
}

function keyOf({ namespaceId, handlerId, idempotency }: NewTask): string | null {
  return idempotency === null ? null : `${namespaceId} ${handlerId} ${idempotency.key}`;
}

/** Later calls that share an id or key with an earlier one must see what became of it. */
function cutIntoRounds(calls: readonly (readonly NewTask[])[]): readonly (readonly Call[])[] {
  const rounds: { readonly calls: Call[]; readonly names: Set<string> }[] = [];
  for (const [index, tasks] of calls.entries()) {
    const names = tasks.flatMap((task) => [task.id, keyOf(task)].filter((name) => name !== null));
    // After the last round that it shares a name with; order between strangers does not matter.
    const last = rounds.findLastIndex((round) => names.some((name) => round.names.has(name)));
    const round = rounds[last + 1] ?? { calls: [], names: new Set<string>() };
    if (last + 1 === rounds.length) rounds.push(round);
    round.calls.push({ index, tasks });
    for (const name of names) round.names.add(name);
  }
  return rounds.map((round) => round.calls);
}

async function storeRound(
  database: Database,
  round: readonly Call[],
  repeated: boolean,
  keyed: boolean,
  answers: StoredTask[][],
): Promise<void> {
  const prepared = round.map(prepare);
  const asked = prepared.flatMap(({ asked: items }) => items);
  const stored = await untilNoRace(database, asked, () =>
    keyed
      ? database.transaction((connection) => insertKeyedTasks(connection, asked, repeated))
      : insertTasks(database, asked, repeated),
  );
  for (const call of prepared) answers[call.index] = answersOf(call, stored);
}

type PreparedCall = Call & {
  /** Tasks to store: each id and each key once. */
  readonly asked: readonly AskedTask[];
  /** A second task with an id or key of an earlier one of the same call: the id of that one. */
  readonly repeats: ReadonlyMap<NewTask, TaskId>;
  /** Two tasks of the call have one id and different contents. */
  readonly reusedId: TaskId | null;
};

function prepare({ index, tasks }: Call): PreparedCall {
  const byId = new Map<TaskId, NewTask>();
  const byKey = new Map<string, TaskId>();
  const repeats = new Map<NewTask, TaskId>();
  const asked: AskedTask[] = [];
  for (const task of tasks) {
    const first = byId.get(task.id);
    if (first && !first.contentHash.equals(task.contentHash))
      return { index, tasks, asked: [], repeats, reusedId: task.id };
    const key = keyOf(task);
    const earlier = first?.id ?? (key === null ? undefined : byKey.get(key));
    if (earlier !== undefined) {
      repeats.set(task, earlier);
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
  return call.tasks.map((task) => {
    const first = call.repeats.get(task);
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
  work: () => Promise<Result>,
): Promise<Result> {
  for (let races = 0; ; races += 1) {
    try {
      return await work();
    } catch (error) {
      const isRace = error instanceof InsertRaced && races < racesMax;
      if (!isRace && !(await madePartition(database, asked, error))) throw error;
    }
  }
}

async function madePartition(
  database: Database,
  asked: readonly AskedTask[],
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof Error && 'code' in error && error.code === noPartitionCode)) return false;
  const made = await ensurePartitionsOf(
    database,
    asked.map(({ task }) => task.id),
  );
  return made > 0;
}
