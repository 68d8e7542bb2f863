/**
 * Limits as operators write them, and as readers see them.
 */
import type {
  HandlerFlow as FlowMessage,
  HandlerLimits__Output,
  HandlerLimits as HandlerLimitsMessage,
  Limit as LimitMessage,
  LimitSpec__Output,
  RateLimit__Output,
  RateLimit as RateMessage,
} from '@muster/proto';
import { type HandlerLimits, noLimits, type RateLimit } from '../../rules/lanes/limits.ts';
import type { HandlerStanding, NamedLimit, WrittenLimit } from '../../rules/lanes/standing.ts';
import { flowLimits } from '../../rules/limits.ts';
import {
  type Checks,
  checkDuration,
  checkHandlerName,
  checkNumber,
  checkText,
  quote,
} from '../validation.ts';
import { durationOf, timestampOf } from './values.ts';

/** Name of a shared limit: as that of a handler. */
export function checkLimitName(checks: Checks, field: string, value: string): string {
  return checkHandlerName(checks, field, value);
}

/** A shared limit; what it answers is of use only if no violation was noted. */
export function checkLimit(checks: Checks, message: LimitSpec__Output): WrittenLimit {
  const concurrency = checkCount(checks, 'concurrency', message.concurrency);
  const rate = checkRate(checks, 'rate', message.rate);
  if (message.concurrency === 0 && message.rate === null)
    checks.fail('concurrency', 'is not set, and neither is rate; give one of them, for example 10');
  return {
    name: checkLimitName(checks, 'name', message.name),
    description: checkText(checks, 'description', message.description, flowLimits.textMaxBytes),
    concurrency,
    rate,
  };
}

/** All limits of a handler; unset: none. */
export function checkHandlerLimits(
  checks: Checks,
  message: HandlerLimits__Output | null,
): HandlerLimits {
  if (message === null) return noLimits;
  const { sharedMax } = flowLimits;
  const names = [...new Set(message.shared)];
  for (const [index, name] of message.shared.entries())
    checkLimitName(checks, `shared[${index}]`, name);
  if (names.length > sharedMax)
    checks.fail('shared', `has ${names.length} names; at most ${sharedMax} are allowed`);
  const concurrency = checkCount(checks, 'concurrency', message.concurrency);
  const keyConcurrency = checkCount(checks, 'key_concurrency', message.keyConcurrency);
  if (concurrency !== null && keyConcurrency !== null && keyConcurrency > concurrency)
    checks.fail(
      'key_concurrency',
      `is ${keyConcurrency}, more than concurrency, ${concurrency}, lets run of all keys; leave it out`,
    );
  return {
    concurrency,
    rate: checkRate(checks, 'rate', message.rate),
    keyConcurrency,
    keyRate: checkRate(checks, 'key_rate', message.keyRate),
    fair: message.fair,
    priorityAgeingMs: checkDuration(
      ...([checks, 'priority_ageing_interval', message.priorityAgeingInterval] as const),
      ...([flowLimits.windowMinMs, flowLimits.windowMaxMs] as const),
    ),
    names,
  };
}

/** 1 to a million; null for 0. */
function checkCount(checks: Checks, field: string, value: number): number | null {
  const bounds = { least: 1, most: flowLimits.countMax, fallback: 0, zero: 'unset' } as const;
  return checkNumber(checks, field, value, bounds) || null;
}

function checkRate(
  checks: Checks,
  field: string,
  message: RateLimit__Output | null,
): RateLimit | null {
  if (message === null) return null;
  const inner = checks.within(field);
  const { countMax, windowMinMs, windowMaxMs, windowDefaultMs } = flowLimits;
  if (message.count === 0) inner.fail('count', `is 0; 1 to ${countMax} is allowed`);
  const count = checkCount(inner, 'count', message.count) ?? 1;
  const { window } = message;
  return {
    count,
    windowMs: checkDuration(inner, 'window', window, windowMinMs, windowMaxMs) ?? windowDefaultMs,
    burst: checkCount(inner, 'burst', message.burst) ?? count,
  };
}

/** A shared limit as it stands. */
export function limitMessage(limit: NamedLimit, namespace: string): LimitMessage {
  return {
    namespace,
    spec: {
      name: limit.name,
      description: limit.description,
      concurrency: limit.concurrency ?? 0,
      rate: rateMessage(limit.rate),
    },
    handlers: [...limit.handlers],
    running: limit.running,
    ...(limit.tokens === null ? {} : { tokens: Math.max(0, limit.tokens) }),
    createTime: timestampOf(limit.createdAt),
    updateTime: timestampOf(limit.updatedAt),
  };
}

/** How a handler's work stands. */
export function flowMessage(
  { name }: { readonly name: string },
  standing: HandlerStanding,
  namespace: string,
): FlowMessage {
  const { settled, paused, namespacePaused, pauseNote, running, waiting } = standing;
  return {
    namespace,
    handler: name,
    limits: handlerLimitsMessage(standing.limits),
    ...{ settled, paused, namespacePaused, pauseNote, running, waiting },
  };
}

function handlerLimitsMessage(limits: HandlerLimits): HandlerLimitsMessage {
  return {
    concurrency: limits.concurrency ?? 0,
    rate: rateMessage(limits.rate),
    keyConcurrency: limits.keyConcurrency ?? 0,
    keyRate: rateMessage(limits.keyRate),
    fair: limits.fair,
    priorityAgeingInterval: durationOf(limits.priorityAgeingMs),
    shared: [...limits.names],
  };
}

function rateMessage(rate: RateLimit | null): RateMessage | null {
  if (rate === null) return null;
  return { count: rate.count, window: durationOf(rate.windowMs), burst: rate.burst };
}

/** The key of a task and its weight. */
export function checkKey(
  checks: Checks,
  { key, keyWeight }: { readonly key: string; readonly keyWeight?: number },
) {
  const { keyMaxBytes, weightMin: least, weightMax: most } = flowLimits;
  if (key === '') {
    if (keyWeight !== undefined)
      checks.fail('key_weight', `is ${keyWeight}, but there is no key ${quote('key')} to weigh`);
    return null;
  }
  return {
    name: checkText(checks, 'key', key, keyMaxBytes),
    weight: checkNumber(checks, 'key_weight', keyWeight, { least, most, fallback: 1 }),
  };
}
