// A client process of a bench, which does what it is told.

import { fileURLToPath } from 'node:url';
import { startNode } from '../../harness/processes.ts';
import type {
  Applied,
  ApplyOrder,
  Delayed,
  DelayOrder,
  Latencies,
  LatencyOrder,
  LimitOrder,
  Order,
  Settled,
  SubmitOrder,
  Submitted,
} from '../protocol.ts';

/** A client process. Orders are obeyed one after the other. */
export interface BenchClient {
  readonly pid: number;
  submit(order: Omit<SubmitOrder, 'order'>): Promise<Submitted>;
  latency(order: Omit<LatencyOrder, 'order'>): Promise<Latencies>;
  apply(order: Omit<ApplyOrder, 'order'>): Promise<Applied>;
  delay(order: Omit<DelayOrder, 'order'>): Promise<Delayed>;
  limit(order: Omit<LimitOrder, 'order'>): Promise<void>;
  settle(): Promise<Settled>;
  stop(): Promise<void>;
}

/** No order takes longer. */
const answerMs = 30 * 60_000;
const main = fileURLToPath(new URL('../client-main.ts', import.meta.url));

/** Starts a client process; `retryTimeout` '0s': refusals are not tried again. `count` clients share calls at a rate. */
export async function startBenchClient(
  address: string,
  retryTimeout = '60s',
  count = 1,
): Promise<BenchClient> {
  const process = await startNode(main, [address, retryTimeout, String(count)]);
  await process.line(/^client ready$/);
  const ask = async <Answer>(order: Order): Promise<Answer> => {
    const from = process.lines.length;
    process.write(`${JSON.stringify(order)}\n`);
    const [line] = await process.line(/^\{"answer":.*\}$/, { from, timeoutMs: answerMs });
    return (JSON.parse(line) as { answer: Answer }).answer;
  };
  return {
    pid: process.pid,
    submit: (order) => ask({ order: 'submit', ...order }),
    latency: (order) => ask({ order: 'latency', ...order }),
    apply: (order) => ask({ order: 'apply', ...order }),
    delay: (order) => ask({ order: 'delay', ...order }),
    limit: async (order) => void (await ask({ order: 'limit', ...order })),
    settle: () => ask({ order: 'settle' }),
    stop: async () => {
      await process.end('SIGTERM');
    },
  };
}
