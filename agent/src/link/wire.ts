// Between messages and nouns. Nothing behind this file sees a protobuf duration, and nothing
// before it a millisecond.

import type {
  Assignment__Output,
  InventoryVerdict__Output,
  LeaseRef__Output,
  Outcome,
  Payload,
  SessionLimits__Output,
  Timestamp__Output,
} from '@muster/proto';
import { msToWire, wireToMs } from '@muster/sdk/internal';
import type { Assigned, Ended, LeaseRef, PayloadBytes } from '../attempt/lease.ts';

/** What the coordinator asked the agent to keep to; bytes, milliseconds and counts. */
export interface Limits {
  readonly payloadBytesMax: number;
  readonly messageItemsMax: number;
  readonly messageBytesMax: number;
  readonly logLinesMax: number;
  readonly progressIntervalMs: number;
}

/** The limits before the first Welcome, and where it leaves one out. */
export const defaultLimits: Limits = Object.freeze({
  payloadBytesMax: 1024 * 1024,
  messageItemsMax: 500,
  messageBytesMax: 1024 * 1024,
  logLinesMax: 200,
  progressIntervalMs: 200,
});

function toDate(time: Timestamp__Output | null): Date | undefined {
  return time ? new Date(time.seconds * 1000 + Math.floor(time.nanos / 1e6)) : undefined;
}

/** The limits of a Welcome. */
export function toLimits(limits: SessionLimits__Output | null | undefined): Limits {
  return {
    payloadBytesMax: limits?.payloadBytesMax || defaultLimits.payloadBytesMax,
    messageItemsMax: limits?.messageItemsMax || defaultLimits.messageItemsMax,
    messageBytesMax: limits?.messageBytesMax || defaultLimits.messageBytesMax,
    logLinesMax: limits?.logLinesMax || defaultLimits.logLinesMax,
    progressIntervalMs: wireToMs(limits?.progressInterval) || defaultLimits.progressIntervalMs,
  };
}

/** Without it a cancelled handler would have no time at all to end. */
const cancelGraceMsDefault = 5000;

/** An assignment as a noun; its deadline counts from `now`, when it was read. */
export function toAssigned(message: Assignment__Output, now: number): Assigned {
  const deadlineMs = wireToMs(message.deadlineTimeout);
  return {
    ref: { taskId: message.taskId, leaseEpoch: message.leaseEpoch },
    handler: message.handler,
    attempt: message.attempt,
    maxAttempts: message.maxAttempts,
    input: message.input,
    attemptTimeoutMs: wireToMs(message.attemptTimeout),
    deadlineAt: deadlineMs === undefined ? undefined : now + deadlineMs,
    deadlineTime: toDate(message.deadlineTime),
    cancelGraceMs: wireToMs(message.cancelGrace) ?? cancelGraceMsDefault,
    checkpoint: message.checkpoint,
    labels: message.labels,
    traceparent: message.traceparent,
    tracestate: message.tracestate,
    nominalTime: toDate(message.nominalTime),
    idempotencyKey: message.idempotencyKey,
    parentId: message.parentId,
    rootId: message.rootId,
  };
}

/** The leases of a repeated field; a missing one names no task and so matches nothing. */
export function toRef(lease: LeaseRef__Output | null): LeaseRef {
  return lease ?? { taskId: '', leaseEpoch: 0 };
}

/** A handler that returned nothing has succeeded too: an output without a media type. */
const noValue: Payload = Object.freeze({ mediaType: '', data: new Uint8Array() });

/** An outcome as it is sent. */
export function toOutcome({ ref, result, runMs }: Ended): Outcome {
  const runDuration = msToWire(runMs);
  if ('output' in result) return { lease: ref, output: toPayload(result.output), runDuration };
  return { lease: ref, ...result, runDuration };
}

/** A payload as it is sent; a value that was not given has one too. */
function toPayload(payload: PayloadBytes | undefined): Payload {
  return payload ? { mediaType: payload.mediaType, data: payload.data } : noValue;
}

/** Verdicts by task and epoch. */
export function toVerdicts(
  verdicts: readonly InventoryVerdict__Output[],
): { readonly ref: LeaseRef; readonly keep: boolean }[] {
  return verdicts.map(({ lease, verdict }) => ({
    ref: toRef(lease),
    keep: verdict === 'VERDICT_KEEP',
  }));
}
