// The process that measures the floor, apart from whoever asks: its client's work is part of the
// figures. Takes a `FloorTask` as JSON, prints a `Floor` as one line of JSON.

import type pg from 'pg';
import { dealBatches } from './batches.ts';
import type { Floor, FloorTask } from './floor.ts';
import { batchSizes, bestOf } from './floor.ts';
import { connect, live, type Shape } from './lives.ts';

const connections = 2;
/** The best of so many runs of each batch and shape counts: noise only ever takes away. */
const rounds = 2;
const warmUpTasks = 2_000;

async function main(task: FloorTask): Promise<Floor> {
  const clients = await Promise.all(
    Array.from({ length: connections }, () => connect(task.databaseUrl)),
  );
  const caretaker = await connect(task.databaseUrl);
  await requireRealCommits(caretaker);
  let begun = 0;
  const measure = async (shape: Shape, batch: number, tasks: number): Promise<number> => {
    const shares = dealBatches(tasks, { batch, inputBytes: task.inputBytes, connections });
    begun += tasks;
    const start = performance.now();
    const ended = await Promise.all(
      clients.map((client, at) => live(client, shape, shares[at] ?? [])),
    );
    const seconds = (performance.now() - start) / 1000;
    const sum = ended.reduce((total, count) => total + count, 0);
    if (sum !== tasks) throw new Error(`${sum} of ${tasks} tasks ended (${shape}, ${batch}).`);
    return tasks / seconds;
  };
  const rates = await measureAll(caretaker, task, measure);
  await requireAllEnded(caretaker, begun);
  await Promise.all([...clients, caretaker].map((client) => client.end()));
  return rates;
}

async function measureAll(
  caretaker: pg.Client,
  task: FloorTask,
  measure: (shape: Shape, batch: number, tasks: number) => Promise<number>,
): Promise<Floor> {
  const batches = { twoWrites: rates(), threeWrites: rates() };
  const shapes: readonly Shape[] = ['twoWrites', 'threeWrites'];
  for (const shape of shapes) await measure(shape, 200, Math.min(warmUpTasks, task.tasks));
  for (let round = 0; round < rounds; round += 1) {
    // Up and down again, so that a slow minute of the machine does not fall on one batch alone.
    for (const batch of round % 2 === 0 ? batchSizes : batchSizes.toReversed()) {
      for (const shape of round % 2 === 0 ? shapes : shapes.toReversed()) {
        await cleanUp(caretaker);
        const rate = await measure(shape, batch, task.tasks);
        batches[shape][batch] = Math.max(batches[shape][batch] ?? 0, Math.round(rate));
      }
    }
  }
  return {
    twoWrites: bestOf(batches.twoWrites),
    threeWrites: bestOf(batches.threeWrites),
    batches,
  };
}

function rates(): Record<number, number> {
  return {};
}

/** What a run left behind must not fall on the next one. */
async function cleanUp(caretaker: pg.Client): Promise<void> {
  await caretaker.query('VACUUM tasks');
  await caretaker.query('CHECKPOINT');
}

async function requireRealCommits(caretaker: pg.Client): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit']) {
    const { rows } = await caretaker.query<Record<string, string>>(`SHOW ${name}`);
    if (rows[0]?.[name] !== 'on') throw new Error(`A floor without ${name} says nothing.`);
  }
}

async function requireAllEnded(caretaker: pg.Client, begun: number): Promise<void> {
  const { rows } = await caretaker.query<{ count: string }>(
    'SELECT count(*) FROM tasks WHERE state = 5 AND output IS NOT NULL',
  );
  if (Number(rows[0]?.count) !== begun) {
    throw new Error(`${rows[0]?.count} of ${begun} tasks have an outcome.`);
  }
}

const floor = await main(JSON.parse(process.argv[2] ?? '{}') as FloorTask);
console.log(JSON.stringify(floor));
