// The bench: node test/bench/main.ts [SCENARIO ...] [options]; --help lists them. Each scenario runs on a database server
// of its own, and what it is compared with is measured on the same server, in turn with it.

import { compareWith, comparisonText } from './against.ts';
import { helpText, readArguments, WrongArguments } from './command/arguments.ts';
import { runScenario } from './command/run.ts';
import { headline, tableOf } from './command/table.ts';
import { UnfitServer } from './database/server.ts';
import { type MeasuredResult, withEveryKey } from './result.ts';
import { scenarios } from './scenarios.ts';

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2), scenarios);
  if (wanted.help) {
    console.log(helpText(scenarios));
    return 0;
  }
  if (wanted.against !== '') {
    const compared = await compareWith(wanted);
    const text = () => comparisonText(compared, wanted.against);
    console.log(wanted.json ? JSON.stringify(compared, null, 2) : text());
    return 0;
  }
  const results: MeasuredResult[] = [];
  for (const scenario of wanted.scenarios) {
    const measured = await runScenario(scenario, wanted);
    if (!wanted.json && results.length === 0 && measured[0]) console.log(headline(measured[0]));
    if (!wanted.json) console.log(tableOf(scenario, measured));
    results.push(...measured);
  }
  if (wanted.json) console.log(JSON.stringify(results.map(withEveryKey), null, 2));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof WrongArguments || error instanceof UnfitServer)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
