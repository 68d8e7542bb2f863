// What a peer is to the bench: something that jobs can be put into, and something that runs them.
// Each peer is one file that fills this in, set up as its own documentation advises for speed.

/** The peers that are measured. */
export type PeerName = 'graphileWorker' | 'pgBoss' | 'bullmq';

/** What a peer is set up for. */
export type Purpose = 'throughput' | 'latency';

/** What every job carries: its number, and a filler up to the asked size. */
export interface JobPayload {
  readonly id: number;
  readonly filler: string;
}

/** Where jobs are put. */
export interface Producer {
  /** Jobs per call of `insert` that the peer takes best. */
  readonly batchMax: number;
  /** Stores jobs in one call; settles when they are stored. */
  insert(payloads: readonly JobPayload[]): Promise<void>;
  /** Stores one job, as a program would that has no other. */
  insertOne(payload: JobPayload): Promise<void>;
  /** Jobs that have not been completed yet, in whatever state. */
  remaining(): Promise<number>;
}

/** What runs jobs until it is closed; closing waits for what runs. */
export interface JobWorker {
  close(): Promise<void>;
}

/** A peer, within a process of the bench. */
export interface Peer {
  /** Makes tables and queues in an empty place; once, before anything else. */
  prepare(url: string, purpose: Purpose): Promise<void>;
  openProducer(url: string, purpose: Purpose): Promise<Producer>;
  /** Calls `onStart` as each job starts; the job has nothing else to do. */
  openWorker(
    url: string,
    purpose: Purpose,
    onStart: (payload: JobPayload) => void,
  ): Promise<JobWorker>;
}

/** A payload whose JSON has this many bytes. */
export function payloadOf(id: number, bytes: number): JobPayload {
  const bare = JSON.stringify({ id, filler: '' }).length;
  return { id, filler: 'x'.repeat(Math.max(0, bytes - bare)) };
}
