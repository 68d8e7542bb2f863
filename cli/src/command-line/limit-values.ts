// How limits are written on a command line: counts, and rates such as `10/s`.

import type { Duration, RateLimit } from '@muster/sdk';
import { durationToMs } from '@muster/sdk/internal';
import { UsageError } from '../exit-codes.ts';
import type { Options } from './command.ts';
import { given } from './option-values.ts';

/** What a limit may bound: work that runs at once, and hand-overs. */
export const boundOptions = {
  concurrency: { type: 'string', value: 'N', doc: 'Attempts that run at once. Default: no limit.' },
  rate: {
    type: 'string',
    value: 'COUNT/TIME',
    doc: 'Hand-overs in each s, m, h, d, or time such as 5s: 10/s, 600/m, 10/5s. Default: no limit.',
  },
  burst: {
    type: 'string',
    value: 'N',
    doc: 'With --rate: hand-overs that may follow each other at once after a quiet time. Default: its COUNT.',
  },
} as const satisfies Options;

/** Largest count of a limit. */
const countMax = 1_000_000;
/** Shortest and longest time of a rate, in milliseconds. */
const windowMs = { min: 1_000, max: 86_400_000 } as const;

/** A count of a limit; undefined stays undefined. */
export function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (isCount(text)) return Number(text);
  throw new UsageError(
    `--${option} is "${text}", but must be a whole number from 1 to ${countMax}; leave it out for no limit.`,
  );
}

/** The rate of `--rate` and `--burst`, or of those with `prefix` in front; undefined if none was given. */
export function rateOf(
  { rate, burst }: { readonly rate: string | undefined; readonly burst: string | undefined },
  prefix: '' | 'key-' = '',
): RateLimit | undefined {
  const [rateName, burstName] = [`${prefix}rate`, `${prefix}burst`];
  if (rate === undefined && burst !== undefined)
    throw new UsageError(
      `--${burstName} ${burst} needs a rate: give --${rateName} too, such as --${rateName} 10/s.`,
    );
  if (rate === undefined) return undefined;
  return { ...readRate(rateName, rate), ...given({ burst: countOf(burstName, burst) }) };
}

function readRate(option: string, text: string): RateLimit {
  const match = /^(\d+)\/(\d+(?:\.\d+)?)?(ms|s|m|h|d)$/.exec(text);
  const [, count = '', time = '1', unit] = match ?? [];
  const per = `${time}${unit}` as Duration;
  if (match !== null && isCount(count) && isWindow(durationToMs(per, `--${option}`)))
    return { count: Number(count), per };
  throw new UsageError(
    `--${option} is "${text}", but must be a count from 1 to ${countMax} in a time of 1s to 1d, such as 10/s, 600/m or 10/5s.`,
  );
}

function isCount(text: string): boolean {
  const count = Number(text);
  return /^\d+$/.test(text) && count >= 1 && count <= countMax;
}

function isWindow(ms: number): boolean {
  return Number.isInteger(ms) && ms >= windowMs.min && ms <= windowMs.max;
}
