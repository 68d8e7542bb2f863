// A submitted task in the hands of an application: everything that can be asked about it.

import type { CancelOutcome, TaskHandle, Unserved, WaitOptions } from '../client.ts';
import { MusterError } from '../errors.ts';
import { checkOptionKeys, invalidOption } from '../options.ts';
import type { Task, TaskView } from '../task.ts';
import { outputOf, readTask, taskMissing, viewToWire } from '../wire/task.ts';
import { isUuid } from '../wire/task-id.ts';
import type { ClientCore } from './core.ts';
import { watchTasks } from './watch.ts';

/** What a submit told about a task. */
interface Submission {
  readonly duplicate: boolean;
  readonly unserved: Unserved | undefined;
}

/** A handle on a task. Asks nobody; an id from outside has been checked by `checkTaskId`. */
export function createTaskHandle<Output>(
  core: ClientCore,
  id: string,
  submitted: Submission,
): TaskHandle<Output> {
  return new SubmittedTask<Output>(core, id, submitted);
}

/** One of what may be a million: its methods are shared, since closures of its own would cost more than its submit. */
class SubmittedTask<Output> implements TaskHandle<Output> {
  readonly id: string;
  readonly duplicate: boolean;
  readonly unserved: Unserved | undefined;
  readonly #core: ClientCore;

  constructor(core: ClientCore, id: string, { duplicate, unserved }: Submission) {
    this.id = id;
    this.duplicate = duplicate;
    this.unserved = unserved;
    this.#core = core;
  }

  async result(options?: WaitOptions): Promise<Output> {
    const task = await this.#core.waits.wait(this.id, checkWaitOptions(options));
    // What the handler's definition promises; the coordinator knows no types.
    return (await outputOf(task, this.#core.coder)) as Output;
  }

  get(view?: TaskView): Promise<Task> {
    return getTask(this.#core, this.id, view);
  }

  watch(options: { signal?: AbortSignal } = {}): AsyncIterable<Task> {
    return watchDecoded(this.#core, [this.id], options);
  }

  cancel(reason?: string): Promise<CancelOutcome> {
    return cancelOne(this.#core, this.id, reason);
  }

  async retry(): Promise<TaskHandle<Output>> {
    const { retryId, duplicate } = await retryOne(this.#core, this.id);
    return createTaskHandle<Output>(this.#core, retryId, { duplicate, unserved: undefined });
  }
}

/** The id in lower case; OPTION_INVALID if it is no UUID. */
export function checkTaskId(id: string): string {
  if (typeof id === 'string' && isUuid(id)) return id.toLowerCase();
  throw invalidOption('Task', 'id', id, 'a UUID, as submit() returned it');
}

/** Refuses unknown options of a wait. */
export function checkWaitOptions(options: WaitOptions = {}): WaitOptions {
  checkOptionKeys('The wait', options, ['timeout', 'signal']);
  return options;
}

/** One task, decoded. */
export async function getTask(
  core: ClientCore,
  id: string,
  view: TaskView = 'basic',
): Promise<Task> {
  const { task } = await core.services.tasks.getTask({
    namespace: core.namespace,
    id: checkTaskId(id),
    view: viewToWire[view],
  });
  if (!task) throw taskMissing(id);
  return readTask(task, core.coder);
}

/** Watches tasks and decodes them. */
export async function* watchDecoded(
  core: ClientCore,
  ids: readonly string[],
  { view = 'basic', signal }: { view?: 'basic' | 'payloads'; signal?: AbortSignal },
): AsyncGenerator<Task> {
  const { services, namespace, time, coder } = core;
  const settings = { services, namespace, time, signal, view: viewToWire[view] };
  const checked = ids.map((id) => checkTaskId(id));
  for await (const task of watchTasks(checked, settings)) yield readTask(task, coder);
}

async function cancelOne(core: ClientCore, id: string, reason = ''): Promise<CancelOutcome> {
  const { namespace } = core;
  const response = await core.services.tasks.cancelTasks({ namespace, ids: [id], reason });
  if (response.missingIds.length > 0) throw taskMissing(id);
  if (response.finishedIds.length > 0) return 'FINISHED';
  return response.requestedIds.length > 0 ? 'REQUESTED' : 'CANCELLED';
}

async function retryOne(
  core: ClientCore,
  id: string,
): Promise<{ retryId: string; duplicate: boolean }> {
  const { namespace } = core;
  const response = await core.services.tasks.retryTasks({ namespace, ids: [id] });
  const [retried] = response.retriedTasks;
  if (retried) return retried;
  if (response.missingIds.length > 0) throw taskMissing(id);
  const message = `Task ${id} has not finished, so that there is nothing to retry. Cancel it first, or wait.`;
  throw new MusterError('TASK_UNFINISHED', message, { metadata: { id } });
}
