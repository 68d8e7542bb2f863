/**
 * Filters of lists, cancellations and retries, and the enums that requests name.
 */
import type { TaskFilter__Output, TaskState__Output, TaskView__Output } from '@muster/proto';
import { callLimits } from '../../rules/limits.ts';
import type { TaskFilter, TaskState, TaskView } from '../../rules/task.ts';
import { type Checks, checkHandlerName, checkLabels, checkTime } from '../validation.ts';

/** A checked filter whose handler is still a name; '' for any. */
export type NamedFilter = Omit<TaskFilter, 'handlerId'> & { readonly handler: string };

/** Checks a filter; unset means everything. */
export function checkTaskFilter(checks: Checks, filter: TaskFilter__Output | null): NamedFilter {
  if (filter === null)
    return { handler: '', states: [], labels: {}, minCreatedAt: null, maxCreatedAt: null };
  const inner = checks.within('filter');
  if (filter.handler !== '') checkHandlerName(inner, 'handler', filter.handler);
  if (filter.states.length > callLimits.filterStatesMax)
    inner.fail(
      'states',
      `has ${filter.states.length} states; at most ${callLimits.filterStatesMax} are allowed`,
    );
  return {
    handler: filter.handler,
    states: [
      ...new Set(filter.states.map((state, index) => checkState(inner, index, state))),
    ].sort(),
    labels: checkLabels(inner, 'labels', filter.labels),
    minCreatedAt: checkTime(inner, 'min_create_time', filter.minCreateTime),
    maxCreatedAt: checkTime(inner, 'max_create_time', filter.maxCreateTime),
  };
}

/** True if the filter has no condition. */
export function isEmptyFilter(filter: NamedFilter): boolean {
  return (
    filter.handler === '' &&
    filter.states.length === 0 &&
    Object.keys(filter.labels).length === 0 &&
    filter.minCreatedAt === null &&
    filter.maxCreatedAt === null
  );
}

function checkState(checks: Checks, index: number, name: TaskState__Output): TaskState {
  if (name === 'TASK_STATE_UNSPECIFIED') {
    checks.fail(
      `states[${index}]`,
      'is TASK_STATE_UNSPECIFIED; leave the list empty for any state',
    );
    return 'READY';
  }
  return name.slice('TASK_STATE_'.length) as TaskState;
}

/** The view of a request; unspecified means BASIC. */
export function viewOf(name: TaskView__Output): TaskView {
  return name === 'TASK_VIEW_UNSPECIFIED' ? 'BASIC' : (name.slice('TASK_VIEW_'.length) as TaskView);
}

/** The same where many tasks are answered, so that attempts and log lines would be too much. */
export function checkListView(checks: Checks, name: TaskView__Output): 'BASIC' | 'PAYLOADS' {
  const view = viewOf(name);
  if (view !== 'FULL') return view;
  checks.fail('view', 'is TASK_VIEW_FULL, which only GetTask answers; ask for TASK_VIEW_PAYLOADS');
  return 'PAYLOADS';
}
