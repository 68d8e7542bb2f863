/**
 * Tasks of a namespace that match a filter, newest first by id.
 *
 * States are written into the text as numbers, so that the partial indexes that name them can be used.
 */
import { type Kysely, sql } from 'kysely';
import { leastIdAt } from '../../rules/ids.ts';
import { stateCode } from '../../rules/lifecycle.ts';
import { type NamespaceId, type TaskFilter, type TaskState, taskStates } from '../../rules/task.ts';
import { storableJson } from '../engines/codec.ts';
import type { Schema } from '../schema.ts';

/** The query so far: whoever asks adds columns, order and limit. The table is `t`. */
export function filteredTasks(
  kysely: Kysely<Schema>,
  namespaceId: NamespaceId,
  filter: TaskFilter,
) {
  let query = kysely.selectFrom('tasks as t').where('t.namespace_id', '=', namespaceId);
  if (filter.handlerId !== null) query = query.where('t.handler_id', '=', filter.handlerId);
  if (filter.states.length > 0) query = query.where(inStates(filter.states));
  if (Object.keys(filter.labels).length > 0)
    query = query.where(sql<boolean>`t.labels @> ${storableJson(filter.labels)}::jsonb`);
  if (filter.minCreatedAt !== null)
    query = query.where('t.id', '>=', leastIdAt(Math.ceil(filter.minCreatedAt)));
  if (filter.maxCreatedAt !== null)
    query = query.where('t.id', '<', leastIdAt(Math.ceil(filter.maxCreatedAt)));
  return query;
}

/**
 * Filters that together match what this one does, each with an index that leads straight to its newest tasks.
 *
 * With a handler, that is one state at a time: over several, the planner has to choose between sorting all tasks of the
 * handler and walking all tasks by id until it finds enough of them, and is wrong about handlers with no recent tasks.
 */
export function splitFilter(filter: TaskFilter): readonly TaskFilter[] {
  if (filter.handlerId === null) return [filter];
  const states = filter.states.length === 0 ? taskStates : new Set(filter.states);
  return [...states].map((state) => ({ ...filter, states: [state] }));
}

function inStates(states: readonly TaskState[]) {
  const numbers = [...new Set(states.map(stateCode))].sort((a, b) => a - b);
  return sql<boolean>`t.state IN (${sql.join(numbers.map((number) => sql.lit(number)))})`;
}
