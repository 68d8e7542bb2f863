// Many schedules at once: one call, so that all of them are stored or none.

import { type AppliedSchedule__Output, loadContract } from '@muster/proto';
import type { ClientCore } from '../client/core.ts';
import type { Unserved } from '../client.ts';
import { checkOptionKeys, invalidOption } from '../options.ts';
import { nameOfHandler, type ScheduleDefinition } from './define-schedule.ts';
import { readUnserved } from './read.ts';
import type { AppliedSchedule, ApplyAction } from './schedules.ts';
import { buildScheduleSpec } from './spec.ts';

/** Schedules and bytes of one call: the contract allows 10,000 and 4 MiB. */
const callSchedulesMax = 10_000;
const callBytesMax = 3.5 * 1_048_576;

/** Makes each schedule what its definition says. */
export async function applySchedules(
  core: ClientCore,
  definitions: readonly ScheduleDefinition[],
  options: { readonly dryRun?: boolean },
): Promise<AppliedSchedule[]> {
  checkOptionKeys('apply', options, ['dryRun']);
  if (definitions.length === 0) return [];
  checkDistinct(definitions);
  if (definitions.length > callSchedulesMax) throw tooMuch(`${definitions.length} schedules`);
  const specs = await Promise.all(
    definitions.map((definition) => buildScheduleSpec(core.coder, definition)),
  );
  const request = { namespace: core.namespace, specs, validateOnly: options.dryRun ?? false };
  const { ApplySchedules } = loadContract().muster.ScheduleService.service;
  const bytes = ApplySchedules.requestSerialize(request).byteLength;
  if (bytes > callBytesMax) throw tooMuch(`${definitions.length} schedules of ${bytes} bytes`);
  const answer = await core.services.schedules.applySchedules(request);
  const unserved = new Map(
    answer.unservedHandlers.map((each) => [each.handler, readUnserved(each)] as const),
  );
  const handlers = new Map(
    definitions.map(({ name, handler }) => [name, nameOfHandler(handler)] as const),
  );
  return answer.schedules.map((each) =>
    readApplied(each, unserved.get(handlers.get(each.name) ?? '')),
  );
}

function checkDistinct(definitions: readonly ScheduleDefinition[]): void {
  const names = new Set<string>();
  for (const { name } of definitions) {
    if (names.has(name))
      throw invalidOption('apply', 'name', name, 'the name of one schedule only');
    names.add(name);
  }
}

function tooMuch(given: string) {
  const must = `at most ${callSchedulesMax} and ${callBytesMax} bytes in one call: split them into several`;
  return invalidOption('apply', 'schedules', given, must);
}

function readApplied(
  { name, action, changedFields }: AppliedSchedule__Output,
  unserved: Unserved | undefined,
): AppliedSchedule {
  return {
    name,
    action: action.replace('APPLY_ACTION_', '') as ApplyAction,
    changedFields,
    unserved,
  };
}
