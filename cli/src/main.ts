// The muster command. Exit codes: exit-codes.ts.

import { processTerminal } from './printing/terminal.ts';
import { run } from './run.ts';

const code = await run(process.argv.slice(2), processTerminal());
// Not process.exit: what was written to a pipe must reach it first.
process.exitCode = code;
