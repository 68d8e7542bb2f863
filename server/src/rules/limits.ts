/**
 * Every numeric limit of tasks, handlers, agents and calls, with its unit in its name.
 *
 * The contract's comments state the same numbers for users; what an operator may change is a setting, not a line here.
 */

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Limits of one task as it is submitted. */
export const taskLimits = Object.freeze({
  priorityMin: -100,
  priorityMax: 100,
  startDelayMaxMs: 365 * dayMs,
  totalTimeoutMinMs: 1,
  totalTimeoutMaxMs: 365 * dayMs,
  startTtlMinMs: 1,
  startTtlMaxMs: 365 * dayMs,
  attemptTimeoutMinMs: 1,
  attemptTimeoutMaxMs: 30 * dayMs,
  idempotencyKeyMaxBytes: 256,
  idempotencyTtlMinMs: secondMs,
  idempotencyTtlMaxMs: 30 * dayMs,
  idempotencyTtlDefaultMs: dayMs,
  /** How far the time inside a caller's id may lie from the database's, either way. */
  idTimeToleranceMs: dayMs,
  mediaTypeMaxBytes: 255,
  tracestateMaxBytes: 512,
});

/** Limits of a retry policy. */
export const retryLimits = Object.freeze({
  attemptsMin: 1,
  attemptsMax: 1_000,
  initialDelayMaxMs: dayMs,
  multiplierMin: 1,
  multiplierMax: 100,
  delayMaxMs: 30 * dayMs,
  jitterMin: 0,
  jitterMax: 1,
  nonRetryableErrorsMax: 50,
  errorNameMaxBytes: 128,
});

/** Limits of labels. */
export const labelLimits = Object.freeze({ labelsMax: 16, keyMaxBytes: 63, valueMaxBytes: 128 });

/** Limits of handlers as they are registered. */
export const handlerLimits = Object.freeze({
  nameMaxBytes: 128,
  versionMaxBytes: 64,
  schemaMaxBytes: 64 * 1024,
  descriptionMaxBytes: 1024,
  lostAttemptsMax: 100,
  lostAttemptsDefault: 3,
  cancelGraceMaxMs: 10 * minuteMs,
  cancelGraceDefaultMs: 5 * secondMs,
  slotsMax: 100_000,
});

/** Limits of keys, and of limits themselves. */
export const flowLimits = Object.freeze({
  keyMaxBytes: 256,
  weightMin: 0.001,
  weightMax: 1_000,
  countMax: 1_000_000,
  windowMinMs: secondMs,
  windowMaxMs: dayMs,
  windowDefaultMs: secondMs,
  /** Shared limits of one handler. */
  sharedMax: 8,
  textMaxBytes: 1024,
});

/** Limits of what attempts report. Longer text is cut, not refused. */
export const reportLimits = Object.freeze({
  failureNameMaxBytes: 128,
  failureMessageMaxBytes: 8 * 1024,
  failureStackMaxBytes: 16 * 1024,
  failureDetailsMaxBytes: 64 * 1024,
  progressMessageMaxBytes: 1024,
  logMessageMaxBytes: 4 * 1024,
  reasonMaxBytes: 1024,
});

/** Limits of agents and their sessions. */
export const agentLimits = Object.freeze({
  agentIdMaxBytes: 128,
  handlersMax: 1_000,
  slotsMax: 100_000,
  weightMin: 1,
  weightMax: 1_000,
  weightDefault: 100,
  inventoryItemsMax: 200_000,
  sdkMaxBytes: 128,
  hostMaxBytes: 256,
  featuresMax: 50,
  silenceMinMs: secondMs,
  silenceMaxMs: minuteMs,
});

/** Limits of schedules. */
export const scheduleLimits = Object.freeze({
  nameMaxBytes: 128,
  descriptionMaxBytes: 1024,
  noteMaxBytes: 1024,
  cronMax: 20,
  intervalMaxMs: 365 * dayMs,
  runTimesMax: 1_000,
  exclusionsMax: 1_000,
  firesMaxMax: 1_000_000_000,
  jitterMaxMs: hourMs,
  lateMinMs: secondMs,
  lateMaxMs: dayMs,
  lateDefaultMs: minuteMs,
  catchUpMinMs: secondMs,
  catchUpMaxMs: 365 * dayMs,
  catchUpCountMax: 1_000,
  catchUpCountDefault: 100,
  startDeadlineMinMs: 1,
  startDeadlineMaxMs: 365 * dayMs,
  runningMax: 1_000,
  bufferMax: 1_000,
  failuresMax: 1_000,
  /** Smaller than that of a task, because hundreds of schedules are read at once when they are due. */
  inputMaxBytes: 64 * 1024,
  /** Of any kind, and of the one that may bring 64 KiB: what is filled in must stay near the size of an input. */
  placeholdersMax: { '{{': 100, '{{previous_output}}': 4 },
  applyMax: 10_000,
  backfillMax: 1_000,
  previewMax: 1_000,
  previewDefault: 10,
});

/** Limits of namespaces. */
export const namespaceLimits = Object.freeze({
  nameMaxBytes: 63,
  descriptionMaxBytes: 1024,
  retentionMinMs: hourMs,
  retentionMaxMs: 365 * dayMs,
});

/** Limits of single calls. */
export const callLimits = Object.freeze({
  submitTasksMax: 10_000,
  cancelTasksMax: 10_000,
  retryTasksMax: 1_000,
  waitTasksMax: 1_000,
  watchTasksMax: 10_000,
  waitTimeoutMaxMs: minuteMs,
  waitTimeoutDefaultMs: 30 * secondMs,
  pageSizeMax: 1_000,
  pageSizeDefault: 50,
  pageBytesMax: 2 * 1024 * 1024,
  filterStatesMax: 7,
  violationsNamedMax: 20,
});
