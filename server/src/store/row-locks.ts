/**
 * How statements that lock or change tasks find them by id.
 *
 * PostgreSQL 18 (18.4 tried) crashes, and takes every connection with it, when such a statement prunes partitions row by
 * row and meets a row that another transaction has just changed: checking that row again overwrites the state of the
 * pruning, which the next row then reads. So the id is compared with an array of one, by which an index can be searched
 * and partitions cannot be pruned; and the bounds of all ids of the statement prune once, before it starts. The bounds
 * are an OR, because the planner would else walk an index from one bound to the other.
 */

/** SQL: the task `t` of a row of a MATERIALIZED CTE that has `keyColumn`. */
export function byKey(row: string): string {
  return `t.id = ANY(${row}.key)`;
}

/** SQL: the column of a CTE by which `byKey` finds a task. */
export function keyColumn(id: string): string {
  return `ARRAY[${id}] AS key`;
}

/** SQL: the task `t` lies within these bounds; two parameters, from `boundsOf`. */
export function within(from: string, to: string): string {
  return `(t.id BETWEEN ${from}::uuid AND ${to}::uuid OR t.id = ${from}::uuid)`;
}

/** Least and greatest of sorted ids, for `within`. */
export function boundsOf(sortedIds: readonly string[]): readonly [string, string] {
  const none = '00000000-0000-0000-0000-000000000000';
  return [sortedIds[0] ?? none, sortedIds.at(-1) ?? none];
}
