// Whatever a handler throws, as the `Failure` of the contract, and a received `Failure` as the
// SDK's own noun. An error, a string, null, a proxy that throws: each becomes a failure.

import type { Failure, Failure__Output } from '@muster/proto';
import { MusterError, type MusterReason, type TaskFailure } from '../errors.ts';
import { encodePayload, type PayloadCoder } from '../payload/payload.ts';
import { fitText } from './text.ts';

const nameBytesMax = 128;
const messageBytesMax = 8 * 1_024;
const stackBytesMax = 16 * 1_024;
const detailsBytesMax = 64 * 1_024;

/** Causes that are appended to a stack, one below the other. */
const causesMax = 5;

/** Reasons that the same input meets again on every attempt. */
const finalReasons: readonly MusterReason[] = [
  ...(['INPUT_INVALID', 'OUTPUT_INVALID', 'PAYLOAD_NOT_JSON'] as const),
  ...(['PAYLOAD_TOO_LARGE', 'PAYLOAD_UNREADABLE'] as const),
];

/** A failure of kind ERROR or TIMEOUT, ready to be sent; `details` have not been through a codec. */
export type HandlerFailure = Failure & {
  readonly name: string;
  readonly message: string;
  readonly nonRetryable: boolean;
};

/**
 * The failure that a thrown value means, within the limits of the contract. Name: the error's own, or the reason of a
 * `MusterError`; for anything but an error, `NonError`. `details` of the error are kept if they are JSON of at most
 * 64 KiB. Never throws.
 */
export function failureOf(
  thrown: unknown,
  kind: 'FAILURE_KIND_ERROR' | 'FAILURE_KIND_TIMEOUT' = 'FAILURE_KIND_ERROR',
): HandlerFailure {
  try {
    return describe(thrown, kind);
  } catch {
    const message = 'The handler threw a value that cannot be described.';
    return { kind, name: 'NonError', message, stack: '', details: null, nonRetryable: false };
  }
}

function describe(thrown: unknown, kind: HandlerFailure['kind'] & string): HandlerFailure {
  if (!(thrown instanceof Error) && !isErrorLike(thrown)) {
    const { text, details } = describeValue(thrown);
    const message = fitText(`The handler threw ${text}, which is no Error.`, messageBytesMax);
    return { kind, name: 'NonError', message, stack: '', details, nonRetryable: false };
  }
  const name = thrown instanceof MusterError ? thrown.reason : String(thrown.name || 'Error');
  const extra = thrown as { details?: unknown; nonRetryable?: unknown };
  const isFinal = thrown instanceof MusterError && finalReasons.includes(thrown.reason);
  return {
    kind,
    name: fitText(name, nameBytesMax),
    message: fitText(String(thrown.message), messageBytesMax),
    stack: fitText(stackOf(thrown), stackBytesMax),
    details: detailsOf(extra.details),
    nonRetryable: isFinal || extra.nonRetryable === true,
  };
}

/** True for errors of another realm or process, which `instanceof` does not know. */
function isErrorLike(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  const { name, message } = value as { name?: unknown; message?: unknown };
  return typeof name === 'string' && typeof message === 'string';
}

/** For people: a thrown value that is no error, with its JSON as details where it has one. */
function describeValue(value: unknown): { text: string; details: ReturnType<typeof detailsOf> } {
  if (typeof value === 'string')
    return { text: `the string ${JSON.stringify(value)}`, details: null };
  if (typeof value !== 'object' || value === null) return { text: String(value), details: null };
  const details = detailsOf(value);
  return { text: details ? Buffer.from(details.data).toString() : 'an object', details };
}

function detailsOf(details: unknown): { mediaType: string; data: Uint8Array } | null {
  try {
    const payload = encodePayload(details, 'details');
    return payload && payload.data.byteLength <= detailsBytesMax ? payload : null;
  } catch {
    return null;
  }
}

/** The stack of an error and of its causes. */
function stackOf(error: Error): string {
  const stacks: string[] = [];
  let current: unknown = error;
  while (current instanceof Error && stacks.length <= causesMax) {
    stacks.push(String(current.stack ?? ''));
    current = current.cause;
  }
  return stacks.filter((stack) => stack !== '').join('\nCaused by: ');
}

/** Puts the details of a failure through the codec; details over the limit, or that the codec refuses, are left out. */
export async function sealFailure(
  failure: HandlerFailure,
  coder: PayloadCoder,
): Promise<HandlerFailure> {
  const { details } = failure;
  if (!details?.mediaType) return failure;
  try {
    const payload = { mediaType: details.mediaType, data: Buffer.from(details.data ?? '') };
    const sealed = await coder.seal(payload, 'Failure details');
    return { ...failure, details: sealed.data.byteLength > detailsBytesMax ? null : sealed };
  } catch {
    return { ...failure, details: null };
  }
}

/** A received failure as the SDK's own noun. Details that cannot be read are undefined. */
export async function readFailure(
  failure: Failure__Output,
  coder: PayloadCoder,
): Promise<TaskFailure> {
  return {
    kind: failure.kind
      .replace('FAILURE_KIND_', '')
      .replace('UNSPECIFIED', 'ERROR') as TaskFailure['kind'],
    name: failure.name,
    message: failure.message,
    stack: failure.stack,
    details: await coder.decode(failure.details, 'Failure details').catch(() => undefined),
    nonRetryable: failure.nonRetryable,
  };
}
