// The floor: how many tasks a second Postgres alone allows on the product's own table, partitions
// and indexes, with nothing above it. What the product loses against it, it must be able to explain.

import { fileURLToPath } from 'node:url';
import { startCoordinator } from '../../harness/coordinator.ts';
import { startNode } from '../../harness/processes.ts';

/** Tasks per second, the best over all batches, and the best of each batch. */
export interface Floor {
  /** Stored RUNNING, then ended. */
  readonly twoWrites: number;
  /** Stored READY, claimed, then ended. */
  readonly threeWrites: number;
  /** By tasks per statement. */
  readonly batches: {
    readonly twoWrites: Record<number, number>;
    readonly threeWrites: Record<number, number>;
  };
}

/** What the measuring process is told. */
export interface FloorTask {
  readonly databaseUrl: string;
  /** Tasks of each run; there are two runs of each batch and shape. */
  readonly tasks: number;
  readonly inputBytes: number;
}

/** Tasks per statement that are tried. */
export const batchSizes: readonly number[] = [100, 200, 500, 1000];

const processMs = 300_000;

/** Measures in a fresh database, in a process of its own. The schema is made by the product itself. */
export async function measureFloor(
  databaseUrl: string,
  options: { readonly tasks: number; readonly inputBytes: number },
): Promise<Floor> {
  await makeSchema(databaseUrl);
  const task: FloorTask = { databaseUrl, ...options };
  const main = fileURLToPath(new URL('floor-process.ts', import.meta.url));
  const process = await startNode(main, [JSON.stringify(task)]);
  try {
    const [line] = await process.line(/^\{"twoWrites".*$/, { timeoutMs: processMs });
    return JSON.parse(line) as Floor;
  } finally {
    await process.end();
  }
}

/** The highest rate. */
export function bestOf(rates: Readonly<Record<number, number>>): number {
  return Math.max(...Object.values(rates));
}

/** A coordinator migrates the database and makes the partitions before it says that it is ready. */
async function makeSchema(databaseUrl: string): Promise<void> {
  const engine = {
    name: 'postgres' as const,
    databaseUrl,
    freshDatabase: async () => undefined,
    freshFolder: () => '',
  };
  const coordinator = await startCoordinator(engine);
  await coordinator.stop();
}
