// Seeds by chance, one after the other, until the time is over.

import { randomInt } from 'node:crypto';
import { longPlay, playSeed, type SeedResult, text } from '../faults/cluster/play/seed.ts';
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
    const postgres = await startPostgres();
    const results: SeedResult[] = [];
    do {
      const say = seed === undefined ? undefined : createTeller();
      const play = { ...longPlay, ...(say && { say }) };
      const result = await playSeed(postgres, seed ?? randomInt(1, seedMax), play);
      results.push(result);
      tell(result);
    } while (seed === undefined && performance.now() < deadline);
    await postgres.stop('immediate');
    return tellTotals(results);
  },
};

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
  const counts = `${faults} faults, ${tasks} tasks, ${acknowledged} acknowledged, ${runs} runs, ${lostAttempts} attempts lost with their agents`;
  console.log(`seed ${seed}: ${isBad(result) ? 'FAILED' : 'ok'}, ${counts}`);
  if (!isBad(result)) return;
  const found = [...result.breaches.map(text), ...result.complaints];
  for (const line of found.slice(0, shownMax)) console.log(`    ${line.slice(0, 500)}`);
  if (found.length > shownMax) console.log(`    and ${found.length - shownMax} more`);
  console.log(`    logs and faults: ${result.folder}`);
  console.log(`    repeat it: make soak SEED=${seed}`);
}

function tellTotals(results: readonly SeedResult[]): boolean {
  const sum = (count: (result: SeedResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const broken = (rule: string) =>
    sum(({ breaches }) => breaches.filter((breach) => breach.rule === rule).length);
  const bad = results.filter(isBad);
  console.log('');
  console.log(
    `${results.length} seeds, ${sum(({ faults }) => faults)} faults, ${sum(({ tasks }) => tasks)} tasks`,
  );
  console.log(
    `lost ${broken('lost') + broken('stuck')}, double or false outcomes ${broken('double') + broken('outcome')}, ` +
      `lapsed writes accepted ${broken('lapsed')}, repeated runs ${broken('repeated') + broken('unexplained')}, ` +
      `waits not answered ${broken('wait')}`,
  );
  console.log(
    bad.length === 0
      ? 'no seed failed'
      : `${bad.length} seeds failed: ${bad.map(({ seed }) => seed).join(', ')}`,
  );
  return bad.length === 0;
}
