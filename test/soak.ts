// The long tests: a cluster of real processes in which everything goes wrong, and stories that take minutes.
//   node test/soak.ts [STORY] [--minutes N] [--seed N]      `help` lists the stories
// The exit code is 0 only if every promise was kept.

import { parseArgs } from 'node:util';
import { failover } from './soak/failover.ts';
import { limits } from './soak/limits.ts';
import { nats } from './soak/nats.ts';
import { overlap } from './soak/overlap.ts';
import { postgres } from './soak/postgres.ts';
import { random } from './soak/random.ts';
import { spikes } from './soak/schedules.ts';
import type { Story } from './soak/story.ts';

const stories: readonly Story[] = [random, failover, nats, postgres, spikes, overlap, limits];

function help(): string {
  const width = Math.max(...stories.map(({ name }) => name.length));
  return [
    'make soak [MINUTES=30] [SEED=n] [STORY=name]',
    '',
    ...stories.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
  ].join('\n');
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new TypeError(`--${name} is a number, not "${text}".`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ minutes: { type: 'string' }, seed: { type: 'string' } },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name = random.name] = positionals;
  if (values.help || name === 'help') {
    console.log(help());
    return 0;
  }
  const story = stories.find((each) => each.name === name);
  if (story === undefined) {
    console.error(`There is no story "${name}".\n\n${help()}`);
    return 2;
  }
  const wanted = { minutes: count('minutes', values.minutes), seed: count('seed', values.seed) };
  return (await story.run(wanted)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
