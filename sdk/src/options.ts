// Checks of options that a caller hands in. What TypeScript would refuse is refused at run
// time too, for callers in JavaScript and for objects that were put together elsewhere.

import { MusterError } from './errors.ts';
import { nearestName } from './nearest.ts';

/**
 * Refuses keys of `options` that are not in `known`: OPTION_UNKNOWN, naming the key and the nearest known one.
 * `what` is what the options belong to, for example `createClient`.
 */
export function checkOptionKeys(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = nearestName(key, known);
    const hint =
      near === undefined ? `Known options: ${known.join(', ')}.` : `Did you mean "${near}"?`;
    throw new MusterError('OPTION_UNKNOWN', `${what} has no option "${key}". ${hint}`, {
      metadata: { option: key, ...(near === undefined ? {} : { nearest_option: near }) },
    });
  }
}

/** An OPTION_INVALID error: `option` of `what` is `value` and must be `must`. */
export function invalidOption(
  what: string,
  option: string,
  value: unknown,
  must: string,
): MusterError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return new MusterError('OPTION_INVALID', `${what}: ${option} is ${shown}, but must be ${must}.`, {
    metadata: { option },
  });
}

/** Refuses a number outside of [min, max], or a fraction where a whole number is asked for. Undefined passes. */
export function checkNumber(
  what: string,
  option: string,
  value: number | undefined,
  { min, max, whole = true }: { min: number; max: number; whole?: boolean },
): void {
  if (value === undefined) return;
  const fits = typeof value === 'number' && value >= min && value <= max;
  if (fits && (!whole || Number.isInteger(value))) return;
  throw invalidOption(
    what,
    option,
    value,
    `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`,
  );
}
