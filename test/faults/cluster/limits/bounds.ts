// The limits that are tried, and what each allows.

import type { Client } from '@muster/sdk';
import { keyed, one, other, rated, two } from '../../../handlers/limited.ts';

/** A limit on leases. */
export interface Bound {
  /** For reports. */
  readonly name: string;
  /** Leases at once. */
  readonly max: number;
  /** All of them together, over all their keys. */
  readonly handlers: readonly string[];
  /** True: each key has as many. */
  readonly eachKey: boolean;
}

/** A limit on hand-overs. */
export interface RateBound {
  readonly handler: string;
  /** In each second. */
  readonly count: number;
  readonly burst: number;
}

const sharedName = 'limited.account';

/** Limits on leases. */
export const bounds: readonly Bound[] = [
  { name: 'handler', max: 2, handlers: [two.name], eachKey: false },
  { name: 'key', max: 1, handlers: [keyed.name], eachKey: true },
  { name: 'both', max: 3, handlers: [one.name, other.name], eachKey: false },
];

/** The limit on hand-overs. */
export const rateBound: RateBound = { handler: rated.name, count: 8, burst: 16 };

/** Sets all of them; nobody needs to have registered the handlers. */
export async function setBounds({ limits }: Client): Promise<void> {
  const { count, burst } = rateBound;
  await limits.set({ name: sharedName, concurrency: 3 });
  await limits.setHandler(two.name, { concurrency: 2 });
  await limits.setHandler(keyed.name, { keyConcurrency: 1 });
  for (const { name } of [one, other]) await limits.setHandler(name, { shared: [sharedName] });
  await limits.setHandler(rateBound.handler, { rate: { count, per: '1s', burst } });
}

/** What the product says is still under them; empty: nothing runs, and nothing waits. */
export async function readLeft({ limits }: Client): Promise<readonly string[]> {
  const { running } = await limits.get(sharedName);
  const left = running === 0 ? [] : [`limit ${sharedName} has ${running} running`];
  const names = [...bounds.flatMap(({ handlers }) => handlers), rateBound.handler];
  for (const name of names) {
    const flow = await limits.handler(name);
    if (!flow.settled || flow.running !== 0 || flow.waiting !== 0)
      left.push(`${name} has ${flow.running} running and ${flow.waiting} waiting`);
  }
  return left;
}
