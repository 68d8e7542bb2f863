// The report of a test run: a line per file with the time it took, failures in full with what the file
// printed, and at the end how many tests ran on which engine.

import { inspect } from 'node:util';
import { type PromisedTest, promisesPage } from './promises.ts';

/** What this reads of the events of `run()` in node:test. */
export interface TestEvent {
  readonly type: string;
  readonly data?: unknown;
}

interface EventData {
  readonly name?: string;
  readonly nesting?: number;
  readonly file?: string;
  readonly message?: string;
  readonly duration_ms?: number;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details?: {
    readonly type?: string;
    readonly error?: Error & { readonly failureType?: string };
  };
}

/**
 * What has been seen of the test file that is being reported. A runner reports one file after
 * the other, whatever runs at once; an event's own `file` is where the test was registered,
 * which for the suites of `eachEngine` is the harness.
 */
interface FileRecord {
  /** Names of the suites and the test being reported, by nesting. */
  readonly path: string[];
  readonly failures: string[];
  /** Suites and tests that were skipped, with the reason. */
  readonly skips: string[];
  /** Titles of the tests that ran. */
  readonly ran: string[];
  readonly printed: string[];
  tests: number;
}

function emptyRecord(): FileRecord {
  return { path: [], failures: [], skips: [], ran: [], printed: [], tests: 0 };
}

/** Printed lines that are kept of each file, to be shown if it fails. */
const printedLinesMax = 200;

/** Gathers the events of a run and prints them. */
export class Report {
  /** By runner: several may be under way. */
  readonly #current = new Map<number, FileRecord>();
  readonly #engines = { pglite: 0, postgres: 0 };
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #display: (file: string) => string;
  readonly #print: (line: string) => void;
  /** Titles of the tests that ran and of those that were skipped, by file. */
  readonly #told = new Map<string, { readonly ran: string[]; readonly skips: string[] }>();
  readonly #begin = performance.now();

  constructor(display: (file: string) => string, print: (line: string) => void = console.log) {
    this.#display = display;
    this.#print = print;
  }

  /** Takes one event of a runner. */
  add(event: TestEvent, runner = 0): void {
    const data = (event.data ?? {}) as EventData;
    const file = this.#current.get(runner) ?? emptyRecord();
    this.#current.set(runner, file);
    switch (event.type) {
      case 'test:start':
        file.path.splice(data.nesting ?? 0, file.path.length, data.name ?? '');
        break;
      case 'test:pass':
      case 'test:fail':
        this.#ended(file, data, event.type === 'test:fail');
        // A file that could not even be loaded is reported as a test with its path.
        if (data.file && data.name === data.file) this.#fileEnded(runner, data.file);
        break;
      case 'test:stdout':
      case 'test:stderr':
        file.printed.push(...(data.message ?? '').trimEnd().split('\n'));
        file.printed.splice(0, Math.max(0, file.printed.length - printedLinesMax));
        break;
      case 'test:summary':
        if (data.file) this.#fileEnded(runner, data.file, data.duration_ms);
    }
  }

  /** Says that nothing has happened for so long that the run is given up. */
  hung(silenceMs: number): void {
    this.#counts.failed += 1;
    this.#print(`FAILED  nothing happened for ${silenceMs / 1000} s: a test file does not end.`);
  }

  /** Fails if a file was never heard to end: its results are lost, or some of them. */
  expectFiles(files: readonly string[]): void {
    for (const file of files) {
      if (this.#told.has(file)) continue;
      this.#counts.failed += 1;
      this.#print(`FAILED  ${file}  was not heard to end: its results are lost`);
    }
  }

  /** Fails if a test that a promise names did not run. One that was skipped has said why. */
  expectRan(promises: readonly PromisedTest[]): void {
    for (const { file, words } of promises) {
      const { ran = [], skips = [] } = this.#told.get(file) ?? {};
      if (skips.length > 0 || ran.some((title) => title.includes(words))) continue;
      this.#counts.failed += 1;
      this.#print(`FAILED  ${promisesPage} names a test that did not run: ${file}: ${words}`);
    }
  }

  /** Prints the totals. True if nothing failed. */
  finish(): boolean {
    const { passed, failed, skipped } = this.#counts;
    const seconds = ((performance.now() - this.#begin) / 1000).toFixed(1);
    this.#print('');
    this.#print(
      `On PGlite ${this.#engines.pglite} tests, on Postgres ${this.#engines.postgres} tests.`,
    );
    this.#print(`Took ${seconds} s.`);
    this.#print(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0;
  }

  #ended(file: FileRecord, data: EventData, isFailure: boolean): void {
    const isSuite = data.details?.type === 'suite';
    const error = data.details?.error;
    if (isFailure && !(isSuite && error?.failureType === 'subtestsFailed')) {
      this.#counts.failed += 1;
      file.failures.push(`${this.#title(file, data)}\n${explain(error)}`);
    }
    const why = data.skip ?? data.todo;
    if (why !== undefined) {
      // The tests of a skipped suite are never heard of.
      this.#counts.skipped += 1;
      if (typeof why === 'string') file.skips.push(`skipped: ${this.#title(file, data)}: ${why}`);
    }
    if (isSuite || why !== undefined) return;
    file.tests += 1;
    file.ran.push(this.#title(file, data));
    if (!isFailure) this.#counts.passed += 1;
    const suites = file.path.slice(0, data.nesting ?? 0);
    if (suites.some((suite) => suite.endsWith('[pglite]'))) this.#engines.pglite += 1;
    if (suites.some((suite) => suite.endsWith('[postgres]'))) this.#engines.postgres += 1;
  }

  #title(file: FileRecord, data: EventData): string {
    return [...file.path.slice(0, data.nesting ?? 0), data.name].join(' › ');
  }

  #fileEnded(runner: number, name: string, tookMs?: number): void {
    const file = this.#current.get(runner) ?? emptyRecord();
    this.#current.delete(runner);
    this.#told.set(this.#display(name), { ran: file.ran, skips: file.skips });
    const mark = file.failures.length === 0 ? 'ok    ' : 'FAILED';
    const took = tookMs === undefined ? '' : `, ${(tookMs / 1000).toFixed(1)} s`;
    this.#print(`${mark}  ${this.#display(name)}  ${file.tests} tests${took}`);
    for (const failure of file.failures) this.#print(indent(failure));
    for (const skip of file.skips) this.#print(indent(skip));
    if (file.failures.length > 0 && file.printed.length > 0) {
      this.#print('    printed:');
      this.#print(indent(file.printed.join('\n')));
    }
  }
}

/** The error that the test threw, not the runner's wrapping of it. */
function explain(error: (Error & { readonly failureType?: string }) | undefined): string {
  if (!error) return 'no reason given';
  const cause =
    error.cause instanceof Error || typeof error.cause === 'object' ? error.cause : error;
  return inspect(cause, { depth: 4 });
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
