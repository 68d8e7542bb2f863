// A suite that talks to one coordinator through the contract alone, on both engines.

import { after, before, describe } from 'node:test';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import { type Engine, eachEngine } from '../../harness/engines.ts';
import { openRawClients, type RawClients } from './raw-client.ts';

/** What the tests of a suite use; read its parts in tests and hooks only. */
export interface ApiStage {
  readonly engine: Engine;
  readonly coordinator: TestCoordinator;
  readonly clients: RawClients;
}

/** Registers the suite on both engines, with a coordinator of its own. */
export function apiSuite(
  title: string,
  flags: readonly string[],
  define: (stage: ApiStage) => void,
): void {
  eachEngine(title, (engine) => {
    // A suite of its own: its coordinator must be gone before the database is.
    describe('with a coordinator', { concurrency: 10 }, () => {
      let coordinator: TestCoordinator | undefined;
      let clients: RawClients | undefined;
      before(async () => {
        coordinator = await startCoordinator(engine, { flags });
        clients = openRawClients(coordinator.address);
      });
      after(async () => {
        clients?.close();
        await coordinator?.stop();
      });
      define({
        engine,
        get coordinator() {
          if (coordinator === undefined) throw new Error('There is no coordinator yet.');
          return coordinator;
        },
        get clients() {
          if (clients === undefined) throw new Error('There are no clients yet.');
          return clients;
        },
      });
    });
  });
}
