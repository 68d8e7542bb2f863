/**
 * Tasks read by their ids, those of many readers in one statement.
 *
 * Every result that somebody waits for comes this way. Planned anew for each reader it took three times as long; and no
 * more than two reads are under way at a time, so that readers never take the connections that flushes and signs of life
 * need.
 */
import type { NamespaceId, Task, TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { createFlush } from '../flush.ts';
import { besideTask, payloadColumns, type TaskRow, taskColumns, taskOf } from './task-rows.ts';

const readSql = (name: string, columns: string) =>
  statement(
    name,
    `SELECT ${columns} FROM unnest($2::uuid[]) AS a(id) JOIN tasks t ON t.id = a.id AND t.namespace_id = $1::int4 ${besideTask}`,
  );
const plainSql = readSql('tasks_read', taskColumns);
const wholeSql = readSql('tasks_read_payloads', `${taskColumns}, ${payloadColumns}`);

/** One reader's ids. */
type Asked = {
  readonly namespaceId: NamespaceId;
  readonly ids: readonly TaskId[];
  readonly payloads: boolean;
};

/** Reads tasks by id, in any order; those that are missing are left out. */
export type ReadTasks = (asked: Asked) => Promise<readonly Task[]>;

/** Ids of readers that are read together; one reader with more is read alone. */
const idsMax = 100;
const readsMax = 2;
const waitingIdsMax = 1_000_000;

/** Makes the reader. */
export function createReadTasks(database: Database): ReadTasks {
  const reads = createFlush<Asked, readonly Task[]>({
    write: (asked) => readTogether(database, asked),
    rowsOf: ({ ids }) => ids.length,
    bytesOf: () => 0,
    rowsMax: idsMax,
    bytesMax: 1,
    connectionsMax: readsMax,
    queueRowsMax: waitingIdsMax,
    queueBytesMax: 1,
  });
  return async (asked) => (asked.ids.length === 0 ? [] : reads.push(asked));
}

async function readTogether(
  database: Database,
  asked: readonly Asked[],
): Promise<readonly (readonly Task[])[]> {
  const groups = new Map<string, { readonly of: Asked; readonly ids: Set<TaskId> }>();
  for (const each of asked) {
    const group = groups.get(nameOf(each)) ?? { of: each, ids: new Set() };
    groups.set(nameOf(each), group);
    for (const id of each.ids) group.ids.add(id);
  }
  const found = new Map<string, ReadonlyMap<string, Task>>();
  for (const [name, { of, ids }] of groups) {
    const sql = of.payloads ? wholeSql : plainSql;
    const rows = await database.run<TaskRow>(sql, [of.namespaceId, uuids([...ids])]);
    found.set(name, new Map(rows.map((row) => [row.id, taskOf(row, of.payloads)])));
  }
  return asked.map((each) => {
    const tasks = found.get(nameOf(each));
    return [...new Set(each.ids)].flatMap((id) => tasks?.get(id) ?? []);
  });
}

function nameOf({ namespaceId, payloads }: Asked): string {
  return `${namespaceId} ${payloads}`;
}
