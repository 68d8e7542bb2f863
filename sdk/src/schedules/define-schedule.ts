// Definitions of schedules: frozen values without any connection, checked as far as they can be
// without a coordinator.

import { checkHandlerName } from '../handler.ts';
import type { AnyHandlerReference } from '../handler-reference.ts';
import { checkOptionKeys } from '../options.ts';
import { checkPolicies, checkScheduleName, checkTask, checkTimes, scheduleKeys } from './checks.ts';
import type { ScheduleOptions } from './schedule.ts';

/** The input of the tasks, or a text of which it is made; may be left out where it may be undefined. */
export type ScheduledInput<Input> = undefined extends Input
  ? unknown
  : { readonly input: NoInfer<Input> } | { readonly inputTemplate: string };

/** A defined schedule; frozen. The input fits the handler: that was seen when it was defined. */
export interface ScheduleDefinition extends Omit<ScheduleOptions, 'handler' | 'input'> {
  /** Marks definitions, so that they can be found among the exports of a file. */
  readonly [definitionMark]: true;
  /** The handler of its tasks: a definition, a reference, or a name. */
  readonly handler: AnyHandlerReference | string;
  /** Input of its tasks. */
  readonly input?: unknown;
}

const definitionMark: unique symbol = Symbol.for('muster.schedule.v1') as never;

/** A changed copy of a definition, checked again: `defineSchedule({ ...nightly, name: 'report/weekly', cron: '@weekly' })`. */
export function defineSchedule(copy: ScheduleDefinition): ScheduleDefinition;
/**
 * Defines a schedule. Throws OPTION_UNKNOWN or OPTION_INVALID, naming the option; what needs a coordinator to be seen
 * (expressions, zones, its settings) is refused when the schedule is stored. Of a handler's name alone the input's type
 * is not known; `defineSchedule<InputOf<typeof sendReport>>({ handler: 'report.send', ... })` says it.
 *
 *     export const nightly = defineSchedule({
 *       name: 'report/nightly',
 *       handler: sendReport,
 *       input: { to: 'a@b.c' },
 *       cron: '0 3 * * *',
 *       zone: 'Europe/Berlin',
 *     });
 *     await client.schedules.apply([nightly]);
 */
export function defineSchedule<Input = unknown>(
  options: ScheduleOptions<Input> & ScheduledInput<Input>,
): ScheduleDefinition;
/** Whatever was given, the checks are the same. */
export function defineSchedule(
  options: Omit<ScheduleDefinition, typeof definitionMark>,
): ScheduleDefinition {
  return freezeSchedule(options);
}

/** Checks options of whatever input and freezes them. */
export function freezeSchedule(
  options: Omit<ScheduleDefinition, typeof definitionMark>,
): ScheduleDefinition {
  const { name, handler } = options;
  checkScheduleName(name);
  const what = `Schedule ${JSON.stringify(name)}`;
  checkOptionKeys(what, options, scheduleKeys);
  checkHandlerName(nameOfHandler(handler));
  checkTimes(what, options);
  checkTask(what, options);
  checkPolicies(what, options);
  const frozen = Object.entries(options).map(([key, value]) => [key, frozenOption(key, value)]);
  // The very options, each frozen.
  return Object.freeze({ ...Object.fromEntries(frozen), [definitionMark]: true as const });
}

/**
 * True for what `defineSchedule` made, also by another copy of this package. A copy of a definition has its mark, but is not
 * frozen: it may have been changed, and is to be checked again.
 */
export function isScheduleDefinition(value: unknown): value is ScheduleDefinition {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && definitionMark in value && Object.isFrozen(value);
}

/** The name of a handler, however it was given. */
export function nameOfHandler(handler: AnyHandlerReference | string): string {
  return typeof handler === 'string' ? handler : handler?.name;
}

/** Lists and policies are copied, so that later changes of the caller's do not count. */
function frozenOption(key: string, value: unknown): unknown {
  if (key === 'input' || key === 'handler') return value;
  if (Array.isArray(value)) return Object.freeze([...value]);
  const isPlain = typeof value === 'object' && value !== null && !(value instanceof Date);
  return isPlain ? Object.freeze({ ...value }) : value;
}
