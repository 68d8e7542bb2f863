// The edge at which gRPC statuses become `MusterError`s: `google.rpc.Status` from the trailer
// `grpc-status-details-bin`, with its ErrorInfo, BadRequest and RetryInfo.

import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { ErrorReason, loadContract, type RpcStatus__Output } from '@muster/proto';
import { wireToMs } from '../duration.ts';
import { MusterError, type MusterReason, type Violation } from '../errors.ts';

/** What the details of a status say. */
interface StatusDetails {
  reason?: string;
  metadata: Record<string, string>;
  violations: Violation[];
  retryDelayMs?: number | undefined;
}

/** A failed call's error as a `MusterError`; one that is a `MusterError` already stays as it is. */
export function errorOfCall(thrown: unknown): MusterError {
  if (thrown instanceof MusterError) return thrown;
  if (!isServiceError(thrown)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new MusterError('CALL_FAILED', message, { cause: thrown });
  }
  return errorOfRefusal(
    thrown.code,
    thrown.details || thrown.message,
    readDetails(thrown.metadata),
    thrown,
  );
}

function errorOfRefusal(
  code: status,
  message: string,
  found: StatusDetails,
  cause: unknown,
): MusterError {
  const { retryDelayMs, violations } = found;
  const reason = knownReason(found.reason) ?? reasonOfCode(code, message);
  const metadata =
    reason === 'CALL_FAILED'
      ? {
          ...found.metadata,
          code: status[code],
          ...(found.reason ? { reason: found.reason } : {}),
        }
      : found.metadata;
  return new MusterError(reason, message, { metadata, violations, retryDelayMs, code, cause });
}

/** The error of a call that was refused within a stream. */
export function errorOfStatus({ code, message, details }: RpcStatus__Output): MusterError {
  return errorOfRefusal(code, message, readStatus(details), undefined);
}

function isServiceError(value: unknown): value is ServiceError {
  return value instanceof Error && 'code' in value && typeof value.code === 'number';
}

function knownReason(reason: string | undefined): MusterReason | undefined {
  const isKnown = reason !== undefined && `ERROR_REASON_${reason}` in ErrorReason;
  return isKnown ? (reason as MusterReason) : undefined;
}

/** What a status without a reason means: it was made by the transport, not by a coordinator. */
function reasonOfCode(code: status, message: string): MusterReason {
  switch (code) {
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
    // A caller's own cancellation is told apart before: this is a coordinator that went away.
    case status.CANCELLED:
      return 'UNREACHABLE';
    case status.INTERNAL:
    case status.UNKNOWN:
      return /RST_STREAM|connection|socket/i.test(message) ? 'UNREACHABLE' : 'CALL_FAILED';
    default:
      return 'CALL_FAILED';
  }
}

/** What the trailer of a call says. */
function readDetails(trailer: Metadata | undefined): StatusDetails {
  const [bytes] = trailer?.get('grpc-status-details-bin') ?? [];
  if (!Buffer.isBuffer(bytes)) return { metadata: {}, violations: [] };
  try {
    return readStatus(loadContract().messages['google.rpc.Status'].deserialize(bytes).details);
  } catch {
    return { metadata: {}, violations: [] };
  }
}

/** Never throws: details that cannot be read are no details; code and message remain. */
function readStatus(packed: RpcStatus__Output['details']): StatusDetails {
  const details: StatusDetails = { metadata: {}, violations: [] };
  try {
    for (const { type_url, value } of packed)
      readDetail(details, type_url.slice(type_url.lastIndexOf('/') + 1), value);
  } catch {
    // Damaged.
  }
  return details;
}

function readDetail(details: StatusDetails, type: string, value: Buffer): void {
  const { messages } = loadContract();
  switch (type) {
    case 'google.rpc.ErrorInfo': {
      const info = messages['google.rpc.ErrorInfo'].deserialize(value);
      details.reason = info.reason;
      details.metadata = { ...info.metadata };
      return;
    }
    case 'google.rpc.BadRequest': {
      const { fieldViolations } = messages['google.rpc.BadRequest'].deserialize(value);
      details.violations = fieldViolations.map(({ field, description }) => ({
        field,
        description,
      }));
      return;
    }
    case 'google.rpc.RetryInfo':
      details.retryDelayMs = wireToMs(
        messages['google.rpc.RetryInfo'].deserialize(value).retryDelay,
      );
  }
}

/**
 * True if the same call may succeed later, here or at another coordinator: nothing was reached, the database or the
 * coordinator is away, or a buffer is full and RetryInfo says when to come back.
 */
export function isWorthRetrying(error: MusterError): boolean {
  if (error.reason === 'UNREACHABLE' || error.code === status.UNAVAILABLE) return true;
  return error.code === status.RESOURCE_EXHAUSTED && error.retryDelayMs !== undefined;
}
