// Tasks that were submitted together: their outputs, and how far they are.

import type {
  GroupProgress,
  GroupResults,
  TaskGroup,
  TaskHandle,
  TaskResult,
  WaitOptions,
} from '../client.ts';
import { durationToMs } from '../duration.ts';
import { MusterError } from '../errors.ts';
import { aborted } from '../wire/calls.ts';
import type { ClientCore } from './core.ts';
import { cancelTasks } from './selection.ts';
import { checkWaitOptions } from './task-handle.ts';
import { waitTimeout } from './waits.ts';

/** Shortest time between two reports of progress. */
const progressMs = 100;

/** A group of tasks, in the order of their handles. */
export function createTaskGroup<Output>(
  core: ClientCore,
  handles: readonly TaskHandle<Output>[],
): TaskGroup<Output> {
  const ids = Object.freeze(handles.map(({ id }) => id));
  return Object.freeze<TaskGroup<Output>>({
    ids,
    handles: Object.freeze([...handles]),
    settled: (options) => settle(handles, checkWaitOptions(options)),
    results: (options) => resultsOf(handles, checkWaitOptions(options)),
    progress: (options) => progressOf(core, handles, checkWaitOptions(options)),
    async cancel(reason) {
      await cancelTasks(core, { ids }, reason);
    },
  });
}

/** Each task as it ends. Leaving the loop early, or an error of the wait, ends all waits. */
async function* settle<Output>(
  handles: readonly TaskHandle<Output>[],
  options: WaitOptions,
): AsyncGenerator<TaskResult<Output>> {
  const ended: TaskResult<Output>[] = [];
  let wake = () => {};
  let failed: MusterError | undefined;
  const waits = new AbortController();
  const stop = stopOn(options, handles.length, (error) => {
    failed ??= error;
    wake();
  });
  handles.forEach((handle, index) => {
    resultOf(handle, index, waits.signal).then(
      (result) => {
        ended.push(result);
        wake();
      },
      (error: MusterError) => {
        failed ??= error;
        wake();
      },
    );
  });
  try {
    for (let given = 0; given < handles.length; ) {
      const result = ended[given];
      if (result !== undefined) {
        given += 1;
        yield result;
      } else if (failed !== undefined) {
        throw failed;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
    waits.abort();
  }
}

/** Calls `fail` when the caller's signal or timeout ends the wait. Returns how to stop listening. */
function stopOn(options: WaitOptions, count: number, fail: (error: MusterError) => void) {
  const { timeout, signal } = options;
  const onAbort = () => signal && fail(aborted(signal));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(
          () => fail(waitTimeout(`The group of ${count} tasks`, timeout)),
          Math.min(durationToMs(timeout, 'timeout'), 2 ** 31 - 1),
        );
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
}

/** How one task ended; only what ends the wait itself is thrown. */
async function resultOf<Output>(
  handle: TaskHandle<Output>,
  index: number,
  signal: AbortSignal,
): Promise<TaskResult<Output>> {
  const { id } = handle;
  try {
    return { index, id, state: 'SUCCEEDED', output: await handle.result({ signal }) };
  } catch (thrown) {
    if (!(thrown instanceof MusterError)) throw thrown;
    switch (thrown.reason) {
      case 'TASK_FAILED':
      case 'PAYLOAD_UNREADABLE':
      case 'CODEC_FAILED':
        return { index, id, state: 'FAILED', error: thrown };
      case 'TASK_CANCELLED':
        return { index, id, state: 'CANCELLED', error: thrown };
      case 'TASK_NOT_FOUND':
        return { index, id, state: 'MISSING', error: thrown };
      default:
        throw thrown;
    }
  }
}

function resultsOf<Output>(
  handles: readonly TaskHandle<Output>[],
  options: WaitOptions,
): GroupResults<Output> {
  async function* asTheyCome(): AsyncGenerator<Output> {
    for await (const result of settle(handles, options)) {
      if (result.state !== 'SUCCEEDED') throw result.error;
      yield result.output;
    }
  }
  async function inOrder(): Promise<Output[]> {
    const outputs = new Array<Output>(handles.length);
    for await (const result of settle(handles, options)) {
      if (result.state !== 'SUCCEEDED') throw result.error;
      outputs[result.index] = result.output;
    }
    return outputs;
  }
  return {
    [Symbol.asyncIterator]: asTheyCome,
    // biome-ignore lint/suspicious/noThenProperty: to be awaited is what it is for.
    then: (fulfilled, rejected) => inOrder().then(fulfilled, rejected),
  };
}

async function* progressOf<Output>(
  core: ClientCore,
  handles: readonly TaskHandle<Output>[],
  options: WaitOptions,
): AsyncGenerator<GroupProgress> {
  const counts = { SUCCEEDED: 0, FAILED: 0, CANCELLED: 0, MISSING: 0 };
  let finished = 0;
  const snapshot = (): GroupProgress => ({
    total: handles.length,
    finished,
    succeeded: counts.SUCCEEDED,
    failed: counts.FAILED + counts.MISSING,
    cancelled: counts.CANCELLED,
  });
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  let changed = Promise.withResolvers<void>();
  let failed: MusterError | undefined;
  const count = async () => {
    for await (const { state } of settle(handles, { ...options, signal })) {
      counts[state] += 1;
      finished += 1;
      changed.resolve();
    }
  };
  count().catch((error: MusterError) => {
    failed = error;
    changed.resolve();
  });
  try {
    yield snapshot();
    let told = 0;
    while (told < handles.length) {
      const reportedMs = core.time.now();
      await changed.promise;
      changed = Promise.withResolvers();
      if (failed !== undefined) throw failed;
      // What ends within the shortest time is told with it, however long the next end takes.
      const leftMs = reportedMs + progressMs - core.time.now();
      if (finished < handles.length && leftMs > 0) await core.time.sleep(leftMs, signal);
      if (finished === told) continue;
      told = finished;
      yield snapshot();
    }
  } finally {
    stop.abort();
  }
}
