// graphile-worker, as its page "Performance" sets it up for the figures that it quotes: 24 jobs at a
// time, a local queue, completions and failures in batches without delay, and jobs stored by one
// call of add_jobs for many. Waiting workers are woken by LISTEN and NOTIFY.

import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import type { JobPayload, JobWorker, Peer, Producer } from './peer.ts';

const task = 'job';
const concurrentJobs = 24;
/**
 * As in the page's own measurement. The page leaves the size to the user; whoever's process dies leaves as many jobs
 * locked for hours. In turns in one run, 2,000 was 1.1 to 1.2 times as fast as 500.
 */
const localQueueSize = 500;
/** Connections that store jobs; with more, the calls get in each other's way on two cores. */
const producerConnections = 4;
const logger = new Logger(() => () => {});

/** Its adapter. */
export const graphileWorker: Peer = {
  prepare: async (url) => {
    const utils = await makeWorkerUtils({ connectionString: url, logger });
    await utils.migrate();
    await utils.release();
  },
  openProducer,
  openWorker,
};

async function openProducer(url: string): Promise<Producer> {
  const client = new pg.Pool({ connectionString: url, max: producerConnections });
  return {
    batchMax: 1_000,
    insert: async (payloads) => {
      const jobs = payloads.map((payload) => ({ identifier: task, payload }));
      await client.query({
        name: 'add_jobs',
        text: `SELECT 1 FROM graphile_worker.add_jobs(
          array(SELECT json_populate_recordset(null::graphile_worker.job_spec, $1::json)))`,
        values: [JSON.stringify(jobs)],
      });
    },
    insertOne: async (payload) => {
      await client.query({
        name: 'add_job',
        text: 'SELECT 1 FROM graphile_worker.add_job($1, $2::json)',
        values: [task, JSON.stringify(payload)],
      });
    },
    remaining: async () => {
      const { rows } = await client.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM graphile_worker._private_jobs',
      );
      return rows[0]?.count ?? 0;
    },
  };
}

/** One cron item of each minute, which is as often as there can be. What it is late by cannot be set. */
export async function openGraphileEachMinute(url: string, onStart: () => void): Promise<void> {
  await run({
    preset: { worker: { connectionString: url, concurrentJobs } },
    logger,
    noHandleSignals: true,
    crontab: `* * * * * ${task}`,
    taskList: { [task]: onStart },
  });
}

async function openWorker(
  url: string,
  _purpose: string,
  onStart: (payload: JobPayload) => void,
): Promise<JobWorker> {
  const runner = await run({
    preset: {
      worker: {
        connectionString: url,
        concurrentJobs,
        maxPoolSize: concurrentJobs + 1,
        localQueue: { size: localQueueSize },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    logger,
    noHandleSignals: true,
    parsedCronItems: [],
    taskList: {
      [task]: (payload) => {
        onStart(payload as JobPayload);
      },
    },
  });
  return { close: () => runner.stop() };
}
