// Changes of a schedule as the contract wants them: the new values, and a mask of whole groups.

import type { UpdateScheduleRequest } from '@muster/proto';
import { checkHandlerName } from '../handler.ts';
import type { AnyHandlerReference } from '../handler-reference.ts';
import { checkOptionKeys, invalidOption } from '../options.ts';
import type { PayloadCoder } from '../payload/payload.ts';
import {
  checkPolicies,
  checkScheduleName,
  checkTask,
  checkTimes,
  policyKeys,
  taskKeys,
  timeKeys,
} from './checks.ts';
import { nameOfHandler } from './define-schedule.ts';
import type { ScheduleChanges } from './schedules.ts';
import { misfireToWire, overlapToWire, taskToWire, timesToWire } from './spec.ts';

/** Changes of whatever input. */
export type AnyChanges = Omit<ScheduleChanges, 'handler'> & {
  readonly handler?: AnyHandlerReference | string;
};

/** The request of an update, without its namespace. OPTION_UNKNOWN, OPTION_INVALID, and what the input is refused with. */
export async function changesToWire(
  coder: PayloadCoder,
  name: string,
  changes: AnyChanges,
): Promise<Pick<UpdateScheduleRequest, 'spec' | 'updateMask'>> {
  checkScheduleName(name);
  const what = `Changes of schedule ${JSON.stringify(name)}`;
  checkOptionKeys(what, changes, [...policyKeys, ...taskKeys, ...timeKeys]);
  const isGiven = (key: keyof AnyChanges) => changes[key] !== undefined;
  const { description, misfire, overlap, failuresMax, handler } = changes;
  const hasTimes = timeKeys.some(isGiven);
  const hasTask = taskKeys.some(isGiven);
  if (hasTimes) checkTimes(`${what}, which replace all of when`, changes);
  if (hasTask && handler === undefined) {
    const must = 'given with anything of the task, since the whole task is replaced';
    throw invalidOption(what, 'handler', handler, must);
  }
  if (handler !== undefined) checkHandlerName(nameOfHandler(handler));
  checkTask(what, changes);
  checkPolicies(what, changes);
  const paths = [
    ...(description === undefined ? [] : ['description']),
    ...(hasTimes ? ['timing'] : []),
    ...(hasTask ? ['task'] : []),
    ...(misfire === undefined ? [] : ['misfire']),
    ...(overlap === undefined ? [] : ['overlap']),
    ...(failuresMax === undefined ? [] : ['failures_max']),
  ];
  if (paths.length === 0) throw invalidOption(what, 'changes', '{}', 'at least one');
  const spec = {
    name,
    description: description ?? '',
    timing: hasTimes ? timesToWire(changes) : null,
    task: handler === undefined ? null : await taskToWire(coder, { ...changes, name, handler }),
    misfire: misfire === undefined ? null : misfireToWire(misfire),
    overlap: overlap === undefined ? null : overlapToWire(overlap),
    failuresMax: failuresMax ?? 0,
  };
  return { spec, updateMask: { paths } };
}
