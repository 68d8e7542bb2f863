// How late a task starts that was to start at a certain time: because it was submitted with a delay, or because it failed
// and is tried again. Nothing else is to be done.
//
// When it was due is read from its row, and so by the database's clock; when it started is noted by the handler. Both are on
// one machine, so that this is one clock; the handler reads it in whole milliseconds.

import { setTimeout as sleep } from 'node:timers/promises';
import { megabytes } from '../figures.ts';
import type { TimedStart } from '../protocol.ts';
import { percentilesOf, type Result } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { type System, withSystem } from '../system.ts';

interface Why {
  readonly variant: string;
  readonly delayMs: { readonly least: number; readonly most: number };
  /** So many attempts fail; the one after is what is measured. */
  readonly failures: number;
}

const whys: readonly Why[] = [
  { variant: 'delayed', delayMs: { least: 1_000, most: 3_000 }, failures: 0 },
  { variant: 'retried', delayMs: { least: 0, most: 0 }, failures: 1 },
];

const slots = 100;
const perSecond = 10;
/** Before anything is measured: code is compiled, plans are made, connections are open. */
const warmUpMs = 2_000;
/** Tasks of the warm-up are due by then. */
const dueWithinMs = 3_000;

/** One result for delays, one for retries. */
export const due: Scenario = {
  name: 'due',
  about: 'due time → start, of tasks with a delay and of retries, 10 a second',
  extent: { seconds: 60 },
  engines: ['postgres'],
  beside: 'nothing',
  run: (context) => eachVariant(context, whys, async (why) => [await measure(context, why)]),
};

function measure(context: ScenarioContext, why: Why): Promise<Result> {
  const { server, nats, tasks, seconds } = context;
  return withSystem({ server, nats }, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    const { variant, delayMs, failures } = why;
    const order = { tasks, perSecond, delayMs, failures };
    await agents.join();
    await client.delay({ ...order, forMs: warmUpMs });
    await sleep(dueWithinMs);
    await observer.settled();
    await agents.take();
    const { submitted } = await client.delay({ ...order, forMs: seconds * 1_000 });
    await observer.settled();
    const { starts } = await agents.take();
    const lateMs = await latenessOf(system, starts, failures + 1);
    return {
      ...{ scenario: 'due', variant, database: server.engine, tasks: lateMs.length },
      ...{ latencyMs: percentilesOf(lateMs), memoryMb: megabytes(coordinator.memoryPeak()) },
      facts: { 'not started': submitted - lateMs.length },
    };
  });
}

/** Of the attempts with this number: their start after the time that their task was due last. */
async function latenessOf(
  { observer }: System,
  starts: readonly TimedStart[],
  measured: number,
): Promise<readonly number[]> {
  const rows = await observer.run<{ id: string; due: string }>(
    'SELECT id, extract(epoch FROM due_at) * 1000 AS due FROM tasks',
  );
  const dueAt = new Map(rows.map(({ id, due }) => [id, Number(due)]));
  return starts.flatMap(([taskId, attempt, , startedAt]) => {
    const at = dueAt.get(taskId);
    return attempt === measured && at !== undefined ? [startedAt - at] : [];
  });
}
