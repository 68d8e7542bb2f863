// How long a job of a peer waits that is submitted by itself, while nothing else is to be done.

import type { PeerName } from './peer.ts';
import { type Skipped, withCrew } from './places.ts';

/** Milliseconds from the call that submits a job to the start of its handler, one job at a time. */
export interface PeerLatency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const warmUpSamples = 20;
const inputBytes = 90;

/** Measures one job at a time, stored by one process and run by another, completed before the next. */
export async function measurePeerLatency(
  name: PeerName,
  options: { readonly postgresUrl: string; readonly samples: number },
): Promise<PeerLatency | Skipped> {
  const { postgresUrl, samples } = options;
  const where = { postgresUrl, inputBytes, workerProcesses: 1 } as const;
  const latencies = await withCrew(name, 'latency', where, async (crew) => {
    await crew.openWorkers();
    const times: number[] = [];
    for (let id = 0; id < warmUpSamples + samples; id += 1) {
      const { begin } = await crew.insertOne(id);
      const { lastAt } = await crew.started(id + 1);
      times.push((lastAt - begin) / 1e6);
      await crew.drain();
    }
    return times.slice(warmUpSamples);
  });
  return 'skipped' in latencies ? latencies : percentilesOf(latencies);
}

function percentilesOf(times: readonly number[]): PeerLatency {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return Math.round(value * 1000) / 1000;
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}
