// Whether a key with a million waiting tasks slows other keys: the latency of tasks of a hundred keys, each of which may run one at a
// time, alone and beside that one.

import { megabytes } from '../figures.ts';
import { type Result, round } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { withSystem } from '../system.ts';

interface Crowd {
  readonly variant: string;
  /** Tasks of one other key wait. */
  readonly crowded: boolean;
}

const alone = 'alone';
const crowds: readonly Crowd[] = [
  { variant: alone, crowded: false },
  { variant: 'beside a full key', crowded: true },
];
const handler = 'bench.started';
const limits = { keyConcurrency: 1 };
const keys = Array.from({ length: 100 }, (_, n) => `key-${n}`);
const slots = 200;
const perSecond = 100;
/** Before anything is measured: code is compiled, plans are made, connections are open. */
const warmUpMs = 3_000;

/** One result of each: submit to start. */
export const crowd: Scenario = {
  name: 'crowd',
  about: 'submit → start of 100 keys, 1 of each at once, while one more key has all the tasks',
  extent: { tasks: 20_000, seconds: 20, behind: 1_000_000 },
  engines: ['postgres'],
  beside: 'nothing',
  run: async (context) =>
    comparedWithAlone(await eachVariant(context, crowds, (each) => measure(context, each))),
};

function comparedWithAlone(results: readonly Result[]): Result[] {
  const p99 = results.find(({ variant }) => variant === alone)?.latencyMs?.p99;
  return results.map((result) =>
    p99 === undefined || result.variant === alone || !result.latencyMs
      ? result
      : { ...result, ratios: { 'p99 alone': round(result.latencyMs.p99 / p99, 2) } },
  );
}

function measure(
  context: ScenarioContext,
  { variant, crowded }: Crowd,
): Promise<readonly Result[]> {
  const { server, tasks, seconds, behind, inputBytes } = context;
  return withSystem(context, { slots }, async ({ coordinator, agents, client, observer }) => {
    const order = { tasks, perSecond, inputBytes, keys, forMs: seconds * 1_000 };
    await client.limit({ handler, limits });
    if (crowded) {
      const line = { handler, callTasks: 100, inFlight: 16, inputBytes };
      await client.submit({ ...line, tasks: behind, keys: ['full'] });
      await observer.run('VACUUM (ANALYZE) tasks, lanes');
      await observer.run('CHECKPOINT');
    }
    await agents.join();
    await client.latency({ ...order, forMs: Math.min(warmUpMs, order.forMs) });
    const measured = await client.latency(order);
    const [row] = await observer.run<{ ended: string }>(
      `SELECT count(*) AS ended FROM tasks WHERE key = 'full' AND state = 5`,
    );
    const facts = {
      'waiting of the full key': crowded ? behind : 0,
      'ended of it': Number(row?.ended ?? 0),
    };
    const memoryMb = megabytes(coordinator.memoryPeak());
    const result = { scenario: 'crowd', variant, database: server.engine, tasks: measured.tasks };
    return [{ ...result, latencyMs: measured.toStart, memoryMb, facts }];
  });
}
