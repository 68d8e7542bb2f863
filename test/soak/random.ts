// Seeds by chance, one after the other, until the time is over.

import { randomInt } from 'node:crypto';
import {
  longPlay,
  type Play,
  playSeed,
  type SeedResult,
  text,
} from '../faults/cluster/play/seed.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { Story } from './story.ts';

const seedMax = 2 ** 31;
const shownMax = 10;

/** Plays seeds for so many minutes, or one seed. */
export const random: Story = {
  name: 'random',
  about: 'random faults, seed after seed, for MINUTES (default 30), or one SEED',
  async run({ minutes = 30, seed }) {
    const deadline = performance.now() + minutes * 60_000;
    const results: SeedResult[] = [];
    const unplayed: number[] = [];
    do {
      const chosen = seed ?? randomInt(1, seedMax);
      const result = await playOne(chosen, seed === undefined ? undefined : createTeller());
      if (result === undefined) unplayed.push(chosen);
      else results.push(result);
    } while (seed === undefined && performance.now() < deadline);
    return tellTotals(results, unplayed);
  },
};

/** Plays a seed on a Postgres of its own; undefined: something ended it that no rule speaks of. */
async function playOne(
  seed: number,
  say: Play['say'] | undefined,
): Promise<SeedResult | undefined> {
  const postgres = await startPostgres();
  try {
    const result = await playSeed(postgres, seed, { ...longPlay, ...(say && { say }) });
    tell(result);
    return result;
  } catch (error) {
    console.log(`seed ${seed}: FAILED, it could not be played to its end:`, error);
    console.log(`    repeat it: make soak SEED=${seed}`);
    return undefined;
  } finally {
    await postgres.stop('immediate');
  }
}

/** One seed that is repeated is told step by step. */
function createTeller(): (step: string) => void {
  const begunAt = performance.now();
  return (step) => {
    console.log(`  ${((performance.now() - begunAt) / 1000).toFixed(1).padStart(5)} s  ${step}`);
  };
}

function isBad({ breaches, complaints }: SeedResult): boolean {
  return breaches.length > 0 || complaints.length > 0;
}

function tell(result: SeedResult): void {
  const { seed, faults, tasks, acknowledged, runs, lostAttempts } = result;
  const counts = `${faults.length} faults, ${tasks} tasks, ${acknowledged} acknowledged, ${runs} runs, ${lostAttempts} attempts lost with their agents`;
  console.log(`seed ${seed}: ${isBad(result) ? 'FAILED' : 'ok'}, ${counts}`);
  if (!isBad(result)) return;
  const found = [...result.breaches.map(text), ...result.complaints];
  for (const line of found.slice(0, shownMax)) console.log(`    ${line.slice(0, 500)}`);
  if (found.length > shownMax) console.log(`    and ${found.length - shownMax} more`);
  console.log(`    logs and faults: ${result.folder}`);
  console.log(`    repeat it: make soak SEED=${seed}`);
}

function tellTotals(results: readonly SeedResult[], unplayed: readonly number[]): boolean {
  const sum = (count: (result: SeedResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const broken = (rule: string) =>
    sum(({ breaches }) => breaches.filter((breach) => breach.rule === rule).length);
  const kinds = Map.groupBy(
    results.flatMap(({ faults }) => faults),
    (name) => name,
  );
  for (const [name, all] of [...kinds].sort())
    console.log(`  ${String(all.length).padStart(4)} × ${name}`);
  const bad = [...results.filter(isBad).map(({ seed }) => seed), ...unplayed];
  console.log('');
  console.log(
    `${results.length + unplayed.length} seeds, ${sum(({ faults }) => faults.length)} faults, ${sum(({ tasks }) => tasks)} tasks`,
  );
  console.log(
    `lost ${broken('lost') + broken('stuck')}, double or false outcomes ${broken('double') + broken('outcome')}, ` +
      `lapsed writes accepted ${broken('lapsed')}, repeated runs ${broken('repeated') + broken('unexplained')}, ` +
      `waits not answered ${broken('wait')}`,
  );
  console.log(
    bad.length === 0 ? 'no seed failed' : `${bad.length} seeds failed: ${bad.join(', ')}`,
  );
  return bad.length === 0;
}
