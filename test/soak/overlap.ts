// Every overlap policy under kills of coordinators and agents: never more unfinished tasks than allowed, and a record for
// each nominal time.

import { killUntil } from '../faults/cluster/play/kills.ts';
import { startOverlaps, textOf } from '../faults/cluster/schedules/overlaps.ts';
import { scheduledFile } from '../faults/cluster/schedules/spikes.ts';
import { Chance } from '../simulation/world/chance.ts';
import { onStage, report, type SoakStage } from './stage.ts';
import type { Story } from './story.ts';

const shape = { coordinators: 2, agents: 3, slots: 150, handlers: scheduledFile };
const schedulesOfEach = 40;
const runMs = [200, 3_000] as const;
/** Between the return of what was killed and the next kill. */
const betweenMs = [1_000, 6_000] as const;
const shownMax = 20;

/** Kills for so many minutes. */
export const overlap: Story = {
  name: 'overlap',
  about: `every overlap policy × ${schedulesOfEach} schedules each second for MINUTES (default 5), coordinators and agents killed`,
  run: ({ minutes = 5, seed = Math.floor(Math.random() * 2 ** 31) }) =>
    onStage(shape, (stage) => play(stage, Math.ceil(minutes * 60), seed)),
};

async function play(stage: SoakStage, seconds: number, seed: number): Promise<boolean> {
  const { cluster, history, label } = stage;
  console.log(`seed ${seed}: node test/soak.ts overlap --seed ${seed}`);
  const asked = { label, history, schedulesOfEach, seconds, seed, runMs };
  const running = await startOverlaps(cluster, asked);
  const kills = await killUntil(running.lastAt, cluster, new Chance(seed), betweenMs);
  const { names, nominalTimes, fires, heeding, faults, counts, looks, tasks } = await running.end();
  for (const fault of faults.slice(0, shownMax)) console.log(`    ${fault}`);
  for (const each of counts) console.log(textOf(each));
  const untried = counts.flatMap((each) => each.untried.map((what) => `${each.policy}: ${what}`));
  const lost = tasks.reduce((sum, { lostAttempts }) => sum + lostAttempts, 0);
  const expected = names.length * nominalTimes.length;
  return [
    report(fires.length === expected, `${expected} nominal times, ${fires.length} records`),
    report(
      kills.coordinators > 0 && kills.agents > 0 && lost > 0,
      `${kills.coordinators} coordinators and ${kills.agents} agents killed, ${lost} attempts lost`,
    ),
    report(untried.length === 0, `limits that were never reached: ${untried.join(', ') || 'none'}`),
    report(
      faults.length === 0 && looks > seconds && heeding.length > 0,
      `${faults.length} faults in all, of ${looks} looks, ${tasks.length} tasks and ${heeding.length} runs`,
    ),
  ].every(Boolean);
}
