// The coordinator of a bench: the product's own program, in a process that can be asked how it is on the inside. A word
// on its standard input is answered by one line of JSON among those of its log.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runCoordinator } from '@muster/server/main';
import type { CoordinatorQuestion, InsideView } from './protocol.ts';

/** What is measured is when a timer of so many milliseconds fires; what it is late by is the delay. */
const resolutionMs = 10;
/** A collection makes finalizers run, which make more garbage. */
const collections = 4;

const delays = monitorEventLoopDelay({ resolution: resolutionMs });
delays.enable();
setFlagsFromString('--expose-gc');
/** The last resort also gives back what is kept for new objects. */
const collect = runInNewContext('gc') as (how: { type: 'major'; flavor: 'last-resort' }) => void;

function look(): InsideView {
  const { rss, heapUsed, external } = process.memoryUsage();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  return {
    residentBytes: rss,
    heapBytes: heapUsed,
    externalBytes: external,
    eventLoopDelayMs: {
      p50: late(delays.percentile(50)),
      p99: late(delays.percentile(99)),
      max: late(delays.max),
    },
  };
}

async function answer(question: CoordinatorQuestion): Promise<void> {
  if (question === 'collect')
    for (let n = 0; n < collections; n += 1) {
      collect({ type: 'major', flavor: 'last-resort' });
      await sleep(100);
    }
  process.stdout.write(`${JSON.stringify({ inside: look() })}\n`);
  if (question === 'reset') delays.reset();
}

createInterface({ input: process.stdin }).on('line', (line) => {
  void answer(line as CoordinatorQuestion);
});
process.exit(await runCoordinator(process.argv.slice(2)));
