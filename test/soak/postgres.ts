// Postgres restarted again and again under load: what was acknowledged is there, and nothing is run again.

import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from '../faults/cluster/play/load.ts';
import { Chance } from '../simulation/world/chance.ts';
import { onStage, report } from './stage.ts';
import type { Story } from './story.ts';

const restarts = 20;
const betweenMs = 2_500;
const shape = { coordinators: 2, agents: 3, slots: 10 };

/** Restarts it in order and by breaking off, in turn. */
export const postgres: Story = {
  name: 'postgres',
  about: `Postgres restarted ${restarts} times under load: no acknowledged submission is lost`,
  run: ({ seed = 1 }) =>
    onStage(shape, async ({ cluster, history, label, end }) => {
      const load = startLoad({
        patient: [cluster.connect('60s'), cluster.connect('60s')],
        impatient: [cluster.connect('0s')],
        ...{ history, label, chance: new Chance(seed), everyMs: 100, isPlain: true },
      });
      for (let count = 1; count <= restarts; count += 1) {
        await sleep(betweenMs);
        await cluster.postgres.stop(count % 2 ? 'fast' : 'immediate');
        await cluster.postgres.start();
      }
      await load.stop();
      const { breaches, witnessed, runs, tasks, attempts } = await end([load]);
      const acknowledged = witnessed.filter((each) => each.acknowledged).length;
      const lost = breaches.filter(({ rule }) => rule === 'lost' || rule === 'stuck').length;
      return [
        report(
          lost === 0,
          `${restarts} restarts, ${acknowledged} tasks acknowledged, ${lost} lost`,
        ),
        report(
          attempts.length === 0 && runs.length === tasks.length,
          `${tasks.length} tasks stored, ${runs.length} runs`,
        ),
        report(
          load.refusals.length === 0,
          `${load.refusals.length} errors told to clients that try again for 60 s`,
        ),
        report(breaches.length === 0, `${breaches.length} promises broken in all`),
      ].every(Boolean);
    }),
};
