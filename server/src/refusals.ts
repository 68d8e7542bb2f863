/**
 * Any error as the refusal that its caller is told.
 *
 * Used at the edge of both roles that serve calls. What is expected becomes a typed refusal; what is not is a defect: it
 * is logged under an id, and the caller is told the id and nothing else.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { Overloaded, StoreConflict, StoreRefused, StoreUnavailable } from './store/errors.ts';
import { CallRefused } from './wire/status.ts';

/** When callers should come back after an outage of the database was noticed. */
const databaseRetryMs = 1000;
const conflictRetryMs = 500;

/** The refusal of an error; logs those that nobody expects. `about` is what was asked for, for the log. */
export function refusalOf(error: unknown, logger: Logger, about: string): CallRefused {
  if (error instanceof CallRefused) return error;
  if (error instanceof StoreUnavailable)
    return new CallRefused(
      'DATABASE_UNAVAILABLE',
      'The database cannot be reached, so nothing can be promised. Try again; a submit with ids or idempotency keys can be repeated safely.',
      { retryDelayMs: databaseRetryMs, cause: error },
    );
  if (error instanceof Overloaded)
    return new CallRefused(
      'OVERLOADED',
      `More work waits for the database than this coordinator may hold: ${error.message} Try again, with less at a time.`,
      { retryDelayMs: error.retryDelayMs, cause: error },
    );
  if (error instanceof StoreConflict)
    return new CallRefused(
      'OVERLOADED',
      'Too many writes met at the same rows, and this one gave way. Nothing was stored; try again.',
      { retryDelayMs: conflictRetryMs, cause: error },
    );
  if (error instanceof StoreRefused) {
    const id = logDefect(error, logger, about);
    return new CallRefused(
      'INVALID_REQUEST',
      `The database refused what the request says (${id} in the coordinator's log). Nothing was stored.`,
      { cause: error },
    );
  }
  const id = logDefect(error, logger, about);
  return new CallRefused(
    'INTERNAL',
    `This is a defect of Muster. The coordinator's log says more under ${id}.`,
    { cause: error, metadata: { id } },
  );
}

function logDefect(error: unknown, logger: Logger, about: string): string {
  const id = randomBytes(6).toString('hex');
  logger.error({ err: error, id, about }, 'a call failed unexpectedly');
  return id;
}
