// BullMQ, as its pages "Adding jobs in bulk", "Concurrency" and "Auto-removal of jobs" advise: jobs
// stored by addBulk, a worker that runs many at once, and completed jobs removed.

import { type Job, Queue, Worker } from 'bullmq';
import type { JobPayload, JobWorker, Peer, Producer } from './peer.ts';

const queueName = 'job';
const concurrency = 100;
const jobOptions = { removeOnComplete: true, removeOnFail: 1_000 };

/** Its adapter; its URL is Redis'. */
export const bullmq: Peer = {
  prepare: async () => {},
  openProducer,
  openWorker,
};

function connectionOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

async function openProducer(url: string): Promise<Producer> {
  const queue = new Queue<JobPayload>(queueName, { connection: connectionOf(url) });
  await queue.waitUntilReady();
  return {
    batchMax: 1_000,
    insert: async (payloads) => {
      await queue.addBulk(payloads.map((data) => ({ name: 'job', data, opts: jobOptions })));
    },
    insertOne: async (data) => {
      await queue.add('job', data, jobOptions);
    },
    remaining: async () => {
      const counts = await queue.getJobCounts();
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
  };
}

async function openWorker(
  url: string,
  _purpose: string,
  onStart: (payload: JobPayload) => void,
): Promise<JobWorker> {
  const run = async ({ data }: Job<JobPayload>) => onStart(data);
  const worker = new Worker(queueName, run, { connection: connectionOf(url), concurrency });
  worker.on('error', (error) => console.error(error)); // Shown if the process fails.
  await worker.waitUntilReady();
  return { close: () => worker.close() };
}
