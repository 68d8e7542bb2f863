/**
 * WaitTasks: register, read, then listen, until enough tasks are finished or the time is over.
 *
 * Outages of the database are waited out while there is time: what the caller asks for is patience.
 */
import type { WaitTasksRequest__Output, WaitTasksResponse } from '@muster/proto';
import { isFinished } from '../../rules/lifecycle.ts';
import { callLimits } from '../../rules/limits.ts';
import type { NamespaceId, Task, TaskId } from '../../rules/task.ts';
import { StoreUnavailable } from '../../store/errors.ts';
import { taskMessage } from '../../wire/messages/task.ts';
import { checkListView } from '../../wire/messages/task-filter.ts';
import { CallRefused } from '../../wire/status.ts';
import { checkDuration, checkTaskIds, createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { fitPage, taskBytes } from '../page-bytes.ts';
import { type Change, openTaskChanges, sleep, type TaskChanges } from './task-changes.ts';
import { readPages } from './task-pages.ts';

type View = 'BASIC' | 'PAYLOADS';

/** What is known of the waited-for tasks. */
type Known = {
  readonly pending: Set<TaskId>;
  readonly finished: Set<TaskId>;
  readonly missing: Set<TaskId>;
  /** Finished ones that were told whole. */
  readonly told: Map<TaskId, Task>;
};

const outageRestMs = 500;

/** Waits until tasks are finished, or for the wait timeout. */
export async function waitTasks(
  context: ApiContext,
  request: WaitTasksRequest__Output,
  caller: Caller,
): Promise<WaitTasksResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const { ids, view, timeoutMs } = checkWait(request);
  const endsAt = performance.now() + timeoutMs;
  // Whoever waits for all would have to keep those that end early.
  const isSoonOver = request.mode === 'WAIT_MODE_ANY' || ids.length === 1;
  const wanted = { endsOnly: true, tasks: isSoonOver && view === 'PAYLOADS' };
  const changes = openTaskChanges(context.waiting, namespace.id, ids, wanted);
  try {
    const known = await surviveOutages(endsAt, caller, () =>
      readStates(context, namespace.id, ids, changes),
    );
    const enough = () =>
      known.pending.size === 0 || (request.mode === 'WAIT_MODE_ANY' && known.finished.size > 0);
    while (!enough()) {
      const restMs = endsAt - performance.now();
      if (restMs <= 0 || caller.signal.aborted) break;
      const changed = await changes.next(restMs, caller.signal);
      if (changed.length > 0)
        await surviveOutages(endsAt, caller, () =>
          updateStates(context, namespace.id, changed, known),
        );
    }
    if (caller.signal.aborted)
      throw new CallRefused('STOPPING', 'The coordinator stops. Ask again at another one.', {
        retryDelayMs: 100,
      });
    const order = ids.filter((id) => known.finished.has(id));
    const tasks = await surviveOutages(endsAt, caller, () =>
      readFinished(context, namespace.id, order, view, known.told),
    );
    return answer(ids, known, tasks, namespace.name, view);
  } finally {
    changes.close();
  }
}

function checkWait(request: WaitTasksRequest__Output) {
  const checks = createChecks();
  const ids = checkTaskIds(checks, 'ids', request.ids, callLimits.waitTasksMax);
  const view = checkListView(checks, request.view);
  const { waitTimeoutMaxMs, waitTimeoutDefaultMs } = callLimits;
  const timeoutMs =
    checkDuration(checks, 'wait_timeout', request.waitTimeout, 0, waitTimeoutMaxMs) ??
    waitTimeoutDefaultMs;
  checks.finish();
  return { ids, view, timeoutMs };
}

/** Reads what agents of this coordinator do not hold at this moment; of those, wakeups will tell. */
async function readStates(
  context: ApiContext,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
  changes: TaskChanges,
): Promise<Known> {
  const known: Known = {
    ...{ pending: new Set(ids), finished: new Set(), missing: new Set(), told: new Map() },
  };
  const held = context.pool.holding(namespaceId, ids);
  const asked = held.size === 0 ? ids : ids.filter((id) => !held.has(id));
  if (asked.length === 0) return known;
  const states = await context.store.tasks.states(namespaceId, asked);
  changes.noteVersions(states);
  sortStates(asked, states, known);
  return known;
}

/** An end that was announced has been committed and has no way back: its row is read once, for the answer. */
async function updateStates(
  context: ApiContext,
  namespaceId: NamespaceId,
  changed: readonly Change[],
  known: Known,
): Promise<void> {
  const asked: TaskId[] = [];
  for (const { id, finished, task } of changed) {
    if (task !== null) known.told.set(id, task);
    if (finished && known.pending.delete(id)) known.finished.add(id);
    else if (known.pending.has(id)) asked.push(id);
  }
  if (asked.length > 0)
    sortStates(asked, await context.store.tasks.states(namespaceId, asked), known);
}

function sortStates(
  asked: readonly TaskId[],
  states: Awaited<ReturnType<ApiContext['store']['tasks']['states']>>,
  known: Known,
): void {
  for (const id of asked) {
    const state = states.get(id)?.state;
    if (state === undefined) known.missing.add(id);
    else if (isFinished(state)) known.finished.add(id);
    else continue;
    known.pending.delete(id);
  }
}

/** One page of finished tasks; what does not fit is asked for again. Nothing is read if all were told. */
async function readFinished(
  context: ApiContext,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
  view: View,
  told: ReadonlyMap<TaskId, Task>,
): Promise<readonly Task[]> {
  const tasks = ids.flatMap((id) => told.get(id) ?? []);
  if (tasks.length === ids.length) return fitPage(tasks, taskBytes);
  for await (const page of readPages(
    context.store,
    namespaceId,
    ids,
    view,
    callLimits.pageBytesMax,
  ))
    return page;
  return [];
}

function answer(
  ids: readonly TaskId[],
  known: Known,
  tasks: readonly Task[],
  namespace: string,
  view: View,
): WaitTasksResponse {
  const answered = new Set(tasks.map(({ id }) => id));
  return {
    tasks: tasks.map((task) => taskMessage(task, namespace, view)),
    pendingIds: ids.filter((id) => !answered.has(id) && !known.missing.has(id)),
    missingIds: [...known.missing],
  };
}

/** Repeats a read while the database cannot be reached and there is time. */
async function surviveOutages<Result>(
  endsAt: number,
  caller: Caller,
  read: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const over = caller.signal.aborted || performance.now() + outageRestMs > endsAt;
      if (!(error instanceof StoreUnavailable) || over) throw error;
    }
    await sleep(outageRestMs, caller.signal);
  }
}
