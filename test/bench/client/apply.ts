// Applies schedules in a client process, in calls as large as may be.

import { type Client, defineSchedule, type InputOf, type ScheduleDefinition } from '@muster/sdk';
import type { timed } from '../handlers.ts';
import { type Applied, type ApplyOrder, type OrderedTimes, preciseNow } from '../protocol.ts';

/** A call has no more. */
const callSchedulesMax = 10_000;

/** Makes all of them; throws if one was there. */
export async function apply(by: Client, order: ApplyOrder): Promise<Applied> {
  const { prefix, schedules, times } = order;
  const definitions = Array.from({ length: schedules }, (_, n) => define(`${prefix}/${n}`, times));
  const beganAt = preciseNow();
  let created = 0;
  for (let at = 0; at < schedules; at += callSchedulesMax) {
    const applied = await by.schedules.apply(definitions.slice(at, at + callSchedulesMax));
    created += applied.filter(({ action }) => action === 'CREATED').length;
  }
  if (created < schedules)
    throw new Error(`${created} of ${schedules} schedules were made; the others were there.`);
  return { created, tookMs: preciseNow() - beganAt };
}

function define(name: string, { cron, eachSecond, at }: OrderedTimes): ScheduleDefinition {
  return defineSchedule<InputOf<typeof timed>>({
    ...{ name, handler: 'bench.timed', input: { failures: 0 } },
    ...(cron === undefined ? {} : { cron }),
    ...(at === undefined ? {} : { at: new Date(at) }),
    ...(eachSecond === undefined
      ? {}
      : {
          every: '1s',
          startTime: new Date(eachSecond.from),
          endTime: new Date(eachSecond.until),
        }),
  });
}
