// Schedules of every overlap policy, each second, with work that often takes longer than that.

import { defineSchedule } from '@muster/sdk';
import { fateOf, type ScheduledInput, scheduled } from '../../../handlers/scheduled.ts';
import { readRuns } from '../../history.ts';
import type { Cluster } from '../places/cluster.ts';
import { calm, readSchedules } from './evidence.ts';
import { multiples } from './exactly-once.ts';
import {
  countPolicies,
  type OverlapEvidence,
  overlapFaults,
  type PolicyCounts,
} from './overlap-verdict.ts';
import { policies } from './policies.ts';
import { startSentry } from './sentry.ts';
import { labelled, until } from './spikes.ts';

/** What is to be played. */
export interface Overlaps {
  /** Label of all tasks, and beginning of all names. */
  readonly label: string;
  readonly history: string;
  readonly schedulesOfEach: number;
  readonly seconds: number;
  readonly seed: number;
  /** How long each attempt runs, in milliseconds: at least, and less than. */
  readonly runMs: ScheduledInput['runMs'];
}

/** What came of it. */
export interface OverlapsResult extends OverlapEvidence {
  readonly faults: readonly string[];
  readonly counts: readonly PolicyCounts[];
  readonly looks: number;
}

/** Schedules that ask. */
export interface RunningOverlaps {
  /** The last nominal time, in milliseconds since 1970. */
  readonly lastAt: number;
  /** Waits for the end and for calm, and judges. */
  end(): Promise<OverlapsResult>;
}

const secondMs = 1_000;
const leadMs = 2_000;

/** Makes the schedules; they begin together. */
export async function startOverlaps(cluster: Cluster, asked: Overlaps): Promise<RunningOverlaps> {
  const { label, history, seed, runMs } = asked;
  const sentry = await startSentry(cluster.databaseUrl, label);
  const from = Math.ceil((Date.now() + leadMs) / secondMs) * secondMs;
  const to = from + asked.seconds * secondMs;
  const input: ScheduledInput = {
    ...{ history, seed, runMs },
    ...{ failing: 0.1, deaf: 0.05 },
  };
  const definitions = policies.flatMap(({ name: policy, overlap }) =>
    Array.from({ length: asked.schedulesOfEach }, (_, n) => {
      const name = `${label}/${policy}/${n}`;
      return defineSchedule<ScheduledInput>({
        ...{ name, handler: scheduled, input, overlap, ...labelled(label, name) },
        ...{ cron: '* * * * * *', startTime: new Date(from), endTime: new Date(to) },
      });
    }),
  );
  await cluster.connect('60s').schedules.apply(definitions);
  if (Date.now() >= from) throw new Error('The schedules were made too late.');
  const nominalTimes = multiples(secondMs, from, to);
  return {
    lastAt: nominalTimes.at(-1) ?? 0,
    async end() {
      await until(to);
      await calm(cluster.databaseUrl, label);
      const { looks } = sentry;
      const evidence: OverlapEvidence = {
        ...(await sentry.stop()),
        ...(await readSchedules(cluster.databaseUrl, label)),
        ...{ names: definitions.map(({ name }) => name), nominalTimes },
        heeding: readRuns(history).filter(
          ({ key = '' }) => key.startsWith(`${label}/`) && !fateOf(input, key).isDeaf,
        ),
      };
      const faults = overlapFaults(evidence);
      return { ...evidence, faults, counts: countPolicies(evidence), looks };
    },
  };
}

/** One line of a policy's counts. */
export function textOf({ policy, decisions, states, running, waiting }: PolicyCounts): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([word, count]) => `${count} ${word}`)
      .join(', ');
  return `${policy.padEnd(9)} ${list(decisions)}; tasks ${list(states)}; at most ${running} unfinished, ${waiting} waiting`;
}
