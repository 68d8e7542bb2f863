// The processes of one peer together: one that stores jobs, one or more that run them.

import type { PeerProcessTask, Progress, Span } from './conversation.ts';
import { type Member, startMember } from './member.ts';

/**
 * How many processes run jobs. `0`: the one that stores them does, so that there is one process in all.
 */
export type WorkerProcesses = 0 | 1 | 2;

/** The processes of a peer while they run. */
export interface Crew {
  /** Stores jobs with these numbers, in the peer's batches; when that began and ended. */
  insert(from: number, count: number): Promise<Span>;
  /** Stores one job by itself. */
  insertOne(id: number): Promise<Span>;
  openWorkers(): Promise<void>;
  closeWorkers(): Promise<void>;
  /** Waits until so many jobs have started since the workers were opened. */
  started(count: number): Promise<Progress>;
  /** Waits until every job that was stored is completed; when that was seen. */
  drain(): Promise<Span>;
  end(): Promise<void>;
}

const startMs = 60_000;

/** Starts the processes, lets the first prepare the peer, and opens its producer. */
export async function startCrew(
  task: PeerProcessTask,
  workerProcesses: WorkerProcesses,
): Promise<Crew> {
  const producer = startMember(task);
  const workers = Array.from({ length: workerProcesses }, () => startMember(task));
  const members = [producer, ...workers];
  const running = workers.length > 0 ? workers : [producer];
  const end = async () => {
    await Promise.all(members.map((member) => member.end()));
  };
  try {
    await producer.ask({ do: 'prepare' });
    await producer.ask({ do: 'openProducer' });
  } catch (error) {
    await end();
    throw error;
  }
  const tally = followProgress(running);
  return {
    insert: (from, count) => producer.ask({ do: 'insert', from, count, one: false }),
    insertOne: (id) => producer.ask({ do: 'insert', from: id, count: 1, one: true }),
    openWorkers: async () => {
      tally.forget();
      await Promise.all(running.map((worker) => worker.ask({ do: 'openWorker' })));
    },
    closeWorkers: async () => {
      await Promise.all(running.map((worker) => worker.ask({ do: 'closeWorker' })));
    },
    started: (count) => tally.until(count),
    drain: () => producer.ask({ do: 'drain' }),
    end,
  };
}

/** Adds up what the workers tell. */
function followProgress(workers: readonly Member[]): {
  until(count: number): Promise<Progress>;
  forget(): void;
} {
  const told = new Map<Member, Progress>();
  let look = () => {};
  for (const worker of workers) {
    worker.follow((progress) => {
      told.set(worker, progress);
      look();
    });
  }
  return {
    forget: () => told.clear(),
    until: (count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${sumOf(told).handled} of ${count} jobs started.`)),
          startMs,
        );
        look = () => {
          const sum = sumOf(told);
          if (sum.handled < count) return;
          clearTimeout(timer);
          resolve(sum);
        };
        look();
      }),
  };
}

function sumOf(told: ReadonlyMap<Member, Progress>): Progress {
  const parts = [...told.values()];
  return {
    handled: parts.reduce((sum, { handled }) => sum + handled, 0),
    sum: parts.reduce((sum, part) => sum + part.sum, 0),
    firstAt: Math.min(...parts.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...parts.map(({ lastAt }) => lastAt)),
  };
}
