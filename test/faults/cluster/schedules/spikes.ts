// Many schedules that are due at the same moments, again and again, while coordinators are killed.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { defineSchedule, type ScheduleDefinition } from '@muster/sdk';
import { type ScheduledInput, scheduled } from '../../../handlers/scheduled.ts';
import { readRuns } from '../../history.ts';
import type { Cluster } from '../places/cluster.ts';
import { calm, readSchedules } from './evidence.ts';
import { judgeOnce, multiples, type OnceVerdict } from './exactly-once.ts';

/** What agents of a cluster with schedules run. */
export const scheduledFile = fileURLToPath(
  new URL('../../../handlers/scheduled.ts', import.meta.url),
);

/** Spikes that are to come. */
export interface Spikes {
  /** Label of all tasks, and beginning of all names. */
  readonly label: string;
  readonly history: string;
  readonly schedules: number;
  readonly everySeconds: number;
  readonly count: number;
  readonly runMs?: ScheduledInput['runMs'];
}

/** Spikes that come. */
export interface ComingSpikes {
  /** Their nominal times, in milliseconds since 1970: by arithmetic. */
  readonly times: readonly number[];
  /** Waits for the last of them and for calm, and judges. */
  end(): Promise<OnceVerdict>;
}

/** Time to make the schedules, for each thousand of them. */
const makeMs = 1_500;

/** Makes the schedules; the first spike comes as soon as all are made. */
export async function startSpikes(cluster: Cluster, spikes: Spikes): Promise<ComingSpikes> {
  const { label, history, everySeconds } = spikes;
  const everyMs = everySeconds * 1_000;
  const from = Date.now() + 1_000 + Math.ceil(spikes.schedules / 1_000) * makeMs;
  const [first = 0] = multiples(everyMs, from, from + everyMs);
  const end = first + spikes.count * everyMs;
  const names = Array.from({ length: spikes.schedules }, (_, n) => `${label}/${n}`);
  const input = { history, seed: 0, runMs: spikes.runMs ?? [0, 1] } satisfies ScheduledInput;
  const made = await cluster.connect('60s').schedules.apply(
    names.map((name) =>
      defineSchedule<ScheduledInput>({
        ...{ name, handler: scheduled, input, ...labelled(label, name) },
        ...{ cron: `*/${everySeconds} * * * * *`, startTime: new Date(first) },
        endTime: new Date(end),
      }),
    ),
  );
  if (made.length !== names.length || Date.now() >= first)
    throw new Error(`${made.length} schedules were made ${Date.now() - first} ms too late.`);
  const times = multiples(everyMs, first, end);
  return {
    times,
    async end() {
      await until(times.at(-1) ?? 0);
      await calm(cluster.databaseUrl, label);
      const evidence = await readSchedules(cluster.databaseUrl, label);
      const runs = readRuns(history).filter(({ key }) => key?.startsWith(`${label}/`));
      return judgeOnce(names, times, evidence, runs);
    },
  };
}

/** By which the tasks of a schedule are found. */
export function labelled(label: string, name: string): Pick<ScheduleDefinition, 'labels'> {
  return { labels: { story: label, schedule: name } };
}

/** Waits until a moment of the calendar. */
export async function until(time: number): Promise<void> {
  await sleep(Math.max(0, time - Date.now()));
}
