// For tests of importers: what was imported, written and read again.

import assert from 'node:assert/strict';
import { defineSchedule, type ScheduleOptions } from '@muster/sdk';
import { faultsText } from '../file/faults.ts';
import { readSchedules } from '../file/read-schedules.ts';
import { type Imported, importedText } from './imported.ts';

/** Holds an import to its promises: what it writes is a file that the SDK accepts, without anything missing. */
export function assertRoundTrip(imported: Imported): string {
  const text = importedText(imported, 'a test');
  const { entries, faults } = readSchedules(text);
  assert.equal(faults.count, 0, `${faultsText('imported.yaml', faults)}\n${text}`);
  const applicable = imported.entries.filter((entry) => entry.applicable);
  assert.deepEqual(
    entries.map((entry) => entry.options),
    applicable.map((entry) => entry.options),
  );
  for (const { options } of entries) assert.equal(defineSchedule(options).name, options.name);
  for (const { options, warnings } of imported.entries)
    for (const part of [`- name: ${options.name}`, ...warnings])
      assert.ok(text.includes(part), `${part} is missing in\n${text}`);
  return text;
}

/** The options of an entry by its place; fails if there is none. */
export function optionsAt({ entries }: Imported, at: number): ScheduleOptions {
  const entry = entries[at];
  assert.ok(entry, `There are only ${entries.length} entries.`);
  return entry.options;
}

/** Fails unless one of the texts matches. */
export function assertSome(texts: readonly string[], pattern: RegExp): void {
  assert.ok(
    texts.some((text) => pattern.test(text)),
    `${pattern} matches none of:\n${texts.join('\n')}`,
  );
}
