/**
 * What tests and simulations of this repository need besides the public API. Not public: anything here may change in
 * any release.
 */
export { type Config, configOf } from './config.ts';
export { createDictionaries } from './dictionaries.ts';
export { beginLives, type Door, type Lives, type OpenDoor } from './life.ts';
export type { Role, Routes } from './role.ts';
export { readCron } from './rules/calendar/cron.ts';
export { type ClockChangeRule, nextTime } from './rules/calendar/cron-times.ts';
export { zoneOf } from './rules/calendar/zone.ts';
export { createIdGenerator } from './rules/ids.ts';
export { type Cause, isAllowed, isFinished } from './rules/lifecycle.ts';
export {
  cancelled,
  expired,
  handedBack,
  leased,
  leftBehind,
  lost,
  promoted,
  recorded,
  type Standing,
  submitted,
  takenUp,
} from './rules/settlement.ts';
export type {
  CoordinatorId,
  FinishedState,
  HandlerId,
  Lease,
  LeaseRef,
  NamespaceId,
  NewTask,
  OutcomeWrite,
  SessionId,
  TaskId,
  TaskState,
} from './rules/task.ts';
export type { Time, Timer } from './rules/time.ts';
export { StoreUnavailable } from './store/errors.ts';
export type {
  Attached,
  CancelResult,
  ClaimRequest,
  CoordinatorRow,
  DetachedSession,
  EndedLease,
  HandlerFacts,
  HandlerRow,
  NamespaceRow,
  RecordedOutcome,
  RunningRow,
  SessionFacts,
  SessionRow,
  SessionState,
  Store,
  StoredTask,
} from './store/store.ts';
export { noEvents } from './wakeups/events/events.ts';
export { createInProcessWakeups } from './wakeups/in-process.ts';
export { anyone } from './wire/authentication.ts';
