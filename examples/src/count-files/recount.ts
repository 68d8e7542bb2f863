// A schedule: the first files are counted again each second, three times.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, defineSchedule, type Fire } from '@muster/sdk';
import { type CountInput, type CountOutput, countFiles } from './handlers.ts';

const times = 3;
const name = 'recount';

/** Makes the schedule, prints its next times, and then each of them with what came of it. */
export async function recount(
  client: Client,
  input: CountInput,
  signal: AbortSignal,
): Promise<void> {
  // From a second that nobody has reached by the time that the next ones are asked for.
  const startTime = new Date(Date.now() + 1_000);
  await client.schedules.create(
    defineSchedule({
      ...{ name, handler: countFiles, input },
      ...{ cron: '* * * * * *', startTime, limit: times },
    }),
  );
  const next = await client.schedules.preview(name, { count: times });
  console.log(`schedule ${name}: next at ${next.map(timeOf).join(', ')}`);
  for (let shown = 0; shown < times; shown += 1) {
    const fire = await fireNumber(client, shown, signal);
    const task = client.handle<CountOutput>(fire.taskId ?? '');
    const { extensions } = await task.result({ signal });
    const files = Object.values(extensions).reduce((sum, counts) => sum + counts.files, 0);
    const { agentId } = await task.get();
    console.log(
      `fired at ${timeOf(fire.nominalTime)}, ${fire.latenessMs} ms late: ${files} files by ${agentId}`,
    );
  }
}

/** The record of a nominal time, the oldest first, once it is there. */
async function fireNumber(client: Client, number: number, signal: AbortSignal): Promise<Fire> {
  for (;;) {
    const fires: Fire[] = [];
    for await (const each of client.schedules.fires(name)) fires.unshift(each);
    const fire = fires[number];
    if (fire !== undefined) return fire;
    await sleep(100, undefined, { signal });
  }
}

function timeOf(time: Date): string {
  return time.toISOString().slice(11, 19);
}
