// What every importer makes: schedules, each with what could not be taken over, and remarks about the whole file. Nothing is
// dropped without a word, and the same text gives the same schedules.

import type { ScheduleOptions } from '@muster/sdk';
import { type WrittenSchedule, writeSchedules } from '../file/write-schedules.ts';

/** One schedule that was found elsewhere. */
export interface ImportedEntry {
  readonly options: ScheduleOptions;
  /** What is different here, or could not be taken over. */
  readonly warnings: readonly string[];
  /** Line of the source at which it begins. */
  readonly line: number;
  /** False: it has no equal here, and is written as a comment. */
  readonly applicable: boolean;
}

/** What a source says. */
export interface Imported {
  readonly entries: readonly ImportedEntry[];
  /** Remarks about the source as a whole, and about what in it is no schedule. */
  readonly warnings: readonly string[];
}

/** The file of `muster schedule apply` for what was imported. `source` says where it is from. */
export function importedText({ entries, warnings }: Imported, source: string): string {
  const schedules = entries.map(
    ({ options, warnings: own, line, applicable }): WrittenSchedule => ({
      options,
      comments: [`From line ${line}.`, ...own.map((warning) => `WARNING: ${warning}`)],
      commentedOut: !applicable,
    }),
  );
  const head = [`Imported from ${source}. Look at the warnings before you apply it.`];
  return writeSchedules([...head, ...warnings.map((warning) => `WARNING: ${warning}`)], schedules);
}

/** A warning and where it applies. */
export interface WarningCount {
  readonly warning: string;
  readonly count: number;
  /** Lines of the schedules that have it. None: it is about the whole. */
  readonly lines: readonly number[];
}

/** Each different warning once, with how often and where. */
export function countWarnings({ entries, warnings }: Imported): WarningCount[] {
  const lines = new Map<string, number[]>();
  for (const entry of entries)
    for (const warning of entry.warnings) {
      const known = lines.get(warning);
      if (known === undefined) lines.set(warning, [entry.line]);
      else known.push(entry.line);
    }
  return [
    ...warnings.map((warning) => ({ warning, count: 1, lines: [] })),
    ...[...lines].map(([warning, at]) => ({ warning, count: at.length, lines: at })),
  ];
}
