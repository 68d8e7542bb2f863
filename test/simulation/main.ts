// Runs simulations by hand:  node test/simulation/main.ts KIND FIRST-SEED [COUNT [BUG]]

import type { Bug } from './cluster/bugs.ts';
import { type Kind, simulate } from './simulation.ts';

const [kind = 'busy', first = '1', count = '1', bug] = process.argv.slice(2);
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const begun = process.cpuUsage();
  const { broken, sessionHours, ...rest } = await simulate(seed, kind as Kind, bug as Bug);
  const { user, system } = process.cpuUsage(begun);
  const hours = sessionHours.toFixed(1);
  console.log(`${kind} ${seed}: ${hours} session-hours, ${(user + system) / 1000} ms of CPU`, rest);
  for (const told of broken.slice(0, 5)) console.log(`  ${told}`);
  if (broken.length > 0) process.exitCode = 1;
}
