// Submits tasks in a client process: so many calls under way at a time, or at a rate whatever becomes of them.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, MusterError } from '@muster/sdk';
import type { SubmitOrder, Submitted } from '../protocol.ts';

/** gRPC's code for "no room". */
const resourceExhausted = 8;
/** Larger inputs are made of chance, because a database would compress anything else to nothing. */
const plainBytesMax = 1_000;
const tickMs = 5;

/** An input that takes so many bytes as JSON. */
export function inputOf(bytes: number): { text: string } {
  const length = Math.max(0, bytes - '{"text":""}'.length);
  const text =
    length <= plainBytesMax ? 'x'.repeat(length) : randomBytes(length).toString('base64');
  return { text: text.slice(0, length) };
}

/** Keeps so many calls under way. */
export async function submit(by: Client, order: SubmitOrder): Promise<Submitted> {
  const calls = countedCalls([by], order);
  const endAt = calls.beganAt + (order.forMs ?? Number.POSITIVE_INFINITY);
  let left = order.tasks;
  const loop = async () => {
    while (left > 0 && Date.now() < endAt) {
      const count = Math.min(left, order.callTasks);
      left -= count;
      await calls.send(count);
    }
  };
  await Promise.all(Array.from({ length: order.inFlight }, loop));
  return calls.count();
}

/** Begins calls when their time has come, whether or not earlier ones have returned. */
export async function submitAtRate(
  by: readonly Client[],
  order: SubmitOrder,
  perSecond: number,
): Promise<Submitted> {
  const { callTasks, forMs = Number.POSITIVE_INFINITY } = order;
  const calls = countedCalls(by, order);
  const underWay = new Set<Promise<void>>();
  const begunAt = performance.now();
  let sent = 0;
  for (let elapsed = 0; elapsed < forMs && sent < order.tasks; ) {
    const due = Math.min(order.tasks, (elapsed / 1000) * perSecond);
    for (; sent + callTasks <= due; sent += callTasks) {
      const call = calls.send(callTasks).then(() => void underWay.delete(call));
      underWay.add(call);
    }
    await sleep(tickMs);
    elapsed = performance.now() - begunAt;
  }
  await Promise.all(underWay);
  return calls.count();
}

/** Calls of one order by clients in turn, and what became of their tasks. */
function countedCalls(
  clients: readonly Client[],
  { handler, callTasks, inputBytes, keys }: SubmitOrder,
) {
  const input = inputOf(inputBytes);
  const inputs = Array.from({ length: callTasks }, () => input);
  const refused: Record<string, number> = {};
  const beganAt = Date.now();
  let submitted = 0;
  let exhausted = 0;
  let calls = 0;
  let keyed = 0;
  const keyOf = () => {
    keyed += 1;
    return { key: keys === 'each' ? `key-${keyed}` : (keys?.[keyed % keys.length] ?? '') };
  };
  const options = keys === undefined ? {} : keyOf;
  return {
    beganAt,
    send: async (count: number): Promise<void> => {
      const by = clients[calls % clients.length] as Client;
      calls += 1;
      try {
        if (callTasks === 1) await by.submit(handler, input);
        else await by.submitMany(handler, inputs.slice(0, count), options);
        submitted += count;
      } catch (error) {
        const { reason, code } =
          error instanceof MusterError ? error : { reason: String(error), code: undefined };
        refused[reason] = (refused[reason] ?? 0) + count;
        if (code === resourceExhausted) exhausted += count;
      }
    },
    count: (): Submitted => ({ submitted, refused, exhausted, beganAt, endedAt: Date.now() }),
  };
}
