/**
 * SubmitTasks: the whole call is checked, then stored or not as one, and answered when it is durable.
 */
import type {
  SubmitTasksRequest__Output,
  SubmitTasksResponse,
  SubmittedTask,
  UnservedHandler,
} from '@muster/proto';
import { callLimits } from '../../rules/limits.ts';
import { isTraceparent } from '../../rules/names.ts';
import type { NamespaceId } from '../../rules/task.ts';
import type { HandlerRow, StoredTask } from '../../store/store.ts';
import {
  checkTaskSpec,
  newTask,
  requireIdInRange,
  type SubmittedSpec,
} from '../../wire/messages/task-spec.ts';
import { CallRefused } from '../../wire/status.ts';
import { createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace, handlerNotFound } from '../context.ts';
import type { Caller } from '../edge.ts';
import { traceSubmit } from './tracing.ts';

/** Stores tasks, all of the call or none. */
export async function submitTasks(
  context: ApiContext,
  request: SubmitTasksRequest__Output,
  caller: Caller,
): Promise<SubmitTasksResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const specs = checkCall(context, request);
  const { dictionaries } = context;
  const names = [...new Set(specs.map(({ handler }) => handler))];
  if (request.requireHandler) await requireHandlers(context, namespace.id, names);
  const handlers = await dictionaries.ensureHandlers(namespace.id, names);
  return traceSubmit(caller, specs.length, async (traceparent) => {
    const trace = isTraceparent(traceparent) ? traceparent : null;
    const tasks = specs.map((spec) => {
      const id = spec.id ?? context.newTaskId();
      return newTask(spec, id, namespace.id, rowNamed(handlers, spec.handler).id, trace);
    });
    const [stored, unserved] = await Promise.all([
      context.submissions.insert(tasks),
      findUnserved(context, namespace.id, [...handlers.values()]),
    ]);
    return { tasks: stored.map(submittedTask), unservedHandlers: unserved };
  });
}

function rowNamed(handlers: ReadonlyMap<string, HandlerRow>, name: string): HandlerRow {
  const row = handlers.get(name);
  if (row === undefined) throw new Error(`Handler "${name}" has no row although it was ensured.`);
  return row;
}

function checkCall(
  context: ApiContext,
  request: SubmitTasksRequest__Output,
): readonly SubmittedSpec[] {
  const checks = createChecks();
  const { submitTasksMax } = callLimits;
  const count = request.tasks.length;
  if (count === 0 || count > submitTasksMax) {
    checks.fail('tasks', `has ${count} tasks; 1 to ${submitTasksMax} are allowed in one call`);
    checks.finish();
  }
  const limits = { payloadBytesMax: context.config.payloadBytesMax, now: context.clock.now() };
  const specs = request.tasks.map((spec, index) =>
    checkTaskSpec(checks.at('tasks', index), spec, limits),
  );
  checks.finish();
  for (const [index, { id }] of specs.entries())
    if (id !== null) requireIdInRange(`tasks[${index}].id`, id, limits.now);
  return specs;
}

async function requireHandlers(
  context: ApiContext,
  namespaceId: NamespaceId,
  names: readonly string[],
): Promise<void> {
  const { dictionaries } = context;
  const missing = () =>
    names.find((name) => dictionaries.handlerNamed(namespaceId, name)?.registered !== true);
  if (missing() !== undefined) await dictionaries.refresh();
  const name = missing();
  if (name === undefined) return;
  throw handlerNotFound(name, dictionaries.nearestHandler(namespaceId, name));
}

const unservedNamedMax = 20;

/** Handlers of the call that no agent serves; a hint, so that an outage leaves it out. */
export async function findUnserved(
  context: Pick<ApiContext, 'served' | 'dictionaries'>,
  namespaceId: NamespaceId,
  handlers: readonly HandlerRow[],
): Promise<UnservedHandler[]> {
  const unserved = await context.served.unserved(namespaceId, handlers);
  return unserved.slice(0, unservedNamedMax).map(({ name, registered }) => ({
    handler: name,
    nearestHandler: registered ? '' : context.dictionaries.nearestHandler(namespaceId, name),
    known: registered,
  }));
}

function submittedTask(stored: StoredTask): SubmittedTask {
  if (stored.kind === 'DUPLICATE') return { id: stored.id, duplicate: true };
  if (stored.kind === 'STORED') return { id: stored.id, state: `TASK_STATE_${stored.state}` };
  throw new CallRefused(
    'TASK_ID_REUSED',
    `A task with the id ${stored.id} is stored with other content. Make a new id for a new task; to change a task, cancel it and submit another.`,
    { metadata: { id: stored.id } },
  );
}
