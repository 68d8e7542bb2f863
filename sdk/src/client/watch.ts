// Watching tasks: the stream of the contract, begun again for the unfinished ones whenever it
// breaks, here or at another coordinator. What has not changed since is not reported twice.

import type { Task__Output, WatchTasksResponse__Output } from '@muster/proto';
import { MusterError } from '../errors.ts';
import { isFinished } from '../task.ts';
import { aborted, retryWaitMs, type Time } from '../wire/calls.ts';
import type { Services } from '../wire/services.ts';
import { errorOfCall, isWorthRetrying } from '../wire/status.ts';
import { readState, taskMissing } from '../wire/task.ts';

/** Ids of one stream: what the contract allows. */
const streamIdsMax = 10_000;

/** A stream is given up as dead after so long without any answer; an idle one is only begun again. */
const silenceMs = 60_000;

/** What a watch needs. */
export interface WatchSettings {
  readonly services: Services;
  readonly namespace: string;
  readonly view: 'TASK_VIEW_BASIC' | 'TASK_VIEW_PAYLOADS';
  readonly signal: AbortSignal | undefined;
  readonly time: Time;
}

/**
 * Each task as it stands, then after every change, until all are finished. Throws TASK_NOT_FOUND for an id that was
 * never there; ids that vanish later (retention) are left out silently.
 */
export async function* watchTasks(
  given: readonly string[],
  settings: WatchSettings,
): AsyncGenerator<Task__Output> {
  const ids = [...new Set(given)];
  if (ids.length > streamIdsMax) {
    const message = `${ids.length} tasks cannot be watched at once: at most ${streamIdsMax} can.`;
    throw new MusterError('OPTION_INVALID', message, { metadata: { option: 'ids' } });
  }
  const unfinished = new Set(ids);
  const seen = new Map<string, string>();
  const { signal, time } = settings;
  for (let tries = 1; unfinished.size > 0; tries += 1) {
    if (signal?.aborted) throw aborted(signal);
    let askedMs: number | undefined;
    try {
      for await (const { tasks, missingIds } of openStream([...unfinished], settings)) {
        tries = 0;
        for (const id of missingIds) {
          if (!seen.has(id)) throw taskMissing(id);
          unfinished.delete(id);
        }
        for (const task of tasks) {
          if (isFinished(readState(task.state))) unfinished.delete(task.id);
          const mark = fingerprint(task);
          if (seen.get(task.id) === mark) continue;
          seen.set(task.id, mark);
          yield task;
        }
      }
    } catch (thrown) {
      const error = errorOfCall(thrown);
      if (!isWorthRetrying(error)) throw error;
      askedMs = error.retryDelayMs;
    }
    if (unfinished.size === 0) return;
    const waitMs = retryWaitMs(Math.min(tries + 1, 10), time.random(), askedMs);
    await time.sleep(waitMs, signal);
  }
}

/** One stream, given up when it goes silent. */
async function* openStream(
  ids: string[],
  { services, namespace, view, signal }: WatchSettings,
): AsyncGenerator<WatchTasksResponse__Output> {
  const silence = new AbortController();
  const cut = () =>
    silence.abort(new MusterError('UNREACHABLE', `The stream was silent for ${silenceMs} ms.`));
  let timer = setTimeout(cut, silenceMs);
  const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  const request = { namespace, ids, view };
  try {
    for await (const response of services.tasks.watchTasks(request, { signal: either })) {
      clearTimeout(timer);
      timer = setTimeout(cut, silenceMs);
      yield response;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Changes whenever the task does. */
function fingerprint(task: Task__Output): string {
  const { state, leaseEpoch, attempt, dueTime, cancelRequestTime, progress } = task;
  return JSON.stringify([state, leaseEpoch, attempt, dueTime, cancelRequestTime, progress]);
}
