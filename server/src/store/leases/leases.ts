/**
 * Everything that dispatch asks about leases, over a database.
 */
import type { Database } from '../engines/database.ts';
import type { Leases } from '../store.ts';
import { claim, peek } from './claim.ts';
import { createClaimDays } from './claim-days.ts';
import { giveBack, returnUnsent } from './hand-back.ts';
import { appendLogLines, writeProgress } from './progress.ts';
import { record } from './record.ts';
import { load, running } from './running.ts';

/** Leases over a database. */
export function createLeases(database: Database): Leases {
  const days = createClaimDays();
  return {
    claim: (request) => claim(database, days, request),
    peek: (handlerIds) => peek(database, handlerIds),
    record: (writes, wanted) => record(database, writes, wanted?.tasks === true),
    returnUnsent: (leases) => returnUnsent(database, leases),
    giveBack: (sessionId, attachment, leases) => giveBack(database, sessionId, attachment, leases),
    running: (sessionIds) => running(database, sessionIds),
    load: (leases) => load(database, leases),
    writeProgress: (reports) => writeProgress(database, reports),
    appendLogLines: (reports, linesMax) => appendLogLines(database, reports, linesMax),
  };
}
