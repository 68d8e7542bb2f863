/**
 * Bytes of a request into what the contract says they are, or a refusal that names what is wrong with them.
 */
import { CallRefused, refuseFields, type Violation } from '../wire/status.ts';
import { findUnknownFields, MalformedMessage } from '../wire/unknown-fields.ts';
import type { AnyDefinition } from './edge.ts';

/** A decoded request, with what in it the contract does not know. */
export type ReadRequest = {
  readonly message: unknown;
  /** The first of them. */
  readonly violations: readonly Violation[];
  readonly count: number;
};

/** Bytes of one request; the contract says 4 MiB, and its envelope needs a little. */
const requestBytesMax = 4 * 1024 * 1024 + 64 * 1024;

/** Decodes a request. Throws INVALID_REQUEST for one that is too large or cannot be decoded. */
export function readRequest(entry: AnyDefinition, bytes: Buffer): ReadRequest {
  const name = `muster.v1.${(entry.requestType.type as { readonly name: string }).name}`;
  if (bytes.length > requestBytesMax)
    throw new CallRefused(
      'INVALID_REQUEST',
      `The request has ${bytes.length} bytes; at most 4 MiB are allowed in one call. Split it.`,
    );
  let unknown: Omit<ReadRequest, 'message'> = { violations: [], count: 0 };
  try {
    unknown = findUnknownFields(name, bytes);
    return { message: entry.requestDeserialize(bytes), ...unknown };
  } catch (error) {
    if (unknown.count > 0) throw refuseFields(unknown.violations, unknown.count);
    const why = error instanceof MalformedMessage ? error.message : 'its bytes cannot be decoded';
    throw new CallRefused('INVALID_REQUEST', `The request is no ${name}: ${why}.`, {
      cause: error,
    });
  }
}

/** A decoded request with nothing unknown in it. Throws INVALID_REQUEST, which names the fields that are wrong. */
export function readKnownRequest(entry: AnyDefinition, bytes: Buffer): unknown {
  const { message, violations, count } = readRequest(entry, bytes);
  if (count > 0) throw refuseFields(violations, count);
  return message;
}
