// Which tasks of a refused call were at fault. A refused call stored nothing, so that the
// others can be sent again without them. Pure.

import { status } from '@grpc/grpc-js';
import { MusterError, type Violation } from '../errors.ts';
import type { ReadySpec } from './spec.ts';

/** What to do with a refused call. */
export type Verdict =
  /** Every task of the call has this error. */
  | { readonly kind: 'all' }
  /** These, by index, have theirs; the rest goes again. */
  | { readonly kind: 'some'; readonly errors: ReadonlyMap<number, MusterError> }
  /** Somebody is at fault, nobody says who: halve and try. */
  | { readonly kind: 'split' };

/** Codes with which a coordinator refuses what a task says, rather than who asks or when. */
const refusalCodes: readonly (number | undefined)[] = [
  ...[status.INVALID_ARGUMENT, status.ALREADY_EXISTS, status.NOT_FOUND, status.OUT_OF_RANGE],
  ...[status.FAILED_PRECONDITION, status.RESOURCE_EXHAUSTED],
];

/** Reasons that have those codes, but hold for every task of the call. */
const sharedReasons: readonly string[] = ['NAMESPACE_NOT_FOUND', 'OVERLOADED'];

/** Judges a call that was refused with `error`. */
export function judgeRefusal(specs: readonly ReadySpec[], error: MusterError): Verdict {
  if (specs.length === 1 || !refusalCodes.includes(error.code)) return { kind: 'all' };
  if (sharedReasons.includes(error.reason)) return { kind: 'all' };
  const errors = byViolation(specs.length, error) ?? byMetadata(specs, error);
  if (errors !== undefined) return { kind: 'some', errors };
  return { kind: 'split' };
}

/** `tasks[3].handler` names the fourth task. Undefined: no violation names one. */
function byViolation(count: number, error: MusterError): Map<number, MusterError> | undefined {
  const violations = new Map<number, Violation[]>();
  for (const { field, description } of error.violations) {
    const match = /^tasks\[(\d+)\]\.?(.*)$/.exec(field);
    const index = Number(match?.[1] ?? -1);
    if (index < 0 || index >= count) continue;
    const own = violations.get(index) ?? [];
    own.push({ field: match?.[2] ?? '', description });
    violations.set(index, own);
  }
  if (violations.size === 0) return undefined;
  const errors = [...violations].map(([index, own]) => [index, ownError(error, own)] as const);
  return new Map(errors);
}

/** One task's error, with its own violations as the message. */
function ownError(error: MusterError, violations: readonly Violation[]): MusterError {
  const wrong = violations.map((each) =>
    each.field === '' ? each.description : `${each.field}: ${each.description}`,
  );
  return new MusterError(error.reason, `The task was refused: ${wrong.join('; ')}`, {
    metadata: error.metadata,
    violations,
    code: error.code,
    cause: error,
  });
}

/** The metadata `id` or `handler` of the reason names the tasks. Undefined: it does not. */
function byMetadata(
  specs: readonly ReadySpec[],
  error: MusterError,
): Map<number, MusterError> | undefined {
  const { id, handler } = error.metadata;
  const isNamed = (spec: ReadySpec) =>
    id !== undefined ? spec.id === id : handler !== undefined && spec.handler === handler;
  const named = specs.flatMap((spec, index) => (isNamed(spec) ? [index] : []));
  return named.length === 0 ? undefined : new Map(named.map((index) => [index, error]));
}
