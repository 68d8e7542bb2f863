/**
 * What a refused call looks like on the wire: `google.rpc.Status` with `ErrorInfo`, `BadRequest` and `RetryInfo`.
 *
 * Inside the server a refusal is one typed error, `CallRefused`; it becomes a status only here, at the edge. The details
 * stay within 4 KiB, because larger trailers break clients (measured): violations are dropped from the end until they fit,
 * and their full count stands in the metadata of the ErrorInfo.
 */
import { status as grpcStatus, Metadata, type StatusObject } from '@grpc/grpc-js';
import { type ErrorReason, loadContract, type RpcStatus } from '@muster/proto';

/** A name from `ErrorReason`, without its prefix. */
export type RefusalReason = Exclude<WithoutPrefix<ErrorReason>, 'UNSPECIFIED'>;

type WithoutPrefix<Name> = Name extends `ERROR_REASON_${infer Rest}` ? Rest : never;

/** One wrong field of a request. */
export type Violation = {
  /** Path in the names of the .proto files, for example `tasks[3].labels["a b"]`. */
  readonly field: string;
  readonly description: string;
};

/** What beside its message is known of a refusal. */
export type RefusalFacts = {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly Violation[];
  /** How many violations there are, if not all of them are in the list. */
  readonly violationCount?: number;
  /** When coming back makes sense. */
  readonly retryDelayMs?: number;
  readonly cause?: unknown;
};

const codeOfReason: Readonly<Record<RefusalReason, grpcStatus>> = {
  INVALID_REQUEST: grpcStatus.INVALID_ARGUMENT,
  ID_OUT_OF_RANGE: grpcStatus.INVALID_ARGUMENT,
  TASK_ID_REUSED: grpcStatus.ALREADY_EXISTS,
  PAGE_TOKEN_INVALID: grpcStatus.INVALID_ARGUMENT,
  TASK_NOT_FOUND: grpcStatus.NOT_FOUND,
  HANDLER_NOT_FOUND: grpcStatus.NOT_FOUND,
  NAMESPACE_NOT_FOUND: grpcStatus.NOT_FOUND,
  NAMESPACE_EXISTS: grpcStatus.ALREADY_EXISTS,
  NAMESPACE_NOT_EMPTY: grpcStatus.FAILED_PRECONDITION,
  AGENT_NOT_FOUND: grpcStatus.NOT_FOUND,
  COORDINATOR_NOT_FOUND: grpcStatus.NOT_FOUND,
  TOKEN_INVALID: grpcStatus.UNAUTHENTICATED,
  RIGHT_MISSING: grpcStatus.PERMISSION_DENIED,
  OVERLOADED: grpcStatus.RESOURCE_EXHAUSTED,
  DATABASE_UNAVAILABLE: grpcStatus.UNAVAILABLE,
  STOPPING: grpcStatus.UNAVAILABLE,
  PROTOCOL_VIOLATION: grpcStatus.FAILED_PRECONDITION,
  SESSION_ENDED: grpcStatus.FAILED_PRECONDITION,
  PROTOCOL_UNSUPPORTED: grpcStatus.FAILED_PRECONDITION,
  INTERNAL: grpcStatus.INTERNAL,
  SESSION_MOVED: grpcStatus.ABORTED,
  ROLE_MISSING: grpcStatus.UNAVAILABLE,
  SCHEDULE_NOT_FOUND: grpcStatus.NOT_FOUND,
  SCHEDULE_EXISTS: grpcStatus.ALREADY_EXISTS,
  LIMIT_NOT_FOUND: grpcStatus.NOT_FOUND,
  LIMIT_USED: grpcStatus.FAILED_PRECONDITION,
};

/** A call that is answered with an error. The message says what happened, with which value, and what to do. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  readonly reason: RefusalReason;
  readonly facts: RefusalFacts;

  constructor(reason: RefusalReason, message: string, facts: RefusalFacts = {}) {
    super(message, { cause: facts.cause });
    this.reason = reason;
    this.facts = facts;
  }
}

/** A refusal for wrong fields; at most the first 20 are told. */
export function refuseFields(
  violations: readonly Violation[],
  count = violations.length,
): CallRefused {
  const [first] = violations;
  const more = count > 1 ? ` There are ${count} violations in all.` : '';
  const message = `The request is invalid: ${first?.field ?? '?'}: ${first?.description ?? '?'}.${more}`;
  return new CallRefused('INVALID_REQUEST', message, { violations, violationCount: count });
}

const violationsMax = 20;
const detailsBytesMax = 4096;
const messageLengthMax = 1024;
const fieldLengthMax = 160;
const descriptionLengthMax = 320;
const metadataLengthMax = 512;

/** Key of the trailer that carries the encoded `google.rpc.Status`. */
export const detailsTrailer = 'grpc-status-details-bin';

/** The status that grpc-js sends for a refusal. */
export function statusOf(
  refusal: CallRefused,
): Pick<StatusObject, 'code' | 'details' | 'metadata'> {
  const { code, message, bytes } = boundedStatus(refusal);
  const metadata = new Metadata();
  metadata.set(detailsTrailer, bytes);
  return { code, details: message, metadata };
}

/** The refusal as a message of its own, for answers that are not the end of a call. */
export function statusMessageOf(refusal: CallRefused): RpcStatus {
  const { code, message, details } = boundedStatus(refusal);
  return { code, message, details };
}

/** The status with as many violations as fit. */
function boundedStatus(refusal: CallRefused) {
  const { messages } = loadContract();
  const code = codeOfReason[refusal.reason];
  const message = cut(refusal.message, messageLengthMax);
  const violations = (refusal.facts.violations ?? []).slice(0, violationsMax);
  for (let kept = violations.length; ; kept = Math.floor(kept * 0.8)) {
    const details = detailsOf(refusal, violations.slice(0, kept));
    const bytes = messages['google.rpc.Status'].serialize({ code, message, details });
    if (bytes.length <= detailsBytesMax || kept === 0) return { code, message, details, bytes };
  }
}

function detailsOf({ reason, facts }: CallRefused, violations: readonly Violation[]) {
  const { messages } = loadContract();
  const count = facts.violationCount ?? facts.violations?.length ?? 0;
  const metadata = Object.entries({
    ...facts.metadata,
    ...(count > 0 ? { violation_count: String(count) } : {}),
  }).map(([key, value]) => [key, cut(value, metadataLengthMax)]);
  const info = { reason, domain: 'muster', metadata: Object.fromEntries(metadata) };
  const details = [any('google.rpc.ErrorInfo', messages['google.rpc.ErrorInfo'].serialize(info))];
  if (violations.length > 0) {
    const fieldViolations = violations.map(({ field, description }) => ({
      field: cut(field, fieldLengthMax),
      description: cut(description, descriptionLengthMax),
    }));
    details.push(
      any(
        'google.rpc.BadRequest',
        messages['google.rpc.BadRequest'].serialize({ fieldViolations }),
      ),
    );
  }
  if (facts.retryDelayMs !== undefined) {
    const retryDelay = {
      seconds: Math.floor(facts.retryDelayMs / 1000),
      nanos: Math.round((facts.retryDelayMs % 1000) * 1e6),
    };
    details.push(
      any('google.rpc.RetryInfo', messages['google.rpc.RetryInfo'].serialize({ retryDelay })),
    );
  }
  return details;
}

function any(name: string, value: Buffer) {
  return { type_url: `type.googleapis.com/${name}`, value };
}

/** Text of at most `lengthMax` code units, never ending within a surrogate pair. */
function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1).toWellFormed()}…`;
}
