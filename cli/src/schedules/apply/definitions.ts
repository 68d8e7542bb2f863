// The schedules of a file as the SDK defines them, and as the contract carries them. What the SDK refuses becomes a fault with
// the place of the option.

import type { ScheduleSpec } from '@muster/proto';
import { type Client, defineSchedule, MusterError, type ScheduleDefinition } from '@muster/sdk';
import { scheduleSpec } from '@muster/sdk/internal';
import type { FaultList } from '../file/faults.ts';
import { exampleOf } from '../file/form.ts';
import type { ScheduleEntry, ScheduleFile } from '../file/read-schedules.ts';

/** A schedule of a file that the SDK has accepted. */
export interface DefinedEntry {
  readonly entry: ScheduleEntry;
  readonly definition: ScheduleDefinition;
}

/** A schedule that is ready to be sent. */
export interface ReadyEntry {
  readonly entry: ScheduleEntry;
  readonly spec: ScheduleSpec;
}

/** Has the SDK check each schedule; what it refuses joins the faults of the file. */
export function defineEntries({ entries, faults }: ScheduleFile): DefinedEntry[] {
  return entries.flatMap((entry) => {
    try {
      return [{ entry, definition: defineSchedule(entry.options) }];
    } catch (error) {
      faults.add(faultOf(error, entry));
      return [];
    }
  });
}

/** Puts each schedule into the contract's form; an input that cannot be sent joins the faults. */
export async function readyEntries(
  client: Client,
  entries: readonly DefinedEntry[],
  faults: FaultList,
): Promise<ReadyEntry[]> {
  const ready: ReadyEntry[] = [];
  for (const { entry, definition } of entries) {
    try {
      ready.push({ entry, spec: await scheduleSpec(client, definition) });
    } catch (error) {
      faults.add(faultOf(error, entry));
    }
  }
  return ready;
}

function faultOf(error: unknown, entry: ScheduleEntry) {
  if (!(error instanceof MusterError)) throw error;
  const option = optionOf(error);
  const about = `Schedule ${JSON.stringify(entry.options.name)}: `;
  const what = error.message.startsWith(about) ? error.message.slice(about.length) : error.message;
  const example = exampleOf(option);
  return {
    place: entry.placeOf(option),
    schedule: entry.options.name,
    what: example === undefined ? what : `${what} For example: ${example}`,
  };
}

function optionOf({ reason, metadata, message }: MusterError): string {
  if (reason.startsWith('PAYLOAD_')) return 'input';
  // The SDK checks names of handlers where they are defined too, and there the option is `name`.
  return message.startsWith('Handler: name') ? 'handler' : (metadata.option ?? '');
}
