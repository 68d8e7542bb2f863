/**
 * What can go wrong with the database, in the few kinds that callers tell apart.
 *
 * Drivers' errors are turned into these in one place (`normalised`); what is none of them is a defect and passes as it is.
 */

/**
 * The database cannot be reached, or broke off. A write may or may not have happened: repeat it as `repeated`, or
 * read before anything else is assumed.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The database refused the data; nothing of the statement was written. Some value of it is to blame. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
  /** SQLSTATE, five characters. */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Another transaction came in between; nothing was written. The store repeats such statements itself. */
export class StoreConflict extends Error {
  override readonly name = 'StoreConflict';
}

/** A buffer before the database is full; nothing was taken in. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  /** When coming back makes sense, in milliseconds. */
  readonly retryDelayMs: number;

  constructor(message: string, retryDelayMs: number) {
    super(message);
    this.retryDelayMs = retryDelayMs;
  }
}

/** The database was written by a newer Muster than this one. */
export class SchemaNewer extends Error {
  override readonly name = 'SchemaNewer';
}

/** The database was last changed by an older Muster, and nobody said that its schema may be changed. */
export class SchemaOlder extends Error {
  override readonly name = 'SchemaOlder';
}

/** A migration that was applied differs from the file of the same number. */
export class SchemaChanged extends Error {
  override readonly name = 'SchemaChanged';
}

/** Another process holds the folder of the embedded database. */
export class FolderHeld extends Error {
  override readonly name = 'FolderHeld';
}

/** SQLSTATEs by which data is refused. 22: data exception. 54: a limit of the database, as an index row too long. */
const refusedClasses: ReadonlySet<string> = new Set(['22', '54']);
/** 08: connection. 53: out of connections, memory or disk. 57: shut down, timed out or cancelled by the operator. 58: I/O. */
const unavailableClasses: ReadonlySet<string> = new Set(['08', '53', '57', '58']);
/** Serialisation failure, deadlock, lock timeout. */
const conflictCodes: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);
/** Read-only transaction: the connection leads to a standby, as after a failover. */
const readOnlyCode = '25006';

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
const networkMessages =
  /connection terminated|connection ended|connection error|timeout expired|timeout exceeded|query read timeout|client has encountered|not queryable|the embedded database|pool after calling end/i;

/** The error as one of the kinds above where it is one; else itself. */
export function normalised(error: unknown): unknown {
  if (!(error instanceof Error) || isOurs(error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (conflictCodes.has(code)) return new StoreConflict(error.message, { cause: error });
  if (networkCodes.has(code) || code === readOnlyCode) return unavailable(error);
  if (code.length === 5) {
    if (unavailableClasses.has(code.slice(0, 2))) return unavailable(error);
    if (refusedClasses.has(code.slice(0, 2))) return new StoreRefused(code, error.message, error);
    return error;
  }
  return networkMessages.test(error.message) ? unavailable(error) : error;
}

function unavailable(cause: Error): StoreUnavailable {
  return new StoreUnavailable(`The database cannot be reached: ${cause.message}`, { cause });
}

function isOurs(error: Error): boolean {
  return (
    error instanceof StoreUnavailable ||
    error instanceof StoreRefused ||
    error instanceof StoreConflict
  );
}
