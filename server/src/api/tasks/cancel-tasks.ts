/**
 * CancelTasks: what does not run ends at once; what runs is asked to stop, by a wakeup and by its row.
 */
import type { CancelTasksRequest__Output, CancelTasksResponse } from '@muster/proto';
import { callLimits, reportLimits } from '../../rules/limits.ts';
import { tellCancelled } from '../../wakeups/tell-cancelled.ts';
import { checkTaskFilter, isEmptyFilter } from '../../wire/messages/task-filter.ts';
import { type Checks, checkTaskIds, checkText, createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { resolveFilter } from './read-tasks.ts';

/** Cancels tasks by ids or by filter. */
export async function cancelTasks(
  context: ApiContext,
  request: CancelTasksRequest__Output,
  caller: Caller,
): Promise<CancelTasksResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const { cancelTasksMax } = callLimits;
  const chosen = checkChoice(checks, request, cancelTasksMax);
  const reason = checkText(checks, 'reason', request.reason, reportLimits.reasonMaxBytes);
  checks.finish();
  const filter = chosen.ids === null ? resolveFilter(context, namespace.id, chosen.filter) : null;
  if (chosen.ids === null && filter === null) return {};
  const which = chosen.ids === null ? { filter: filter ?? neverAsked() } : { ids: chosen.ids };
  const result = await context.store.tasks.cancel(namespace.id, which, reason, cancelTasksMax);
  tellCancelled(context, result, reason);
  return {
    cancelledIds: [...result.cancelled],
    requestedIds: result.requested.map(({ taskId }) => taskId),
    finishedIds: [...result.finished],
    missingIds: [...result.missing],
    more: result.more,
  };
}

function neverAsked(): never {
  throw new Error('A call without ids and without a filter passed its checks.');
}

/** Either ids or a filter with at least one condition; both calls that change many tasks ask for them. */
export function checkChoice(
  checks: Checks,
  request: Pick<CancelTasksRequest__Output, 'ids' | 'filter'>,
  idsMax: number,
) {
  const filter = checkTaskFilter(checks, request.filter);
  if (request.filter === null)
    return { ids: checkTaskIds(checks, 'ids', request.ids, idsMax), filter };
  if (request.ids.length > 0) checks.fail('filter', 'is given together with ids; give one of them');
  if (isEmptyFilter(filter))
    checks.fail(
      'filter',
      'has no condition; give at least one, so that not everything is meant by mistake',
    );
  return { ids: null, filter };
}
