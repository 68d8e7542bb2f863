/**
 * RetryTasks: finished tasks again, as new tasks; at most one each, ever.
 */
import type { RetryTasksRequest__Output, RetryTasksResponse } from '@muster/proto';
import { callLimits } from '../../rules/limits.ts';
import type { NamespaceId, TaskId } from '../../rules/task.ts';
import type { RetriedTask } from '../../store/store.ts';
import { tellSubmitted } from '../../wakeups/events/events.ts';
import { createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { checkChoice } from './cancel-tasks.ts';
import { resolveFilter } from './read-tasks.ts';

/** Retries tasks by ids or by filter. */
export async function retryTasks(
  context: ApiContext,
  request: RetryTasksRequest__Output,
  caller: Caller,
): Promise<RetryTasksResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const chosen = checkChoice(checks, request, callLimits.retryTasksMax);
  checks.finish();
  if (chosen.ids !== null) return answer(await retry(context, namespace.id, chosen.ids), false);
  const filter = resolveFilter(context, namespace.id, chosen.filter);
  if (filter === null) return {};
  const { ids, more } = await context.store.submissions.retryable({
    namespaceId: namespace.id,
    filter,
    limit: callLimits.retryTasksMax,
  });
  return answer(await retry(context, namespace.id, ids), more);
}

async function retry(
  context: ApiContext,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
): Promise<readonly RetriedTask[]> {
  if (ids.length === 0) return [];
  const newIds = ids.map(() => context.newTaskId());
  const results = await context.store.submissions.retry(namespaceId, ids, newIds);
  const stored = results.flatMap((result) =>
    result.kind === 'RETRIED' && !result.duplicate
      ? [{ taskId: result.retryId, handlerId: result.handlerId, state: 'READY' as const }]
      : [],
  );
  const handlerIds = new Set(stored.map(({ handlerId }) => handlerId));
  if (handlerIds.size > 0) context.wakeups.publish('ready', { handlerIds: [...handlerIds] });
  tellSubmitted(context.events, stored);
  return results;
}

function answer(results: readonly RetriedTask[], more: boolean): RetryTasksResponse {
  const idsOf = (kind: 'UNFINISHED' | 'MISSING') =>
    results.filter((result) => result.kind === kind).map(({ id }) => id);
  return {
    retriedTasks: results.flatMap((result) =>
      result.kind === 'RETRIED'
        ? [{ id: result.id, retryId: result.retryId, duplicate: result.duplicate }]
        : [],
    ),
    unfinishedIds: idsOf('UNFINISHED'),
    missingIds: idsOf('MISSING'),
    more,
  };
}
