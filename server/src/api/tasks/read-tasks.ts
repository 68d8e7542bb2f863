/**
 * GetTask and ListTasks.
 */
import type {
  GetTaskRequest__Output,
  GetTaskResponse,
  ListTasksRequest__Output,
  ListTasksResponse,
} from '@muster/proto';
import { callLimits } from '../../rules/limits.ts';
import type { NamespaceId, TaskFilter, TaskId } from '../../rules/task.ts';
import { taskMessage } from '../../wire/messages/task.ts';
import {
  checkListView,
  checkTaskFilter,
  type NamedFilter,
  viewOf,
} from '../../wire/messages/task-filter.ts';
import { readIdToken, writePageToken } from '../../wire/page-token.ts';
import { CallRefused } from '../../wire/status.ts';
import { checkTaskId, createChecks } from '../../wire/validation.ts';
import { type ApiContext, checkPageSize, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { fitPage, taskBytes } from '../page-bytes.ts';

/** Reads one task. */
export async function getTask(
  context: ApiContext,
  request: GetTaskRequest__Output,
  caller: Caller,
): Promise<GetTaskResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const id = checkTaskId(checks, 'id', request.id);
  checks.finish();
  const view = viewOf(request.view);
  const task = await context.store.tasks.get(namespace.id, id, view);
  if (task === null) throw taskNotFound(id, namespace.name);
  return { task: taskMessage(task, namespace.name, view) };
}

/** The refusal of an unknown task. */
export function taskNotFound(id: TaskId, namespace: string): CallRefused {
  return new CallRefused(
    'TASK_NOT_FOUND',
    `There is no task ${id} in namespace "${namespace}". Finished tasks are removed after the retention window.`,
    { metadata: { id } },
  );
}

/** Lists tasks, newest first. */
export async function listTasks(
  context: ApiContext,
  request: ListTasksRequest__Output,
  caller: Caller,
): Promise<ListTasksResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const named = checkTaskFilter(checks, request.filter);
  const view = checkListView(checks, request.view);
  const limit = checkPageSize(checks, request.pageSize, callLimits.pageSizeDefault);
  checks.finish();
  const query = ['tasks', namespace.id, sortedFilter(named), view];
  const cursor = readIdToken(query, request.pageToken);
  const filter = resolveFilter(context, namespace.id, named);
  if (filter === null) return { tasks: [] };
  const { tasks, more } = await context.store.tasks.list({
    namespaceId: namespace.id,
    filter,
    before: cursor as TaskId | null,
    limit,
    bytesMax: callLimits.pageBytesMax,
    view,
  });
  const page = fitPage(tasks, taskBytes);
  const last = page.at(-1);
  const isLast = !more && page.length === tasks.length;
  return {
    tasks: page.map((task) => taskMessage(task, namespace.name, view)),
    nextPageToken: isLast || last === undefined ? '' : writePageToken(query, last.id),
  };
}

/** The filter by the number of its handler; null if its handler is unknown, so that nothing can match. */
export function resolveFilter(
  context: ApiContext,
  namespaceId: NamespaceId,
  { handler, ...rest }: NamedFilter,
): TaskFilter | null {
  if (handler === '') return { ...rest, handlerId: null };
  const row = context.dictionaries.handlerNamed(namespaceId, handler);
  return row === null ? null : { ...rest, handlerId: row.id };
}

/** The same conditions give the same hash, in whatever order labels were sent. */
function sortedFilter(filter: NamedFilter) {
  return { ...filter, labels: Object.entries(filter.labels).sort(([a], [b]) => (a < b ? -1 : 1)) };
}
