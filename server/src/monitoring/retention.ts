/**
 * Room for what comes, and the end of what is finished: partitions ahead, deletes and drops behind.
 */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { LoopReport } from '../loop.ts';
import type { Retention, Store } from '../store/store.ts';

/** Rows that one statement deletes; more follow after a breath, so that the hot path is not starved. */
const deleteBatchMax = 1000;
const breathMs = 100;
/** Rows of lost and closed sessions are kept for readers of histories as long as finished tasks are. */
const deadCoordinatorMs = 24 * 3600 * 1000;

/** How long things are kept. */
type Retentions = Pick<Config, 'retentionWindowMs' | 'fireRetentionWindowMs'>;

/** Makes the partitions of the coming days. Runs before anything is stored, and hourly. */
export async function makeRoom(retention: Retention, logger: Logger): Promise<LoopReport> {
  const made = await retention.ensurePartitions();
  if (made > 0) logger.info({ partitions: made }, 'partitions were made');
  return { did: made };
}

/** One sweep over what is past retention, for a loop. */
export async function sweepFinished(
  { retention, schedules }: Store,
  { retentionWindowMs: retentionMs, fireRetentionWindowMs }: Retentions,
  logger: Logger,
): Promise<LoopReport> {
  const dropped = await retention.dropPartitions(retentionMs);
  if (dropped.length > 0) logger.info({ dropped }, 'partitions past retention were dropped');
  const deleted = await retention.deleteFinished(retentionMs, deleteBatchMax);
  const keys = await retention.deleteExpiredKeys(deleteBatchMax);
  const lanes = await retention.deleteIdleLanes(deleteBatchMax);
  const fires = await schedules.deleteFires(fireRetentionWindowMs, deleteBatchMax);
  const did = dropped.length + deleted + keys + lanes + fires;
  const more = Math.max(deleted, keys, lanes, fires) >= deleteBatchMax;
  return more ? { did, nextInMs: breathMs } : { did };
}

/** Forgets sessions and coordinators that ended long ago, for a loop. */
export async function prune(
  { sessions, coordinators }: Store,
  retentionMs: number,
): Promise<LoopReport> {
  const did = (await sessions.prune(retentionMs)) + (await coordinators.prune(deadCoordinatorMs));
  return did >= deleteBatchMax ? { did, nextInMs: breathMs } : { did };
}
