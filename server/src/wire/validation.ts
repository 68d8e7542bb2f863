/**
 * Checks of what a request says, as typed violations with the path of the field.
 *
 * A whole call is looked through before it is refused, so that its sender hears of everything at once: the first 20
 * violations are kept, the rest is counted. Paths use the names of the .proto files.
 */
import type { Duration__Output, Timestamp__Output } from '@muster/proto';
import { isUuid } from '../rules/ids.ts';
import { callLimits, labelLimits } from '../rules/limits.ts';
import { handlerNameFault, labelFault, namespaceNameFault } from '../rules/names.ts';
import type { Labels, TaskId } from '../rules/task.ts';
import { refuseFields, type Violation } from './status.ts';

/** Collects what is wrong with one message. */
export type Checks = {
  /** Notes a violation; `field` is relative to the message. */
  fail(field: string, description: string): void;
  /** The checks of a message within this one. */
  within(field: string): Checks;
  /** The checks of one message of a list within this one. */
  at(field: string, index: number): Checks;
  /** How many violations there are, in the whole call. */
  count(): number;
  /** Throws `CallRefused` (INVALID_REQUEST) if anything is wrong. */
  finish(): void;
};

/** Checks of a whole request. */
export function createChecks(): Checks {
  return new MessageChecks({ violations: [], count: 0 }, null, '', -1);
}

/** Checks of one message. Its path is put together only when something is wrong: there is one of these for every task. */
class MessageChecks implements Checks {
  readonly #found: { readonly violations: Violation[]; count: number };
  readonly #outer: MessageChecks | null;
  readonly #field: string;
  readonly #index: number;

  constructor(
    found: { readonly violations: Violation[]; count: number },
    outer: MessageChecks | null,
    field: string,
    index: number,
  ) {
    this.#found = found;
    this.#outer = outer;
    this.#field = field;
    this.#index = index;
  }

  fail(field: string, description: string): void {
    this.#found.count += 1;
    if (this.#found.violations.length < callLimits.violationsNamedMax)
      this.#found.violations.push({ field: this.#path() + field, description });
  }

  within(field: string): Checks {
    return new MessageChecks(this.#found, this, field, -1);
  }

  at(field: string, index: number): Checks {
    return new MessageChecks(this.#found, this, field, index);
  }

  count(): number {
    return this.#found.count;
  }

  finish(): void {
    if (this.#found.count > 0) throw refuseFields(this.#found.violations, this.#found.count);
  }

  #path(): string {
    if (this.#outer === null) return '';
    const place = this.#index < 0 ? '' : `[${this.#index}]`;
    return `${this.#outer.#path()}${this.#field}${place}.`;
  }
}

/** Milliseconds of a duration within bounds; null if it is unset or wrong. */
export function checkDuration(
  checks: Checks,
  field: string,
  value: Duration__Output | null,
  leastMs: number,
  mostMs: number,
): number | null {
  if (value === null) return null;
  const { seconds, nanos } = value;
  if (
    Math.abs(nanos) > 999_999_999 ||
    (seconds !== 0 && nanos !== 0 && seconds < 0 !== nanos < 0)
  ) {
    checks.fail(field, `${seconds} s and ${nanos} ns is no valid duration`);
    return null;
  }
  const ms = Math.ceil(seconds * 1000 + nanos / 1e6);
  if (seconds < 0 || nanos < 0) checks.fail(field, `must not be negative, and is ${ms} ms`);
  else if (ms < leastMs) checks.fail(field, `is ${ms} ms; at least ${spanText(leastMs)} is needed`);
  else if (ms > mostMs) checks.fail(field, `is ${ms} ms; at most ${spanText(mostMs)} is allowed`);
  else return ms;
  return null;
}

const earliestSeconds = Date.parse('0001-01-01T00:00:00Z') / 1000;
const latestSeconds = Date.parse('9999-12-31T23:59:59Z') / 1000;

/** Milliseconds since 1970 of a time; null if it is unset or wrong. */
export function checkTime(
  checks: Checks,
  field: string,
  value: Timestamp__Output | null,
): number | null {
  if (value === null) return null;
  const { seconds, nanos } = value;
  if (nanos >= 0 && nanos <= 999_999_999 && seconds >= earliestSeconds && seconds <= latestSeconds)
    return seconds * 1000 + Math.floor(nanos / 1e6);
  checks.fail(field, `${seconds} s and ${nanos} ns is no valid time`);
  return null;
}

/** A whole number within bounds; `fallback` if it is absent, or zero where zero means "not set". */
export function checkNumber(
  checks: Checks,
  field: string,
  value: number | undefined,
  bounds: {
    readonly least: number;
    readonly most: number;
    readonly fallback: number;
    readonly zero?: 'unset';
  },
): number {
  if (value === undefined || (value === 0 && bounds.zero === 'unset')) return bounds.fallback;
  if (value >= bounds.least && value <= bounds.most) return value;
  checks.fail(field, `is ${value}; ${bounds.least} to ${bounds.most} is allowed`);
  return bounds.fallback;
}

/** Text of at most so many bytes of UTF-8. */
export function checkText(checks: Checks, field: string, value: string, bytesMax: number): string {
  // A code unit takes at most three bytes, so short texts need no counting.
  if (value.length * 3 > bytesMax) {
    const bytes = Buffer.byteLength(value);
    if (bytes > bytesMax) checks.fail(field, `has ${bytes} bytes; at most ${bytesMax} are allowed`);
  }
  return value;
}

/** The known ones among the paths of a field mask. */
export function checkMask<const Path extends string>(
  checks: Checks,
  paths: readonly string[],
  known: readonly Path[],
): readonly Path[] {
  const all = known.join(', ');
  if (paths.length === 0) checks.fail('update_mask', `is empty; name any of ${all}`);
  for (const [index, path] of paths.entries())
    if (!known.some((each) => each === path))
      checks.fail(`update_mask.paths[${index}]`, `${quote(path)} cannot be changed; ${all} can`);
  return known.filter((path) => paths.includes(path));
}

/** Name of a handler: dot-separated lower-case words. */
export function checkHandlerName(checks: Checks, field: string, value: string): string {
  const fault = handlerNameFault(value);
  if (fault !== null) checks.fail(field, `${quote(value)} is no name of a handler: it ${fault}`);
  return value;
}

/** Name of a namespace; empty means `default`. */
export function checkNamespaceName(checks: Checks, field: string, value: string): string {
  const name = value === '' ? 'default' : value;
  const fault = namespaceNameFault(name);
  if (fault !== null) checks.fail(field, `${quote(value)} is no name of a namespace: it ${fault}`);
  return name;
}

/** A task's id. Any UUID can be asked for; only UUIDv7 can be stored. */
export function checkTaskId(checks: Checks, field: string, value: string): TaskId {
  const id = value.toLowerCase();
  if (!isUuid(id)) checks.fail(field, `${quote(value)} is no UUID`);
  return id as TaskId;
}

/** A list of ids without repetitions, in order. */
export function checkTaskIds(
  checks: Checks,
  field: string,
  values: readonly string[],
  most: number,
): readonly TaskId[] {
  if (values.length === 0) checks.fail(field, `is empty; 1 to ${most} ids are needed`);
  if (values.length > most) {
    checks.fail(field, `has ${values.length} ids; at most ${most} are allowed`);
    return [];
  }
  return [
    ...new Set(values.map((value, index) => checkTaskId(checks, `${field}[${index}]`, value))),
  ];
}

/** Labels of a task, an agent or a filter. */
export function checkLabels(
  checks: Checks,
  field: string,
  labels: Readonly<Record<string, string>>,
): Labels {
  const entries = Object.entries(labels);
  const { labelsMax } = labelLimits;
  if (entries.length > labelsMax)
    checks.fail(field, `has ${entries.length} labels; at most ${labelsMax} are allowed`);
  for (const [key, value] of entries.slice(0, 2 * labelsMax)) {
    const fault = labelFault(key, value);
    if (fault !== null) checks.fail(`${field}[${quote(key)}]`, fault);
  }
  return labels;
}

/** A text as messages show it: in quotes, escaped, cut. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 64 ? `${value.slice(0, 63)}…` : value);
}

const spanUnits = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** Milliseconds as people write them. */
export function spanText(ms: number): string {
  for (const [unit, size] of spanUnits)
    if (ms >= size && ms % size === 0) return `${ms / size} ${unit}`;
  return `${ms} ms`;
}
