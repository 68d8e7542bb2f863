// A process of a peer with one schedule of each minute: node minute-process.ts PEER URL. Prints the calendar moment of every
// start, until it is ended.

import { openGraphileEachMinute } from './graphile-worker.ts';
import type { MinutePeer } from './minute.ts';
import { openBossEachMinute } from './pg-boss.ts';

const open = { graphileWorker: openGraphileEachMinute, pgBoss: openBossEachMinute };
const [name = '', url = ''] = process.argv.slice(2);

await open[name as MinutePeer](url, () => console.log(`started ${Date.now()}`));
console.log('ready');
