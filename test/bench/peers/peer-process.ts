// A process of a peer: puts jobs in, or runs them, or both, as it is asked. Ends when nobody can ask
// any more.

import { bullmq } from './bullmq.ts';
import {
  type Answer,
  nanoseconds,
  type PeerProcessTask,
  type Progress,
  type Request,
} from './conversation.ts';
import { graphileWorker } from './graphile-worker.ts';
import { type JobPayload, type JobWorker, type Peer, type Producer, payloadOf } from './peer.ts';
import { pgBoss } from './pg-boss.ts';

const task = JSON.parse(process.argv[2] ?? '{}') as PeerProcessTask;
const peers = { graphileWorker, pgBoss, bullmq };
const peer: Peer = peers[task.name];
const drainMs = 60_000;
/** Calls under way at a time, as those of this project's own client. */
const callsAtOnce = 16;
/** Progress is told at most so often; a single job at once. */
const progressEveryMs = 5;

let producer: Producer | undefined;
let worker: JobWorker | undefined;
let progress: Progress = { handled: 0, sum: 0, firstAt: 0, lastAt: 0 };
let timer: NodeJS.Timeout | undefined;

function onStart({ id }: JobPayload): void {
  const lastAt = nanoseconds();
  const { handled, sum, firstAt } = progress;
  progress = { handled: handled + 1, sum: sum + id, firstAt: firstAt || lastAt, lastAt };
  if (task.purpose === 'latency') tellProgress();
  else if (timer === undefined) timer = setTimeout(tellProgress, progressEveryMs);
}

function tellProgress(): void {
  timer = undefined;
  say({ kind: 'progress', ...progress });
}

async function perform(request: Request): Promise<void> {
  const { url, purpose } = task;
  if (request.do === 'prepare') await peer.prepare(url, purpose);
  else if (request.do === 'openProducer') producer = await peer.openProducer(url, purpose);
  else if (request.do === 'openWorker') {
    progress = { handled: 0, sum: 0, firstAt: 0, lastAt: 0 };
    worker = await peer.openWorker(url, purpose, onStart);
  } else if (request.do === 'closeWorker') await worker?.close();
  else if (request.do === 'insert') await insert(opened(), request);
  else await drain(opened());
}

function opened(): Producer {
  if (!producer) throw new Error('This process has no producer.');
  return producer;
}

async function insert(
  into: Producer,
  { from, count, one }: { from: number; count: number; one: boolean },
): Promise<void> {
  if (one) return into.insertOne(payloadOf(from, task.inputBytes));
  const batchMax = Math.min(into.batchMax, task.callJobsMax);
  let next = from;
  const submit = async () => {
    while (next < from + count) {
      const at = next;
      const length = Math.min(batchMax, from + count - at);
      next += length;
      await into.insert(Array.from({ length }, (_, n) => payloadOf(at + n, task.inputBytes)));
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, submit));
}

/** Returns once every job has been completed. Each look is a question to the peer's database. */
async function drain(from: Producer): Promise<void> {
  const deadline = performance.now() + drainMs;
  for (let left = await from.remaining(); left > 0; left = await from.remaining()) {
    if (performance.now() > deadline) throw new Error(`${left} jobs are left.`);
  }
}

function say(message: Answer): void {
  process.send?.(message);
}

// Questions are answered one after the other.
let turn = Promise.resolve();
process.on('message', (request: Request) => {
  turn = turn.then(async () => {
    const begin = nanoseconds();
    await perform(request);
    say({ kind: 'done', begin, end: nanoseconds() });
  });
});
process.on('disconnect', () => process.exit(0));
