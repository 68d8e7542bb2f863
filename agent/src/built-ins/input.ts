// Checks of built-in handlers' inputs: JSON of strangers. What is wrong is final, since the
// same input would be wrong again.

import { NonRetryableError } from '@muster/sdk';

/** An input that cannot be run; never tried again. */
export class InputError extends NonRetryableError {
  constructor(message: string) {
    super(message);
    this.name = 'InputInvalid';
  }
}

/** The input as an object with only these keys. */
export function checkKeys(input: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InputError(`The input must be an object with: ${known.join(', ')}.`);
  }
  for (const key of Object.keys(input)) {
    if (!known.includes(key)) {
      throw new InputError(`The input has no "${key}". Known: ${known.join(', ')}.`);
    }
  }
  return input as Record<string, unknown>;
}

/** A text; undefined if it is left out. */
export function optionalText(input: Record<string, unknown>, key: string): string | undefined {
  const value = input[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new InputError(`"${key}" must be text.`);
}

/** A text that must be there. */
export function requiredText(input: Record<string, unknown>, key: string): string {
  const value = optionalText(input, key);
  if (value) return value;
  throw new InputError(`"${key}" must be given, as text.`);
}

/** An object of texts; empty if it is left out. */
export function texts(input: Record<string, unknown>, key: string): Record<string, string> {
  const value = input[key] ?? {};
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (isObject && Object.values(value).every((each) => typeof each === 'string')) {
    return value as Record<string, string>;
  }
  throw new InputError(`"${key}" must be an object of texts.`);
}

/** A whole number within bounds; undefined if it is left out. */
export function optionalNumber(
  input: Record<string, unknown>,
  key: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const value = input[key];
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  throw new InputError(`"${key}" must be a whole number from ${min} to ${max}.`);
}
