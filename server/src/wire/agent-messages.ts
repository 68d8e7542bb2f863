/**
 * What an agent says, as nouns.
 *
 * Everything here comes from a stranger: counts, sizes, names and enums are checked before anything is done with them.
 * A Hello that is wrong is refused as a whole with the violations named; of later messages each item stands for itself,
 * and a wrong outcome of a lease that is held ends the attempt as REFUSED, because its agent has nothing better to send.
 */
import type {
  Failure__Output,
  HandlerRegistration__Output,
  Hello__Output,
  InventoryItem__Output,
  LeaseRef__Output,
  LogLine__Output,
  Outcome__Output,
  Payload__Output,
  ProgressReport__Output,
} from '@muster/proto';
import { agentLimits, reportLimits, taskLimits } from '../rules/limits.ts';
import { failureOf, type ReportedOutcome } from '../rules/outcome.ts';
import type {
  Failure,
  Labels,
  LeaseRef,
  LogLevel,
  LogLine,
  Payload,
  SessionId,
} from '../rules/task.ts';
import { cutText, storableText } from '../rules/text.ts';
import { type CheckedRegistration, checkRegistrations } from './messages/handler.ts';
import {
  type Checks,
  checkDuration,
  checkLabels,
  checkNumber,
  checkText,
  createChecks,
  quote,
} from './validation.ts';

/** One lease that an agent says it holds, and how far it is. */
export type HeldLease = LeaseRef & { readonly state: 'ACCEPTED' | 'RUNNING' | 'FINISHED' };

/** The first message of an agent. */
export type Hello = {
  readonly agentId: string;
  readonly namespace: string;
  /** Session to resume; null: a new one. */
  readonly resume: { readonly sessionId: SessionId; readonly token: string } | null;
  readonly handlers: readonly CheckedRegistration[];
  readonly slots: number;
  readonly labels: Labels;
  readonly weight: number;
  readonly inventory: readonly HeldLease[];
  readonly sdk: string;
  readonly protocolVersion: number;
  readonly features: readonly string[];
  /** Silence that the agent asks for; null: the coordinator's. */
  readonly silenceMs: number | null;
  readonly host: string;
  /** Number of the agent's dial, rising; 0: it numbers none. */
  readonly dial: number;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const epochMax = 2 ** 31 - 1;
const tokenMaxBytes = 256;
const featureMaxBytes = 64;

/** Reads a Hello. Throws `CallRefused` (INVALID_REQUEST) with all violations. */
export function readHello(message: Hello__Output): Hello {
  const checks = createChecks().within('hello');
  const { sessionId } = message;
  if (message.agentId === '') checks.fail('agent_id', 'is needed: a name of 1 to 128 bytes');
  if (sessionId !== '' && !uuid.test(sessionId))
    checks.fail('session_id', `${quote(sessionId)} is no UUID`);
  if (message.features.length > agentLimits.featuresMax)
    checks.fail(
      'features',
      `has ${message.features.length} names; at most ${agentLimits.featuresMax} are allowed`,
    );
  const hello: Hello = {
    agentId: storable(checks, 'agent_id', message.agentId, agentLimits.agentIdMaxBytes),
    namespace: message.namespace,
    resume:
      sessionId === ''
        ? null
        : {
            sessionId: sessionId as SessionId,
            token: checkText(checks, 'session_token', message.sessionToken, tokenMaxBytes),
          },
    handlers: checkRegistrations(checks, 'handlers', message.handlers),
    slots: checkNumber(checks, 'slots', message.slots, {
      least: 1,
      most: agentLimits.slotsMax,
      fallback: 1,
    }),
    labels: checkLabels(checks, 'labels', message.labels),
    weight: checkNumber(checks, 'weight', message.weight, {
      least: agentLimits.weightMin,
      most: agentLimits.weightMax,
      fallback: agentLimits.weightDefault,
      zero: 'unset',
    }),
    inventory: readInventory(checks, message.inventory),
    sdk: storable(checks, 'sdk', message.sdk, agentLimits.sdkMaxBytes),
    protocolVersion: message.protocolVersion,
    features: message.features
      .slice(0, agentLimits.featuresMax)
      .map((name, index) => checkText(checks, `features[${index}]`, name, featureMaxBytes)),
    silenceMs: checkDuration(
      checks,
      'silence_timeout',
      message.silenceTimeout,
      agentLimits.silenceMinMs,
      agentLimits.silenceMaxMs,
    ),
    host: storable(checks, 'host', message.host, agentLimits.hostMaxBytes),
    dial: checkNumber(checks, 'dial', message.dial, {
      least: 0,
      most: Number.MAX_SAFE_INTEGER,
      fallback: 0,
    }),
  };
  checks.finish();
  return hello;
}

/** Reads the handlers of a HandlersChanged. Throws `CallRefused` (INVALID_REQUEST). */
export function readChangedHandlers(
  list: readonly HandlerRegistration__Output[],
): readonly CheckedRegistration[] {
  const checks = createChecks().within('handlers_changed');
  const handlers = checkRegistrations(checks, 'handlers', list);
  checks.finish();
  return handlers;
}

function readInventory(
  checks: Checks,
  items: readonly InventoryItem__Output[],
): readonly HeldLease[] {
  if (items.length > agentLimits.inventoryItemsMax) {
    checks.fail(
      'inventory',
      `has ${items.length} items; at most ${agentLimits.inventoryItemsMax} are allowed`,
    );
    return [];
  }
  const held: HeldLease[] = [];
  for (const [index, { lease, state }] of items.entries()) {
    const known = leaseStates[state];
    const ref = readRef(lease);
    if (ref === null)
      checks.fail(`inventory[${index}].lease`, 'needs a task id and its lease epoch');
    else if (known === undefined)
      checks.fail(`inventory[${index}].state`, 'must be ACCEPTED, RUNNING or FINISHED');
    else held.push({ ...ref, state: known });
  }
  return held;
}

const leaseStates: Readonly<Record<string, HeldLease['state']>> = {
  LEASE_STATE_ACCEPTED: 'ACCEPTED',
  LEASE_STATE_RUNNING: 'RUNNING',
  LEASE_STATE_FINISHED: 'FINISHED',
};

/** A lease as an agent names it; null if it cannot be one. */
export function readRef(lease: LeaseRef__Output | null): LeaseRef | null {
  if (lease === null || !uuid.test(lease.taskId)) return null;
  const { leaseEpoch } = lease;
  if (!Number.isInteger(leaseEpoch) || leaseEpoch < 1 || leaseEpoch > epochMax) return null;
  return { taskId: lease.taskId as LeaseRef['taskId'], leaseEpoch };
}

/** How an attempt ended, as its agent says; what cannot be stored becomes a failure that says so. */
export function readOutcome(outcome: Outcome__Output, payloadBytesMax: number): ReportedOutcome {
  if (outcome.failure) return { kind: 'FAILED', failure: readFailure(outcome.failure) };
  if (outcome.cancelled) return { kind: 'CANCELLED' };
  if (outcome.interrupted) {
    const reason = storableText(cutText(outcome.interrupted.reason, reportLimits.reasonMaxBytes));
    return { kind: 'INTERRUPTED', reason };
  }
  if (!outcome.output) return refused('its agent sent an outcome without a result');
  const fault = payloadFault(outcome.output, payloadBytesMax);
  if (fault !== null) return refused(`its output ${fault}`);
  return { kind: 'SUCCEEDED', output: readPayload(outcome.output) };
}

/** How long the handler ran, by its agent; null: it does not say, or nothing that can be. */
export function readRunMs({ runDuration }: Outcome__Output): number | null {
  if (runDuration === null) return null;
  const ms = runDuration.seconds * 1000 + runDuration.nanos / 1e6;
  return ms >= 0 ? ms : null;
}

function refused(why: string): ReportedOutcome {
  const failure = failureOf('REFUSED', 'OutcomeRefused', `The outcome was refused: ${why}.`);
  return { kind: 'FAILED', failure };
}

/** Only these are an agent's to say; LOST, EXPIRED and REFUSED are not. */
const failureKinds: Readonly<Record<string, Failure['kind']>> = {
  FAILURE_KIND_TIMEOUT: 'TIMEOUT',
  FAILURE_KIND_DEADLINE: 'DEADLINE',
};

function readFailure(failure: Failure__Output): Failure {
  const kind = failureKinds[failure.kind] ?? 'ERROR';
  const details = failure.details;
  const detailsFit =
    details !== null && payloadFault(details, reportLimits.failureDetailsMaxBytes) === null;
  return {
    kind,
    name: storableText(cutText(failure.name, reportLimits.failureNameMaxBytes)) || 'Error',
    message: storableText(cutText(failure.message, reportLimits.failureMessageMaxBytes)),
    stack: storableText(cutText(failure.stack, reportLimits.failureStackMaxBytes)),
    details: detailsFit ? readPayload(details) : null,
    nonRetryable: failure.nonRetryable || kind === 'DEADLINE',
  };
}

/** What is wrong with a payload, or null. */
export function payloadFault(payload: Payload__Output, bytesMax: number): string | null {
  if (payload.data.length > bytesMax)
    return `has ${payload.data.length} bytes; at most ${bytesMax} are allowed`;
  if (Buffer.byteLength(payload.mediaType) > taskLimits.mediaTypeMaxBytes)
    return `has a media type of more than ${taskLimits.mediaTypeMaxBytes} bytes`;
  if (payload.mediaType === '' && payload.data.length > 0) return 'has bytes but no media type';
  return null;
}

/** A payload, or null for no value at all. */
export function readPayload(payload: Payload__Output): Payload | null {
  if (payload.mediaType === '') return null;
  return { mediaType: storableText(payload.mediaType), data: payload.data };
}

/** Progress as a handler set it; null: unchanged. */
export function readProgress(report: ProgressReport__Output) {
  const { progress } = report;
  if (progress === null) return null;
  return {
    completed: Number.isFinite(progress.completed) ? progress.completed : 0,
    total: Number.isFinite(progress.total) ? progress.total : 0,
    message: storableText(cutText(progress.message, reportLimits.progressMessageMaxBytes)),
  };
}

const logLevels: Readonly<Record<string, LogLevel>> = {
  LOG_LEVEL_DEBUG: 'DEBUG',
  LOG_LEVEL_WARN: 'WARN',
  LOG_LEVEL_ERROR: 'ERROR',
};

/** A line that a handler logged. */
export function readLogLine({ logTime, level, message }: LogLine__Output): LogLine {
  const at = logTime === null ? 0 : logTime.seconds * 1000 + Math.floor(logTime.nanos / 1e6);
  return {
    at: at >= 0 && at <= 253_402_300_799_999 ? at : 0,
    level: logLevels[level] ?? 'INFO',
    message: storableText(cutText(message, reportLimits.logMessageMaxBytes)),
  };
}

function storable(checks: Checks, field: string, value: string, bytesMax: number): string {
  return storableText(checkText(checks, field, value, bytesMax));
}
