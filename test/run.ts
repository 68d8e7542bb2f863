// Runs every test file of the workspaces with Node's own test runner: two at a time, and beside them one that mostly waits.
//   node test/run.ts [PART-OF-A-PATH ...]     only files whose path contains one of the parts
// One real Postgres serves the whole run. The report ends with how many tests ran on which
// engine and with one plain line of totals; the exit code is 0 only if nothing failed.

import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { sharedPostgresVariable } from './harness/engines.ts';
import { startPostgres } from './harness/postgres.ts';
import { repositoryRoot } from './harness/processes.ts';
import { readPromises } from './promises.ts';
import { Report } from './report.ts';

/** A test that takes longer fails, unless it sets a longer `timeout` itself. */
const testTimeoutMs = 120_000;
/** When no test starts or ends for so long, a file hangs and the run is given up. What a failed test leaves open hangs nothing. */
const silenceTimeoutMs = 300_000;
const wholeOutput = `--import=${new URL('whole-output.ts', import.meta.url).href}`;
const filesAtOnce = 2;
/** Their processes stand still, or are away, for most of the time: what else runs then is not disturbed. */
const patientFiles = [
  'test/faults/agents/clocks.test.ts',
  'test/faults/agents/lost-sessions.test.ts',
  'test/faults/cluster/idle.test.ts',
  'test/faults/cluster/pauses.test.ts',
  'test/faults/cluster/schedules.test.ts',
  'test/faults/coordinator-killed.test.ts',
  'test/faults/postgres-stopped.test.ts',
  'test/flows/agents/bad-handlers.test.ts',
  'test/flows/api/peers.test.ts',
  'test/flows/replicas/spread.test.ts',
];

const patterns = ['proto', 'server', 'sdk', 'agent', 'cli', 'examples']
  .map((workspace) => `${workspace}/src/**/*.test.ts`)
  .concat('test/**/*.test.ts');

function findFiles(parts: readonly string[]): string[] {
  const all = globSync(patterns, {
    cwd: repositoryRoot,
    exclude: (path) => path.includes('node_modules'),
  });
  const wanted = (path: string) =>
    parts.length === 0 || parts.some((part) => path.includes(part.replace(/^\.\//, '')));
  return all.filter(wanted).sort();
}

async function main(): Promise<number> {
  process.chdir(repositoryRoot);
  const files = findFiles(process.argv.slice(2));
  if (files.length === 0) {
    console.error(`No test file matches ${process.argv.slice(2).join(' ')}.`);
    return 2;
  }
  // Type-stripped and compiled code, kept: each of some hundred processes then spends 0.3 s of CPU on its imports, not 0.65.
  process.env.NODE_COMPILE_CACHE ??= join(repositoryRoot, 'node_modules', '.cache', 'node');
  const postgres = await startPostgres();
  process.env[sharedPostgresVariable] = postgres.url();
  const report = new Report((file) => relative(repositoryRoot, file));
  const hang = new AbortController();
  const giveUp = () => {
    report.hung(silenceTimeoutMs);
    hang.abort();
  };
  let silence = setTimeout(giveUp, silenceTimeoutMs);
  const runFiles = async (runner: number, paths: readonly string[], concurrency: number) => {
    if (paths.length === 0) return;
    const events = run({
      files: paths.map((path) => join(repositoryRoot, path)),
      concurrency,
      execArgv: [`--test-timeout=${testTimeoutMs}`, '--test-force-exit', wholeOutput],
      signal: hang.signal,
    });
    for await (const event of events) {
      clearTimeout(silence);
      silence = setTimeout(giveUp, silenceTimeoutMs);
      report.add(event, runner);
    }
  };
  const isPatient = (path: string) => patientFiles.includes(path);
  await Promise.all([
    runFiles(1, files.filter(isPatient), 1),
    runFiles(
      2,
      files.filter((path) => !isPatient(path)),
      filesAtOnce,
    ),
  ]);
  clearTimeout(silence);
  await postgres.stop('immediate');
  report.expectFiles(files);
  if (process.argv.length === 2) report.expectRan(readPromises().named);
  return report.finish() ? 0 : 1;
}

process.exitCode = await main();
