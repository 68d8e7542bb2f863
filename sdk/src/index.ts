// The public API of `@muster/sdk`: define handlers, submit tasks, await their results.

export { createClient } from './client/create-client.ts';
export type {
  CancelOutcome,
  CancelSummary,
  Client,
  ClientOptions,
  Explanation,
  GroupProgress,
  GroupResults,
  ListOptions,
  ManyOptions,
  Obstacle,
  ObstacleKind,
  RetrySummary,
  SubmitArguments,
  SubmitOptions,
  TaskFilter,
  TaskGroup,
  TaskHandle,
  TaskResult,
  TaskSelection,
  Unserved,
  WaitOptions,
} from './client.ts';
export type { HandlerContext, HandlerLog } from './context.ts';
export type { Duration } from './duration.ts';
export {
  type ClientReason,
  type CoordinatorReason,
  MusterError,
  type MusterErrorOptions,
  type MusterReason,
  NonRetryableError,
  TaskFailedError,
  type TaskFailure,
  type TaskFailureKind,
  type Violation,
} from './errors.ts';
export {
  type AnyHandler,
  defineHandler,
  type HandlerDefinition,
  type HandlerOptions,
  type HandlerSettings,
  type RetryOptions,
} from './handler.ts';
export type {
  AnyHandlerReference,
  HandlerReference,
  InputOf,
  OutputOf,
} from './handler-reference.ts';
export type {
  HandlerFlow,
  HandlerLimits,
  Limits,
  RateLimit,
  SharedLimit,
  SharedLimitOptions,
} from './limits/limits.ts';
export type { Payload, PayloadCodec } from './payload/payload.ts';
export {
  defineSchedule,
  type ScheduleDefinition,
  type ScheduledInput,
} from './schedules/define-schedule.ts';
export type {
  ClockChanges,
  Fire,
  FireDecision,
  MisfireOptions,
  MisfireRule,
  OverlapOptions,
  OverlapRule,
  Schedule,
  ScheduledTask,
  ScheduleOptions,
  ScheduleState,
  ScheduleTimes,
  TimeRange,
} from './schedules/schedule.ts';
export type {
  AppliedSchedule,
  ApplyAction,
  BackfillOptions,
  BackfillSummary,
  ListFiresOptions,
  ListSchedulesOptions,
  PreviewOptions,
  ScheduleChanges,
  Schedules,
  StoredSchedule,
  Triggered,
} from './schedules/schedules.ts';
export {
  isFinished,
  type Task,
  type TaskAttempt,
  type TaskLogLine,
  type TaskProgress,
  type TaskState,
  type TaskView,
} from './task.ts';
export type { ConnectionOptions, TlsOptions } from './wire/connection.ts';
export type { CallOptions, ServiceMethods, Services } from './wire/services.ts';
