// Limits under kills of coordinators and agents: by the database's own history never more leases than allowed, never more
// hand-overs than a rate brings, and no slot that is lost on the way.

import { limitsReport } from '../faults/cluster/limits/told.ts';
import { type LimitedWork, limitedFile, startLimited } from '../faults/cluster/limits/work.ts';
import { killUntil } from '../faults/cluster/play/kills.ts';
import { Chance } from '../simulation/world/chance.ts';
import { onStage, report, type SoakStage } from './stage.ts';
import type { Story } from './story.ts';

const shape = { coordinators: 2, agents: 4, slots: 25, handlers: limitedFile };
/** Of two minutes. */
const tasks = { two: 1_000, keyed: 1_000, one: 500, other: 500, rated: 1_000 };
const tasksMinutes = 2;
/** Between the return of what was killed and the next kill. */
const betweenMs = [500, 4_000] as const;
const shownMax = 20;

/** Kills for so many minutes. */
export const limits: Story = {
  name: 'limits',
  about:
    'limits of a handler, of 50 keys, of two handlers and of a rate for MINUTES (default 2), coordinators and agents killed',
  run: ({ minutes = 2, seed = Math.floor(Math.random() * 2 ** 31) }) =>
    onStage(shape, (stage) => play(stage, minutes, seed)),
};

async function play(stage: SoakStage, minutes: number, seed: number): Promise<boolean> {
  const { cluster, history, label } = stage;
  console.log(`seed ${seed}: node test/soak.ts limits --seed ${seed}`);
  const asked: LimitedWork = {
    ...{ label, history, seed, seconds: Math.ceil(minutes * 60), keys: 50 },
    ...{ runMs: [20, 200], calmMs: 180_000 },
    tasks: {
      ...{ two: share(tasks.two, minutes), keyed: share(tasks.keyed, minutes) },
      ...{ one: share(tasks.one, minutes), other: share(tasks.other, minutes) },
      rated: share(tasks.rated, minutes),
    },
  };
  const running = await startLimited(cluster, asked);
  const kills = await killUntil(running.lastAt, cluster, new Chance(seed), betweenMs);
  const result = await running.end();
  for (const fault of result.faults.slice(0, shownMax)) console.log(`    ${fault}`);
  return limitsReport(result, kills)
    .map(({ isKept, text }) => report(isKept, text))
    .every(Boolean);
}

function share(count: number, minutes: number): number {
  return Math.ceil((count * minutes) / tasksMinutes);
}
