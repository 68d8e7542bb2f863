// What a scenario is: one measurement with a name, run on a server of its own.

import type { PostgresServer } from '../harness/postgres.ts';
import type { Result } from './result.ts';

/** What a scenario is given. */
export interface ScenarioContext {
  readonly server: PostgresServer;
  readonly tasks: number;
  readonly inputBytes: number;
  /** Only measurements whose variant contains this; empty: all. */
  readonly variant: string;
}

/** One measurement. */
export interface Scenario {
  readonly name: string;
  /** One line for the table. */
  readonly about: string;
  /** How many tasks, unless `--tasks` says otherwise. */
  readonly tasks: number;
  /** Whether floors and peers are measured beside it. */
  readonly peers: boolean;
  run(context: ScenarioContext): Promise<Result[]>;
}
