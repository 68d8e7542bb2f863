// One schedule of each minute here and at the peers, at the same time and on the same server: how late its job starts.

import { setTimeout as sleep } from 'node:timers/promises';
import { type MinutePeer, startEachMinute } from '../peers/minute.ts';
import { type Peers, percentilesOf, type Result } from '../result.ts';
import type { ScenarioContext } from '../scenario.ts';
import { withSystem } from '../system.ts';

/** The variant's name. */
export const eachMinute = 'each minute';

const minuteMs = 60_000;
const minutesLeast = 2;
const slots = 10;
/** Everybody is there so long before the first minute that is measured. */
const aheadMs = 5_000;
/** Who has not started by then, does not start for this minute. */
const patienceMs = 10_000;

/** Peers, by their own names. */
const peerNames: Readonly<Record<MinutePeer, string>> = {
  graphileWorker: 'graphile-worker',
  pgBoss: 'pg-boss',
};

/** Two minutes, or as many as the seconds have. What is shown of peers is the median. */
export function measureEachMinute({
  server,
  nats,
  seconds,
}: ScenarioContext): Promise<Result & { readonly peers: Peers }> {
  return withSystem({ server, nats }, { slots }, async ({ agents, client }) => {
    await agents.join();
    const names = Object.keys(peerNames) as MinutePeer[];
    const peers = await Promise.all(names.map((name) => startEachMinute(name, server.url)));
    try {
      await client.apply({ prefix: 'minute', schedules: 1, times: { cron: '* * * * *' } });
      const first = Math.ceil((Date.now() + aheadMs) / minuteMs) * minuteMs;
      const count = Math.max(minutesLeast, Math.floor(seconds / (minuteMs / 1_000)));
      const minutes = Array.from({ length: count }, (_, n) => first + n * minuteMs);
      await sleep((minutes.at(-1) ?? first) + patienceMs - Date.now());
      const { starts } = await agents.take();
      const own = latenessIn(
        minutes,
        starts.map(([, , , startedAt]) => startedAt),
      );
      const others = peers.map((peer) => latenessIn(minutes, peer.starts()));
      const [graphileWorker, pgBoss] = others.map((lateness) =>
        lateness.length > 0 ? percentilesOf(lateness).p50 : 'It did not start.',
      ) as [number | string, number | string];
      return {
        ...{ scenario: 'lateness', variant: eachMinute, database: server.engine },
        ...{ tasks: own.length, latencyMs: percentilesOf(own), peers: { graphileWorker, pgBoss } },
        facts: {
          minutes: count,
          'each, ms': own.join(', '),
          ...Object.fromEntries(
            names.map((name, n) => [`${peerNames[name]}, ms`, others[n]?.join(', ') ?? '']),
          ),
        },
      };
    } finally {
      await Promise.all(peers.map((peer) => peer.stop()));
    }
  });
}

/** How long after each minute the first start came; nothing for a minute without one. */
function latenessIn(minutes: readonly number[], starts: readonly number[]): readonly number[] {
  return minutes.flatMap((minute) => {
    const start = starts.find((at) => at >= minute && at < minute + minuteMs);
    return start === undefined ? [] : [start - minute];
  });
}
