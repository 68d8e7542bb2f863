// The end of all tasks, seen from a client process: for databases that answer nobody but their coordinator.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@muster/sdk';
import type { Settled } from '../protocol.ts';

/** Seldom: each look walks past every task, on the connection that the tasks need. */
const lookEveryMs = 250;

/** Waits until no task waits or runs; then reads every task's state and end. */
export async function settle(by: Client): Promise<Settled> {
  while (await anyOpen(by)) await sleep(lookEveryMs);
  const states: Record<string, number> = {};
  let endedAt = 0;
  for await (const { state, endTime } of by.list({ pageSize: 1_000 })) {
    states[state] = (states[state] ?? 0) + 1;
    endedAt = Math.max(endedAt, endTime?.getTime() ?? 0);
  }
  return { endedAt, states };
}

async function anyOpen(by: Client): Promise<boolean> {
  const open = by.list({
    states: ['DELAYED', 'WAITING', 'READY', 'RUNNING'],
    ...{ limit: 1, pageSize: 1 },
  });
  for await (const _ of open) return true;
  return false;
}
