// A long task that tells how far it is, and is cancelled on the way.
//
// Needs a coordinator: `muster server --database memory` in another terminal.

import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '@muster/agent';
import { createClient, defineHandler, isFinished } from '@muster/sdk';

const render = defineHandler({
  name: 'video.render',
  async run({ frames }: { frames: number }, { progress, signal, log }) {
    // Asked to stop, the sleep throws at once; what belongs to the work is put away here.
    signal.addEventListener('abort', () => log.info('throwing half a film away'));
    for (let frame = 1; frame <= frames; frame += 1) {
      await sleep(25, undefined, { signal });
      progress(frame, frames, 'rendering');
    }
    return { frames };
  },
});

const agent = createAgent({ handlers: [render], logger: false });
await agent.start();
const client = createClient();

const task = await client.submit(render, { frames: 200 });
for await (const { state, progress } of task.watch()) {
  const { completed = 0, total = 0 } = progress ?? {};
  console.log(`${state} ${completed}/${total}`);
  if (state === 'RUNNING' && completed >= total / 10 && total > 0) await task.cancel('seen enough');
  if (isFinished(state)) break;
}

const { state, cancelReason, attempts } = await task.get('full');
console.log(`${state}: ${cancelReason}`);
for (const { message } of attempts[0]?.logLines ?? []) console.log(`logged: ${message}`);

await client.close();
await agent.drain();
