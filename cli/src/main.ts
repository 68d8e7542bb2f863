// The muster command. Exit codes: exit-codes.ts.

import { processTerminal } from './printing/terminal.ts';
import { run } from './run.ts';

// A Node program that starts this one with a channel (`stdio: [..., 'ipc']`) does not want to be outlived.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

const code = await run(process.argv.slice(2), processTerminal());
// Not process.exit: what was written to a pipe must reach it first.
process.exitCode = code;
