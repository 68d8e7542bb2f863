/**
 * WatchTasks: every task once as it stands, then after every change that is noticed, until all are finished.
 *
 * Versions are noted before tasks are read, so that a change in between is told twice rather than not at all. Outages of
 * the database are waited out; the stream shows signs of life meanwhile.
 */
import type { WatchTasksRequest__Output, WatchTasksResponse } from '@muster/proto';
import { isFinished } from '../../rules/lifecycle.ts';
import { callLimits } from '../../rules/limits.ts';
import type { Task, TaskId } from '../../rules/task.ts';
import { StoreUnavailable } from '../../store/errors.ts';
import type { NamespaceRow } from '../../store/store.ts';
import { taskMessage } from '../../wire/messages/task.ts';
import { checkListView } from '../../wire/messages/task-filter.ts';
import { timestampOf } from '../../wire/messages/values.ts';
import { CallRefused } from '../../wire/status.ts';
import { checkTaskIds, createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { openTaskChanges, sleep } from './task-changes.ts';
import { readPages } from './task-pages.ts';

/** Between two answers without tasks, so that a caller can tell silence from death. */
const signOfLifeMs = 10_000;
/** Changes that come close together are told together. */
const gatherMs = 20;
const outageRestMs = 500;
const statesChunk = 2000;

/** Streams tasks as they change. */
export async function* watchTasks(
  context: ApiContext,
  request: WatchTasksRequest__Output,
  caller: Caller,
): AsyncGenerator<WatchTasksResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const ids = checkTaskIds(checks, 'ids', request.ids, callLimits.watchTasksMax);
  const view = checkListView(checks, request.view);
  checks.finish();
  const serverTime = () => timestampOf(context.clock.now());
  const changes = openTaskChanges(context.waiting, namespace.id, ids, {
    endsOnly: false,
    tasks: false,
  });
  const unfinished = new Set(ids);
  let told = false;
  try {
    let changed: readonly TaskId[] = ids;
    while (unfinished.size > 0 && !caller.signal.aborted) {
      const asked = changed.filter((id) => unfinished.has(id));
      try {
        const missing = new Set(asked);
        for (let at = 0; at < asked.length; at += statesChunk)
          changes.noteVersions(
            await context.store.tasks.states(namespace.id, asked.slice(at, at + statesChunk)),
          );
        for await (const tasks of readPages(
          context.store,
          namespace.id,
          asked,
          view,
          callLimits.pageBytesMax,
        )) {
          for (const task of tasks) settle(task, missing, unfinished);
          yield { tasks: messages(tasks, namespace, view), serverTime: serverTime() };
        }
        for (const id of missing) unfinished.delete(id);
        if (missing.size > 0 || !told) yield { missingIds: [...missing], serverTime: serverTime() };
        told = true;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await sleep(outageRestMs, caller.signal);
        yield { serverTime: serverTime() };
        continue;
      }
      if (unfinished.size === 0) break;
      changed = (await changes.next(signOfLifeMs, caller.signal)).map(({ id }) => id);
      if (changed.length === 0) yield { serverTime: serverTime() };
      else await sleep(gatherMs, caller.signal);
    }
    if (unfinished.size > 0)
      throw new CallRefused('STOPPING', 'The coordinator stops. Watch again at another one.', {
        retryDelayMs: 100,
      });
  } finally {
    changes.close();
  }
}

function settle(task: Task, missing: Set<TaskId>, unfinished: Set<TaskId>): void {
  missing.delete(task.id);
  if (isFinished(task.state)) unfinished.delete(task.id);
}

function messages(tasks: readonly Task[], namespace: NamespaceRow, view: 'BASIC' | 'PAYLOADS') {
  return tasks.map((task) => taskMessage(task, namespace.name, view));
}
