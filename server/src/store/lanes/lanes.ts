/**
 * Lanes over a database.
 */
import type { Database } from '../engines/database.ts';
import type { Lanes } from '../store.ts';
import { claimLanes } from './claim-lanes.ts';
import { createHandlerLimits } from './handler-limits.ts';
import { createNamedLimits } from './named-limits.ts';
import { settle } from './settle.ts';

/** Makes the lanes of a store. */
export function createLanes(database: Database): Lanes {
  return {
    claim: (request) => claimLanes(database, request),
    settle: (limit) => settle(database, limit),
    ...createHandlerLimits(database),
    ...createNamedLimits(database),
  };
}
