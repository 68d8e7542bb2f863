/**
 * What the rest of the server may ask of the database. Only this folder knows SQL.
 *
 * Every method is one statement or one short transaction, safe to repeat and safe to run on several replicas at
 * once. Errors: `StoreUnavailable` when the database cannot be reached (the write may or may not have happened),
 * `StoreRefused` when it refused the data; anything else is a defect.
 */

import type { EventOutbox } from './doors/events.ts';
import type { Coordinators, Sessions } from './doors/fleet.ts';
import type { Inspect } from './doors/inspect.ts';
import type { Lanes } from './doors/lanes.ts';
import type { Leases } from './doors/leases.ts';
import type { Schedules } from './doors/schedules.ts';
import type { Submissions, Tasks, Timers } from './doors/tasks.ts';
import type { Dictionaries, Retention } from './doors/upkeep.ts';

export type { EventOutbox } from './doors/events.ts';
export type {
  Attached,
  CoordinatorRow,
  Coordinators,
  DetachedSession,
  Serving,
  SessionFacts,
  SessionRow,
  SessionState,
  Sessions,
} from './doors/fleet.ts';
export type { Inspect } from './doors/inspect.ts';
export type {
  LaneClaim,
  LaneClaimRequest,
  Lanes,
} from './doors/lanes.ts';
export type {
  ClaimRequest,
  EndedLease,
  Leases,
  Peeked,
  ProgressWrite,
  RecordedOutcome,
  RunningRow,
} from './doors/leases.ts';
export type {
  Applied,
  Decide,
  DeletedSchedule,
  DueSchedule,
  ScheduleChange,
  ScheduleLook,
  ScheduleQuery,
  Schedules,
  TakenTurn,
  TurnsReport,
  WrittenSchedule,
  WrittenTurn,
} from './doors/schedules.ts';
export type {
  CancelResult,
  RetriedTask,
  StoredTask,
  Submissions,
  Tasks,
  Timers,
} from './doors/tasks.ts';
export type {
  Dictionaries,
  HandlerFacts,
  HandlerRow,
  NamespaceRow,
  Retention,
} from './doors/upkeep.ts';

/** Everything that may be asked of the database. */
export type Store = {
  readonly engine: 'pglite' | 'postgres';
  readonly submissions: Submissions;
  readonly leases: Leases;
  readonly lanes: Lanes;
  readonly inspect: Inspect;
  readonly sessions: Sessions;
  readonly coordinators: Coordinators;
  readonly tasks: Tasks;
  readonly timers: Timers;
  readonly schedules: Schedules;
  readonly dictionaries: Dictionaries;
  readonly retention: Retention;
  readonly eventOutbox: EventOutbox;
  /** The database's time in milliseconds: a canary query. */
  now(): Promise<number>;
  close(): Promise<void>;
};
