// pg-boss, as its pages "Workers", "Jobs" and "Queues" advise for speed: a queue with a table of its
// own (`partition`), `insert` for many jobs, large batches fetched without order and without a pause
// while they come back full (`burstWhenBatchFull`), and workers that are woken by LISTEN and NOTIFY.
//
// Batches of 1,000 were a tenth faster than of 500 and a third faster than of 2,000. Two workers in a
// process were faster than one where there was one process, and within the noise where there were three.

import pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { JobPayload, JobWorker, Peer, Producer, Purpose } from './peer.ts';

const queue = 'job';
const batchSize = 1_000;
const workersPerProcess = 2;
const stopMs = 10_000;

/** Its adapter. */
export const pgBoss: Peer = {
  prepare: async (url) => {
    const boss = await open(url, true);
    await boss.createQueue(queue, { notify: true, partition: true });
    await boss.stop({ graceful: false });
  },
  openProducer,
  openWorker,
};

async function open(url: string, migrate: boolean): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    migrate,
    supervise: false,
    schedule: false,
    useListenNotify: true,
  });
  boss.on('error', (error) => console.error(error)); // Shown if the process fails.
  return boss.start();
}

async function openProducer(url: string): Promise<Producer> {
  const boss = await open(url, false);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    batchMax: batchSize,
    insert: async (payloads) => {
      await boss.insert(
        queue,
        payloads.map((data) => ({ data })),
      );
    },
    insertOne: async (payload) => {
      await boss.send(queue, payload);
    },
    remaining: async () => {
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pgboss.job WHERE name = $1 AND state <> 'completed'`,
        [queue],
      );
      return rows[0]?.count ?? 0;
    },
  };
}

/**
 * One schedule of each minute, which is as often as there can be; every interval that makes it late is set to the least that
 * is allowed: looks at schedules (30 s by default), looks for what they ask for (5 s), looks for jobs (2 s).
 */
export async function openBossEachMinute(url: string, onStart: () => void): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    cronMonitorIntervalSeconds: 1,
    cronWorkerIntervalSeconds: 1,
    useListenNotify: true,
  });
  boss.on('error', (error) => console.error(error)); // Shown if the process fails.
  await boss.start();
  await boss.createQueue(queue, { notify: true });
  await boss.work(queue, { pollingIntervalSeconds: 0.5 }, async () => onStart());
  await boss.schedule(queue, '* * * * *');
}

async function openWorker(
  url: string,
  purpose: Purpose,
  onStart: (payload: JobPayload) => void,
): Promise<JobWorker> {
  const boss = await open(url, false);
  await boss.work<JobPayload>(
    queue,
    {
      batchSize: purpose === 'latency' ? 1 : batchSize,
      localConcurrency: workersPerProcess,
      pollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
      priority: false,
      orderByCreatedOn: false,
    },
    async (jobs) => {
      for (const job of jobs) onStart(job.data);
    },
  );
  return { close: () => boss.stop({ graceful: true, timeout: stopMs }) };
}
