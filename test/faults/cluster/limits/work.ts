// Work under every limit, submitted second by second while others break the cluster; and what came of it when it is calm.

import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '@muster/sdk';
import { keyed, type LimitedInput, one, other, rated, two } from '../../../handlers/limited.ts';
import { eventually } from '../../../harness/eventually.ts';
import { uuidV7 } from '../../../harness/task-ids.ts';
import { Chance } from '../../../simulation/world/chance.ts';
import { readRuns } from '../../history.ts';
import type { Cluster } from '../places/cluster.ts';
import { calm } from '../schedules/evidence.ts';
import { type Evidence, readEvidence } from '../verdict/evidence.ts';
import { bounds, rateBound, readLeft, setBounds } from './bounds.ts';
import { countLanes, keepLedger, readLedger } from './ledger.ts';
import { judgeLedger, type LedgerVerdict } from './verdict.ts';

/** What agents of a cluster with limits run. */
export const limitedFile = fileURLToPath(new URL('../../../handlers/limited.ts', import.meta.url));

/** What is to be played. */
export interface LimitedWork {
  /** Label of all tasks. */
  readonly label: string;
  readonly history: string;
  readonly seed: number;
  /** It is submitted over so many seconds. */
  readonly seconds: number;
  /** Tasks of each handler. */
  readonly tasks: Readonly<Record<HandlerPart, number>>;
  readonly keys: number;
  /** How long each attempt runs, in milliseconds: at least, and less than. */
  readonly runMs: LimitedInput['runMs'];
  /** How long calm may take to come. */
  readonly calmMs: number;
}

/** Handlers by their part. */
export type HandlerPart = keyof typeof handlers;

/** What came of it. */
export interface LimitedResult extends LedgerVerdict, Evidence {
  readonly submitted: number;
  /** One for each slot of each limit, when all was calm. */
  readonly freshTasks: number;
  /** The one of them that waited longest for its hand-over, by the clock of the database. */
  readonly slowest: { readonly ms: number; readonly what: string | undefined } | undefined;
}

/** Work that goes on. */
export interface RunningWork {
  /** When the last is submitted, in milliseconds since 1970. */
  readonly lastAt: number;
  /** Waits for the end and for calm, and judges. */
  end(): Promise<LimitedResult>;
}

const handlers = { two, keyed, one, other, rated };
/** Tasks of one key follow each other, so that all but the first have to wait. */
const tasksOfKey = 5;
/** Keys of handlers whose limit is over all keys: in one lane their tasks could not race each other. */
const lanes = [undefined, 'a', 'b', 'c'] as const;
const cancelledShare = 0.05;
const cancelWithinMs = 3_000;
const leftMs = 15_000;
/** Whoever is found by a safety poll only, after 4 to 5 s, was forgotten until then. */
const freshWithinMs = 2_500;

/** Sets the limits, and begins to submit. */
export async function startLimited(cluster: Cluster, asked: LimitedWork): Promise<RunningWork> {
  const client = cluster.connect('60s');
  await keepLedger(cluster.databaseUrl);
  await setBounds(client);
  const chance = new Chance(asked.seed);
  const ids = new Set<string>();
  const lastAt = Date.now() + asked.seconds * 1_000;
  const submitting = submitAll(client, asked, chance, ids);
  // Whether it failed is told by `end`.
  submitting.catch(() => {});
  return {
    lastAt,
    async end() {
      await submitting;
      await calm(cluster.databaseUrl, asked.label, asked.calmMs);
      const left = await waitForNothing(client, cluster.databaseUrl);
      const fresh = await runFresh(client, asked);
      const evidence = await readEvidence(cluster.databaseUrl, asked.label);
      const verdict = judgeLedger(await readLedger(cluster.databaseUrl), bounds, rateBound);
      const stored = new Set(evidence.tasks.map(({ id }) => id));
      const lost = [...ids].filter((id) => !stored.has(id)).map((id) => `${id} is lost`);
      const faults = [...verdict.faults, ...lost, ...left, ...fresh.faults];
      const { freshTasks, slowest } = fresh;
      return { ...verdict, ...evidence, faults, submitted: ids.size, freshTasks, slowest };
    },
  };
}

/** A task to come. */
interface PlannedTask {
  readonly id: string;
  readonly key: string | undefined;
  readonly idempotencyKey: string;
  /** Undefined: nobody cancels it. */
  readonly cancelAfterMs: number | undefined;
}

/** Clients try again for long, so that all of it is stored. */
async function submitAll(
  client: Client,
  asked: LimitedWork,
  chance: Chance,
  ids: Set<string>,
): Promise<void> {
  const begunAt = Date.now();
  const open: Promise<void>[] = [];
  for (let second = 0; second < asked.seconds; second += 1) {
    await sleep(Math.max(0, begunAt + second * 1_000 - Date.now()));
    for (const part of Object.keys(handlers) as HandlerPart[]) {
      const planned = planSecond(asked, part, second, chance);
      for (const { id } of planned) ids.add(id);
      const submit = submitSome(client, asked, part, planned);
      // Told when all are awaited.
      submit.catch(() => {});
      open.push(submit);
    }
  }
  await Promise.all(open);
}

/** The share of one second. */
function planSecond(
  { label, tasks, seconds, keys }: LimitedWork,
  part: HandlerPart,
  second: number,
  chance: Chance,
): readonly PlannedTask[] {
  const first = Math.floor((tasks[part] * second) / seconds);
  const end = Math.floor((tasks[part] * (second + 1)) / seconds);
  return Array.from({ length: end - first }, (_, at) => {
    const n = first + at;
    return {
      ...{ id: uuidV7(), idempotencyKey: `${label}/${part}/${n}` },
      key: part === 'keyed' ? `k${Math.floor(n / tasksOfKey) % keys}` : lanes[n % lanes.length],
      cancelAfterMs: chance.happens(cancelledShare) ? chance.between(0, cancelWithinMs) : undefined,
    };
  });
}

async function submitSome(
  client: Client,
  { label, history, seed, runMs }: LimitedWork,
  part: HandlerPart,
  planned: readonly PlannedTask[],
): Promise<void> {
  const input: LimitedInput = { history, seed, runMs, failing: 0.1, deaf: 0.05 };
  await Promise.all(
    planned.map(async ({ id, key, idempotencyKey, cancelAfterMs }) => {
      const options = { id, idempotencyKey, labels: { story: label }, ...(key && { key }) };
      await client.submit(handlers[part], input, options);
      if (cancelAfterMs === undefined) return;
      await sleep(cancelAfterMs);
      await client.cancel({ ids: [id] });
    }),
  );
}

/** What is left although every task has ended; rows of lanes go when somebody next looks at them. */
async function waitForNothing(client: Client, databaseUrl: string): Promise<readonly string[]> {
  let left: readonly string[] = [];
  const read = async () => {
    const lanes = await countLanes(databaseUrl);
    left = [...(await readLeft(client)), ...(lanes === 0 ? [] : [`${lanes} lanes have work`])];
    return left;
  };
  await eventually(read, ({ length }) => length === 0, { timeoutMs: leftMs }).catch(() => {});
  return left;
}

/** A task for each slot of each limit, all at once: whatever slot was orphaned is one too few. */
async function runFresh(client: Client, { label, history, seed, keys, runMs }: LimitedWork) {
  const gate = `${history}.gate`;
  const input: LimitedInput = { history, seed, runMs, gate };
  const labels = { story: `${label}-fresh` };
  const allKeys = Array.from({ length: keys }, (_, n) => `k${n}`);
  const asked: readonly (readonly [HandlerPart, string?])[] = [
    ...(['two', 'two', 'one', 'one', 'other', 'rated'] as const).map((part) => [part] as const),
    ...allKeys.map((key) => ['keyed', key] as const),
  ];
  const tasks = await Promise.all(
    asked.map(([part, key]) =>
      client.submit(handlers[part], input, { labels, ...(key && { key }) }),
    ),
  );
  const ids = new Map(tasks.map(({ id }, at) => [id, asked[at]?.join(' ')]));
  const begun = () => new Set(readRuns(history).map(({ taskId }) => taskId));
  const waiting = () => {
    const ran = begun();
    return [...ids].flatMap(([id, what]) => (ran.has(id) ? [] : [`${what} (${id})`]));
  };
  await eventually(waiting, ({ length }) => length === 0, { timeoutMs: freshWithinMs }).catch(
    () => {},
  );
  const late = waiting().map(
    (what) => `a fresh task did not start within ${freshWithinMs} ms: ${what}`,
  );
  writeFileSync(gate, '');
  const results = await Promise.allSettled(tasks.map((task) => task.result({ timeout: '20s' })));
  const failed = results.flatMap((each) =>
    each.status === 'rejected' ? [`a fresh task: ${String(each.reason)}`] : [],
  );
  const waits = await Promise.all(
    tasks.map(async (task) => {
      const { leaseTime, createTime } = await task.get();
      return {
        ms: (leaseTime?.getTime() ?? 0) - (createTime?.getTime() ?? 0),
        what: ids.get(task.id),
      };
    }),
  );
  const slowest = waits.toSorted((a, b) => b.ms - a.ms)[0];
  return { faults: [...late, ...failed], slowest, freshTasks: asked.length };
}
