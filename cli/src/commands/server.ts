// `muster server`: the coordinator, in this very process. Its settings are its own: all words
// behind `server` go to it as they are.

import { defineCommand } from '../command-line/command.ts';

/** `muster server`. */
export const server = defineCommand({
  name: 'server',
  summary: 'Run a coordinator.',
  positionals: '[SETTINGS]',
  count: [0, Number.POSITIVE_INFINITY],
  passThrough: true,
  details: [
    'Every setting is a flag (--grpc-address) and a variable (MUSTER_GRPC_ADDRESS); docs/configuration.md lists',
    'them all. SIGTERM and Ctrl-C stop it in order.',
  ],
  options: {},
  examples: [
    ['muster server', 'On 127.0.0.1:7420, with its data in .muster/.'],
    ['muster server --database memory', 'Nothing is kept.'],
    ['MUSTER_DATABASE_URL=postgres://db/muster muster server --log-level warn', 'On a Postgres.'],
  ],
  async run({ positionals }) {
    // Only this command pays for loading the coordinator.
    const { runCoordinator } = await import('@muster/server/main');
    // Open handles that nobody closed must not keep a stopped coordinator alive.
    process.exit(await runCoordinator(positionals));
  },
});
