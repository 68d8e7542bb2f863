// The overlap policies that are tried, and what each allows.

import type { OverlapOptions, OverlapRule } from '@muster/sdk';

/** A policy. */
export interface TriedPolicy {
  /** Part of the names of its schedules. */
  readonly name: string;
  readonly overlap: OverlapOptions & { readonly rule: OverlapRule };
  /** Unfinished tasks at once. */
  readonly runningMax: number;
  /** Times that wait. */
  readonly waitingMax: number;
}

/** All of them. */
export const policies: readonly TriedPolicy[] = [
  {
    ...{ name: 'allow', overlap: { rule: 'ALLOW' } },
    ...{ runningMax: Number.POSITIVE_INFINITY, waitingMax: 0 },
  },
  {
    ...{ name: 'allow-3', overlap: { rule: 'ALLOW', running: 3 } },
    ...{ runningMax: 3, waitingMax: 0 },
  },
  { name: 'skip', overlap: { rule: 'SKIP' }, runningMax: 1, waitingMax: 0 },
  {
    ...{ name: 'buffer-1', overlap: { rule: 'BUFFER', buffer: 1 } },
    ...{ runningMax: 1, waitingMax: 1 },
  },
  {
    ...{ name: 'buffer-5', overlap: { rule: 'BUFFER', buffer: 5 } },
    ...{ runningMax: 1, waitingMax: 5 },
  },
  // Of those that wait the newest fires: there is never another.
  { name: 'cancel', overlap: { rule: 'CANCEL' }, runningMax: 1, waitingMax: 1 },
];

/** The policy of a schedule by its name, `LABEL/POLICY/NUMBER`. */
export function policyOf(schedule: string): TriedPolicy {
  const [, name] = schedule.split('/');
  const policy = policies.find((each) => each.name === name);
  if (policy === undefined) throw new Error(`Schedule ${schedule} has none of the policies.`);
  return policy;
}
