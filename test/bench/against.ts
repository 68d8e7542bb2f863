// Another commit of the project against this one: the same bench in both trees, in turn, five times each. What counts is
// the median of the ratios of neighbouring runs, because the machine changes more from minute to minute than most changes do.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, startNode } from '../harness/processes.ts';
import { temporaryFolder } from '../harness/reaper.ts';
import { type Arguments, WrongArguments } from './command/arguments.ts';
import { type MeasuredResult, medianOf, round } from './result.ts';

const rounds = 5;
/** The bench is the same for both. */
const copied = ['test/bench', 'test/harness'];

/** One variant in both trees. */
export interface Comparison {
  readonly scenario: string;
  readonly variant: string;
  /** What is compared: a rate, of which more is better, or the median of a latency, of which less is. */
  readonly figure: 'tasks/s' | 'p50 ms';
  /** Here divided by there: the median of all rounds, and each. */
  readonly ratio: number;
  readonly ratios: readonly number[];
  readonly here: readonly number[];
  readonly there: readonly number[];
}

/** Measures both trees in turn. Throws `WrongArguments` for a commit that does not exist. */
export async function compareWith(wanted: Arguments): Promise<readonly Comparison[]> {
  const commit = commitOf(wanted.against);
  const tree = join(temporaryFolder('against'), 'tree');
  git('worktree', 'add', '--detach', tree, commit);
  try {
    furnish(tree);
    const here: MeasuredResult[][] = [];
    const there: MeasuredResult[][] = [];
    for (let turn = 0; turn < rounds; turn += 1) {
      // Whoever is first finds the machine as the other has left it: take turns in that too.
      const both = [
        async () => void here.push(await measureIn(repositoryRoot, wanted)),
        async () => void there.push(await measureIn(tree, wanted)),
      ];
      for (const measure of turn % 2 === 0 ? both : both.reverse()) await measure();
    }
    return compare(here, there);
  } finally {
    git('worktree', 'remove', '--force', tree);
  }
}

function commitOf(reference: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`);
  } catch {
    throw new WrongArguments(`There is no commit "${reference}".`);
  }
}

function git(...args: string[]): string {
  const options = { cwd: repositoryRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  return execFileSync('git', args, options as { encoding: 'utf8' }).trim();
}

/** Gives the tree what is installed here, and this bench; packages of the project are its own. */
function furnish(tree: string): void {
  const modules = join(repositoryRoot, 'node_modules');
  mkdirSync(join(tree, 'node_modules', '@muster'), { recursive: true });
  for (const name of readdirSync(modules))
    if (name !== '@muster') symlinkSync(join(modules, name), join(tree, 'node_modules', name));
  for (const name of readdirSync(join(modules, '@muster'))) {
    const link = join('@muster', name);
    symlinkSync(readlinkSync(join(modules, link)), join(tree, 'node_modules', link));
  }
  for (const workspace of readdirSync(repositoryRoot)) {
    const own = join(repositoryRoot, workspace, 'node_modules');
    if (existsSync(own) && existsSync(join(tree, workspace)))
      symlinkSync(own, join(tree, workspace, 'node_modules'));
  }
  for (const path of copied) {
    rmSync(join(tree, path), { recursive: true, force: true });
    cpSync(join(repositoryRoot, path), join(tree, path), { recursive: true });
  }
}

/** Without what stands beside the scenarios: both trees would measure the same. */
async function measureIn(tree: string, wanted: Arguments): Promise<MeasuredResult[]> {
  const options = { ...wanted.extent, variant: wanted.variant, database: wanted.database };
  const args = [
    ...wanted.scenarios.map(({ name }) => name),
    ...Object.entries(options).flatMap(([name, value]) => (value ? [`--${name}`, `${value}`] : [])),
    ...['--json', '--no-floors', '--no-peers', ...(wanted.nats ? ['--nats'] : [])],
  ];
  const process = await startNode(join(tree, 'test/bench/main.ts'), args, { cwd: tree });
  const { code } = await process.exit;
  const text = process.lines.join('\n');
  if (code !== 0) throw new Error(`The bench failed in ${tree}:\n${text}`);
  return JSON.parse(text.slice(text.indexOf('['))) as MeasuredResult[];
}

function compare(
  here: readonly (readonly MeasuredResult[])[],
  there: readonly (readonly MeasuredResult[])[],
): readonly Comparison[] {
  return (here[0] ?? []).flatMap(({ scenario, variant, tasksPerSecond }, at) => {
    const of = (runs: readonly (readonly MeasuredResult[])[]) =>
      runs.flatMap((results) => figureOf(results[at]) ?? []);
    const [own, other] = [of(here), of(there)];
    if (own.length === 0) return [];
    const ratios = own.map((value, turn) => round(value / (other[turn] ?? Number.NaN), 3));
    const figure = tasksPerSecond ? 'tasks/s' : 'p50 ms';
    const ratio = round(medianOf(ratios), 3);
    return [{ scenario, variant, figure, ratio, ratios, here: own, there: other } as const];
  });
}

/** Undefined: it has none that could be compared. */
function figureOf(result: MeasuredResult | undefined): number | undefined {
  return result?.tasksPerSecond ?? result?.latencyMs?.p50 ?? undefined;
}

/** A line for each variant. */
export function comparisonText(comparisons: readonly Comparison[], against: string): string {
  return [
    `Here against ${against}, ${rounds} times each in turn (medians):`,
    ...comparisons.map(({ scenario, variant, figure, ratio, ratios, here, there }) => {
      const span = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
      const both = `${medianOf(here)} against ${medianOf(there)} ${figure}`;
      return `  ${scenario}, ${variant}: ${ratio.toFixed(3)} × (${span}; ${both})`;
    }),
  ].join('\n');
}
