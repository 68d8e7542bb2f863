// One agent process: offers `files.count` to the coordinator at MUSTER_ADDRESS until it is told
// to end (SIGTERM drains it), or until its parent is gone. Its name is the first argument.

import { createAgent } from '@muster/agent';
import { countFiles } from './handlers.ts';

process.once('disconnect', () => process.exit(1));
process.channel?.unref();

const [agentId = 'counter'] = process.argv.slice(2);

const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: console.error, error: console.error };

await createAgent({ agentId, handlers: [countFiles], slots: 4, logger }).run();
