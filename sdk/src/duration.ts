// Durations as callers write them, '30s', and as the contract carries them. A unit is always
// part of the text, so that no number of unknown unit travels through an option.

import type {
  Duration as WireDuration,
  Duration__Output as WireDuration__Output,
} from '@muster/proto';
import { invalidOption } from './options.ts';

/** A length of time with its unit: milliseconds, seconds, minutes, hours or days. For example `'30s'`, `'1.5h'`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Days that a duration may have at most: what the contract's longest field allows, ten times over. */
const daysMax = 3_650;

/** Milliseconds of a duration; a fraction of one is possible. `option` names it in the error (OPTION_INVALID). */
export function durationToMs(duration: Duration, option = 'duration'): number {
  const match = typeof duration === 'string' && /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration);
  const ms = match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : Number.NaN;
  if (ms <= daysMax * unitMs.d) return ms;
  throw invalidOption(
    'Duration',
    option,
    duration,
    `a number and a unit, ms, s, m, h or d, as in "30s", of at most ${daysMax} days`,
  );
}

/** The contract's form of a number of milliseconds, which must not be negative. */
export function msToWire(ms: number): { seconds: number; nanos: number } {
  const seconds = Math.floor(ms / 1_000);
  const nanos = Math.round((ms - seconds * 1_000) * 1e6);
  return nanos === 1e9 ? { seconds: seconds + 1, nanos: 0 } : { seconds, nanos };
}

/** The contract's form of a duration; undefined stays undefined. `option` names it in the error. */
export function durationToWire(
  duration: Duration | undefined,
  option?: string,
): WireDuration | undefined {
  return duration === undefined ? undefined : msToWire(durationToMs(duration, option));
}

/** Milliseconds of a received duration. Undefined: the field was not set. */
export function wireToMs(duration: WireDuration__Output | null | undefined): number | undefined {
  return duration ? duration.seconds * 1_000 + duration.nanos / 1e6 : undefined;
}

/** A number of milliseconds as a duration in the largest unit that holds it exactly. */
export function msToDuration(ms: number): Duration {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms !== 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  }
  return `${ms}ms`;
}
