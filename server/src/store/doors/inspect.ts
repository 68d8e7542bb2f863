/**
 * What people ask to understand why things are as they are.
 *
 * Part of the door in `store.ts`, which says what holds of every method.
 */
import type { TaskFacts } from '../../rules/inspect/obstacles.ts';
import type { NamespaceId, TaskId } from '../../rules/task.ts';

/** Reads for explanations. */
export type Inspect = {
  /** Everything that decides whether a task is handed over; null: there is no such task. */
  explain(namespaceId: NamespaceId, id: TaskId): Promise<TaskFacts | null>;
};
