/**
 * Times, durations and payloads: between the numbers and Buffers of the server and the messages of the contract.
 */
import type {
  Duration,
  Payload__Output,
  Payload as PayloadMessage,
  Timestamp,
} from '@muster/proto';
import { taskLimits } from '../../rules/limits.ts';
import type { Payload } from '../../rules/task.ts';
import { type Checks, checkText } from '../validation.ts';

/** A time of the database as a message. */
export function timestampOf(timeMs: number): Timestamp;
/** The same, unset for null. */
export function timestampOf(timeMs: number | null): Timestamp | null;
export function timestampOf(timeMs: number | null): Timestamp | null {
  if (timeMs === null) return null;
  const seconds = Math.floor(timeMs / 1000);
  return { seconds, nanos: Math.round((timeMs - seconds * 1000) * 1e6) };
}

/** Milliseconds as a message. */
export function durationOf(ms: number): Duration;
/** The same, unset for null. */
export function durationOf(ms: number | null): Duration | null;
export function durationOf(ms: number | null): Duration | null {
  if (ms === null) return null;
  const seconds = Math.trunc(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

/** A payload as a message; unset for null. */
export function payloadMessage(payload: Payload | null): PayloadMessage | null {
  return payload === null ? null : { mediaType: payload.mediaType, data: payload.data };
}

/** A payload of a message; null for no value. */
export function checkPayload(
  checks: Checks,
  field: string,
  message: Payload__Output | null,
  bytesMax: number,
): Payload | null {
  if (message === null) return null;
  const { mediaType, data } = message;
  if (mediaType === '') {
    if (data.length > 0) checks.fail(`${field}.media_type`, 'is empty, but there is data');
    return null;
  }
  checkText(checks, `${field}.media_type`, mediaType, taskLimits.mediaTypeMaxBytes);
  if (data.length > bytesMax)
    checks.fail(
      `${field}.data`,
      `has ${data.length} bytes; at most ${bytesMax} are allowed (setting payload-bytes-max). Store large data elsewhere and send its address`,
    );
  return { mediaType, data };
}
