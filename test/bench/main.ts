// The bench: node test/bench/main.ts [SCENARIO ...] [--tasks N] [--json]. Without a scenario, all of them.

import { parseArgs } from 'node:util';
import { startDatabaseServer } from './database.ts';
import { measuredOn } from './machine.ts';
import type { MeasuredResult } from './result.ts';
import { scenarios } from './scenarios.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: 'string' },
    variant: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const wanted = scenarios.filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
);
const results: MeasuredResult[] = [];
for (const scenario of wanted) {
  const server = await startDatabaseServer();
  const tasks = options.tasks === undefined ? scenario.tasks : Number(options.tasks);
  const measured = await scenario.run({ server, tasks, inputBytes: 90, variant: options.variant });
  const where = measuredOn('PostgreSQL');
  results.push(...measured.map((result) => ({ ...result, ...where })));
  await server.stop('immediate');
}
console.log(JSON.stringify(results, null, 2));
