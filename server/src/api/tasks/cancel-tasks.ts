/**
 * CancelTasks: what does not run ends at once; what runs is asked to stop, by a wakeup and by its row.
 */
import type { CancelTasksRequest__Output, CancelTasksResponse } from '@muster/proto';
import { callLimits, reportLimits } from '../../rules/limits.ts';
import type { CancelResult } from '../../store/store.ts';
import { tellUnstarted } from '../../wakeups/events/events.ts';
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
  publish(context, result, reason);
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

function publish(context: ApiContext, result: CancelResult, reason: string): void {
  const { wakeups, events } = context;
  if (result.cancelled.length > 0)
    wakeups.publish('moved', {
      tasks: result.cancelled.map((taskId) => ({ taskId, finished: true })),
    });
  if (events.on) tellUnstarted(events, 'CANCELLED', cancelledTasks(result));
  if (result.requested.length === 0) return;
  wakeups.publish('cancel', {
    orders: result.requested.map((lease) => ({ ...lease, cause: 'REQUESTED', reason })),
  });
  wakeups.publish('moved', {
    tasks: result.requested.map(({ taskId }) => ({ taskId, finished: false })),
  });
}

function cancelledTasks({ cancelled, cancelledHandlerIds }: CancelResult) {
  return cancelled.flatMap((taskId, index) => {
    const handlerId = cancelledHandlerIds[index];
    return handlerId === undefined ? [] : [{ taskId, handlerId }];
  });
}
