// Thousands of schedules on the same second, and kill -9 of a coordinator in the middle of each spike: one task for each.

import pg from 'pg';
import { scheduledFile, startSpikes, until } from '../faults/cluster/schedules/spikes.ts';
import { Chance } from '../simulation/world/chance.ts';
import { onStage, report, type SoakStage } from './stage.ts';
import type { Story } from './story.ts';

const shape = { coordinators: 2, agents: 3, slots: 40, handlers: scheduledFile };
const schedules = 2_000;
const everySeconds = 10;
/** So long after the nominal time a kill comes at the latest. */
const killWithinMs = 1_500;
const shownMax = 20;

/** Spikes for so many minutes. */
export const spikes: Story = {
  name: 'schedules',
  about: `${schedules} schedules each ${everySeconds} s for MINUTES (default 3), a coordinator killed in each spike`,
  run: ({ minutes = 3, seed = Math.floor(Math.random() * 2 ** 31) }) =>
    onStage(shape, (stage) => play(stage, Math.ceil((minutes * 60) / everySeconds), seed)),
};

async function play(stage: SoakStage, count: number, seed: number): Promise<boolean> {
  const { cluster, history, label } = stage;
  console.log(`seed ${seed}: node test/soak.ts schedules --seed ${seed}`);
  const chance = new Chance(seed);
  const coming = await startSpikes(cluster, { label, history, schedules, everySeconds, count });
  const counter = await startCounter(cluster.databaseUrl);
  let midSpike = 0;
  for (const nominalAt of coming.times) {
    const afterMs = chance.between(0, killWithinMs);
    const place = chance.pick(cluster.coordinators);
    await until(nominalAt + afterMs);
    const before = await counter.firesAt(nominalAt);
    const killed = place.kill();
    const after = await counter.firesAt(nominalAt);
    await killed;
    await place.start();
    // The truth lies between the two counts.
    const isMid = before > 0 && after < schedules;
    if (isMid) midSpike += 1;
    console.log(
      `${new Date(nominalAt).toISOString()}: ${place.name} killed after ${Math.round(afterMs)} ms, with ${before} to ${after} of ${schedules} fires committed${isMid ? ': mid-spike' : ''}`,
    );
  }
  await counter.end();
  const verdict = await coming.end();
  const { expected, fires, tasks, missing, doubled, again, explained, latenessMs } = verdict;
  for (const fault of verdict.faults.slice(0, shownMax)) console.log(`    ${fault}`);
  const { p50, p99, max } = latenessMs;
  console.log(`lateness of fires: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`);
  return [
    report(
      fires === expected && tasks === expected && expected === schedules * count,
      `${expected} nominal times expected, ${fires} fires, ${tasks} tasks`,
    ),
    report(missing === 0 && doubled === 0, `${missing} missing, ${doubled} doubled`),
    report(again === explained, `${again} runs again, of ${explained} lost attempts`),
    report(verdict.faults.length === 0, `${verdict.faults.length} faults in all`),
    report(midSpike > 0, `${count} kills, ${midSpike} of them mid-spike`),
  ].every(Boolean);
}

/** Counts what is committed, on a connection that is there already. */
async function startCounter(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return {
    async firesAt(nominalAt: number): Promise<number> {
      const { rows } = await client.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM muster.fires WHERE nominal_at = to_timestamp($1::float8 / 1000)',
        [nominalAt],
      );
      return rows[0]?.count ?? 0;
    },
    end: () => client.end(),
  };
}
