// The command line of the bench, read once and checked.

import { parseArgs } from 'node:util';
import type { Extent, Scenario } from '../scenario.ts';

/** What was asked for. */
export interface Arguments {
  readonly scenarios: readonly Scenario[];
  /** What differs from the scenarios' own extents. */
  readonly extent: Partial<Extent>;
  readonly variant: string;
  /** `embedded`, a URL, or empty: each scenario starts its own. */
  readonly database: string;
  readonly runs: number;
  readonly floors: boolean;
  readonly peers: boolean;
  /** Coordinators use a NATS of the bench. */
  readonly nats: boolean;
  /** Another commit to compare with; empty: none. */
  readonly against: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** The command line says what cannot be done; the message is for whoever wrote it. */
export class WrongArguments extends Error {}

const counts = {
  tasks: 'tasks that are measured',
  seconds: 'length of what is measured by time',
  agents: 'agents that are connected, in `agents` and `idle`',
  behind: 'tasks that wait behind the measured ones, in `backlog`',
  schedules: 'schedules: all of `rest`, and the most of `lateness`',
} as const satisfies Record<keyof Extent, string>;

/** Reads and checks. Throws `WrongArguments`. */
export function readArguments(given: readonly string[], all: readonly Scenario[]): Arguments {
  const { values, positionals } = parse(given);
  const names = all.map(({ name }) => name);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new WrongArguments(`There is no scenario "${unknown}". There are: ${names.join(', ')}.`);
  const { variant, database, against, json, help, floors, peers, nats } = values;
  if (database !== '' && database !== 'embedded' && !/^postgres(ql)?:\/\//.test(database))
    throw new WrongArguments(`--database is a postgres:// URL or "embedded", not "${database}".`);
  const extent = Object.fromEntries(
    Object.keys(counts).flatMap((name) => {
      const text = values[name as keyof Extent];
      return text === undefined ? [] : [[name, count(name, text)]];
    }),
  );
  return {
    ...{ extent, variant, database, against, json, help, floors, peers, nats },
    scenarios: all.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    runs: count('runs', values.runs),
  };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      allowNegative: true,
      options: {
        ...{ tasks: { type: 'string' }, seconds: { type: 'string' } },
        ...{ agents: { type: 'string' }, behind: { type: 'string' } },
        schedules: { type: 'string' },
        runs: { type: 'string', default: '1' },
        variant: { type: 'string', default: '' },
        database: { type: 'string', default: '' },
        against: { type: 'string', default: '' },
        floors: { type: 'boolean', default: true },
        peers: { type: 'boolean', default: true },
        nats: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error));
  }
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new WrongArguments(`--${name} is a whole number from 1, not "${text}".`);
}

/** What `--help` prints. */
export function helpText(all: readonly Scenario[]): string {
  const width = Math.max(...all.map(({ name }) => name.length));
  return [
    'npm run -s bench -- [SCENARIO ...] [options]      without a scenario: all of them',
    '',
    ...all.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    ...Object.entries(counts).map(([name, about]) => `  --${name} N`.padEnd(18) + about),
    '  --runs N        repeats everything, and shows the run in the middle; ratios are medians',
    '  --variant TEXT  only measurements whose name contains the text',
    '  --database URL  a Postgres that runs already (superuser, pg_stat_statements loaded), or "embedded"',
    '  --no-floors     leaves out what Postgres alone allows',
    '  --no-peers      leaves out graphile-worker, pg-boss and BullMQ',
    '  --nats          coordinators use NATS for their wakeups, as in a cluster',
    '  --against REF   compares with another commit, five times each in turn: the median ratio',
    '  --json          a JSON array instead of the table',
    '',
  ].join('\n');
}
