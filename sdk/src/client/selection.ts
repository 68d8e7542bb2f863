// Reading, cancelling and retrying many tasks, by ids or by filter, in as many calls as it takes.

import type { TaskFilter as WireFilter } from '@muster/proto';
import type {
  CancelSummary,
  ListOptions,
  RetrySummary,
  TaskFilter,
  TaskSelection,
} from '../client.ts';
import { checkNumber, checkOptionKeys, invalidOption } from '../options.ts';
import type { Task } from '../task.ts';
import { readTask, viewToWire } from '../wire/task.ts';
import { dateToWire } from '../wire/timestamp.ts';
import type { ClientCore } from './core.ts';
import { checkTaskId } from './task-handle.ts';

const cancelIdsMax = 10_000;
const retryIdsMax = 1_000;
const filterKeys: readonly (keyof TaskFilter)[] = ['handler', 'states', 'labels', 'since', 'until'];

/** The contract's form of a filter. */
export function filterToWire(what: string, filter: TaskFilter): WireFilter {
  checkOptionKeys(what, filter, filterKeys);
  return {
    handler: filter.handler ?? '',
    states: (filter.states ?? []).map((state) => `TASK_STATE_${state}` as const),
    labels: { ...filter.labels },
    minCreateTime: filter.since ? dateToWire(filter.since) : null,
    maxCreateTime: filter.until ? dateToWire(filter.until) : null,
  };
}

/** Tasks, newest first, page by page as they are needed. */
export async function* listTasks(core: ClientCore, options: ListOptions): AsyncGenerator<Task> {
  const { view = 'basic', pageSize, limit = Number.POSITIVE_INFINITY, ...rest } = options;
  checkNumber('list', 'pageSize', pageSize, { min: 1, max: 1_000 });
  if (view !== 'basic' && view !== 'payloads') {
    throw invalidOption('list', 'view', view, '"basic" or "payloads"; get() gives "full"');
  }
  const filter = filterToWire('list', rest);
  let left = limit;
  let pageToken = '';
  do {
    if (left <= 0) return;
    const page = await core.services.tasks.listTasks({
      namespace: core.namespace,
      filter,
      pageSize: Math.min(pageSize ?? 50, left),
      pageToken,
      view: viewToWire[view],
    });
    for (const task of page.tasks) {
      if (left <= 0) return;
      left -= 1;
      yield readTask(task, core.coder);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

/** Asks for the end of tasks, however many. */
export async function cancelTasks(
  core: ClientCore,
  selection: TaskSelection,
  reason = '',
): Promise<CancelSummary> {
  const { namespace, services } = core;
  const cancelled: string[] = [];
  const requested = new Set<string>();
  const finished: string[] = [];
  const missing: string[] = [];
  for (const part of partsOf('cancel', selection, cancelIdsMax)) {
    let more = true;
    while (more) {
      const response = await services.tasks.cancelTasks({ namespace, ...part, reason });
      cancelled.push(...response.cancelledIds);
      const before = requested.size;
      for (const id of response.requestedIds) requested.add(id);
      finished.push(...response.finishedIds);
      missing.push(...response.missingIds);
      // Running tasks match until they end: an answer without anything new would only come again.
      more = response.more && (response.cancelledIds.length > 0 || requested.size > before);
    }
  }
  return { cancelled, requested: [...requested], finished, missing };
}

/** Submits finished tasks again, however many. */
export async function retryTasks(
  core: ClientCore,
  selection: TaskSelection,
): Promise<RetrySummary> {
  const { namespace, services } = core;
  const retried: { id: string; retryId: string; duplicate: boolean }[] = [];
  const unfinished: string[] = [];
  const missing: string[] = [];
  for (const part of partsOf('retry', selection, retryIdsMax)) {
    let more = true;
    while (more) {
      const response = await services.tasks.retryTasks({ namespace, ...part });
      retried.push(...response.retriedTasks);
      unfinished.push(...response.unfinishedIds);
      missing.push(...response.missingIds);
      more = response.more && response.retriedTasks.length > 0;
    }
  }
  return { retried, unfinished, missing };
}

/** The requests that a selection takes: one for a filter, as many as needed for ids. */
function partsOf(
  what: string,
  selection: TaskSelection,
  idsMax: number,
): ({ ids: string[] } | { filter: WireFilter })[] {
  checkOptionKeys(what, selection, ['ids', 'filter']);
  if ('filter' in selection) return [{ filter: filterToWire(what, selection.filter) }];
  const ids = [...new Set(selection.ids.map((id) => checkTaskId(id)))];
  const parts: { ids: string[] }[] = [];
  for (let at = 0; at < ids.length; at += idsMax) parts.push({ ids: ids.slice(at, at + idsMax) });
  return parts;
}
