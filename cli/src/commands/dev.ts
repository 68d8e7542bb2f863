// `muster dev`: a coordinator, its embedded database and an agent that starts again when its
// handlers change; everything ends with Ctrl-C.

import { existsSync } from 'node:fs';
import { defineCommand } from '../command-line/command.ts';
import { type Child, startCoordinator, startWatchedAgent } from '../dev/children.ts';
import { devHandlersFile } from '../dev/handlers.ts';
import { exitCodes, UsageError } from '../exit-codes.ts';

/** `muster dev`. */
export const dev = defineCommand({
  name: 'dev',
  summary: 'Run a coordinator, its database and an agent that restarts when its handlers change.',
  positionals: '[HANDLER_FILE...]',
  count: [0, Number.POSITIVE_INFINITY],
  details: [
    'Without a file it offers dev.echo, dev.sleep and dev.fail to try things with.',
    'For development only: no TLS, no tokens, loopback only. Ctrl-C ends everything.',
  ],
  options: {
    database: {
      type: 'string',
      value: 'WHERE',
      doc: 'A folder, "memory", or a postgres:// URL. Default: the folder .muster.',
    },
    'grpc-address': {
      type: 'string',
      value: 'HOST:PORT',
      doc: 'Default 127.0.0.1:7420; port 0 takes a free one.',
    },
    'http-address': {
      type: 'string',
      value: 'HOST:PORT',
      doc: 'Default 127.0.0.1:7421; port 0 takes a free one.',
    },
  },
  examples: [
    ['muster dev', 'Then, elsewhere: muster task submit dev.echo --input \'"hi"\' --wait'],
    ['muster dev handlers.ts', 'Edit the file: the agent starts again.'],
    [
      'muster dev handlers.ts --database memory --grpc-address 127.0.0.1:0',
      'Nothing is kept, any free port.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    for (const file of positionals) {
      if (!existsSync(file)) throw new UsageError(`There is no file "${file}".`, 'dev');
    }
    const files = positionals.length > 0 ? positionals : [devHandlersFile];
    const settings = Object.entries(values).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]);
    const stop = stopSignals();
    const children: Child[] = [];
    try {
      const coordinator = startCoordinator(settings, terminal.note);
      children.unshift(coordinator);
      const doors = await Promise.race([coordinator.ready, stop]);
      if (doors === 'stop') return exitCodes.ok.code;
      terminal.out(`coordinator ${doors.grpcAddress} (http://${doors.httpAddress})`);
      children.unshift(startWatchedAgent(files, doors.grpcAddress));
      if ((await Promise.race([stop, coordinator.ended])) === 'stop') return exitCodes.ok.code;
      terminal.note('muster: the coordinator has ended by itself.');
      return exitCodes.failed.code;
    } finally {
      for (const child of children) await child.end();
    }
  },
});

/** Resolves at the first wish to stop. */
function stopSignals(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve('stop'));
    }
  });
}
