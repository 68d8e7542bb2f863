// Options of handlers and tasks in the contract's form.

import type {
  HandlerRegistration,
  RetryPolicy,
  HandlerOptions as WireHandlerOptions,
} from '@muster/proto';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { durationToWire } from '../duration.ts';
import type { AnyHandler, RetryOptions } from '../handler.ts';
import { fitText } from './text.ts';

/** Bytes that the text of a JSON Schema may have; a larger one is not listed. */
const schemaBytesMax = 64 * 1_024;

/** A handler as an agent offers it in `Hello`. */
export function registrationOf(handler: AnyHandler): HandlerRegistration {
  const options: WireHandlerOptions = {
    ...(handler.retry === undefined ? {} : { retry: retryToWire(handler.retry) }),
    attemptTimeout: durationToWire(handler.timeout, 'timeout') ?? null,
    atMostOnce: handler.atMostOnce ?? false,
    ...(handler.lostAttemptsMax === undefined ? {} : { lostAttemptsMax: handler.lostAttemptsMax }),
    cancelGrace: durationToWire(handler.cancelGrace, 'cancelGrace') ?? null,
  };
  return {
    name: handler.name,
    version: fitText(handler.version ?? '', 64),
    options,
    inputSchema: jsonSchemaOf(handler.input, 'input'),
    outputSchema: jsonSchemaOf(handler.output, 'output'),
    slots: handler.slots ?? 0,
    description: fitText(handler.description ?? '', 1_024),
  };
}

/** A retry policy in the contract's form; what is left out stays unset. */
export function retryToWire(retry: RetryOptions): RetryPolicy {
  return {
    ...(retry.maxAttempts === undefined ? {} : { maxAttempts: retry.maxAttempts }),
    ...(retry.multiplier === undefined ? {} : { multiplier: retry.multiplier }),
    ...(retry.jitter === undefined ? {} : { jitter: retry.jitter }),
    initialDelay: durationToWire(retry.initialDelay, 'retry.initialDelay') ?? null,
    maxDelay: durationToWire(retry.maxDelay, 'retry.maxDelay') ?? null,
    nonRetryableErrors: [...(retry.nonRetryableErrors ?? [])],
  };
}

/**
 * The JSON Schema of a validator as text, by the Standard JSON Schema interface. Empty where the validator has none,
 * cannot say it (it may throw), or says it in more than 64 KiB: the schema is for listing only.
 */
export function jsonSchemaOf(
  schema: StandardSchemaV1 | undefined,
  side: 'input' | 'output',
): string {
  const standard = schema?.['~standard'] as Partial<StandardJSONSchemaV1.Props> | undefined;
  if (standard?.jsonSchema === undefined) return '';
  try {
    const text = JSON.stringify(standard.jsonSchema[side]({ target: 'draft-2020-12' }));
    return Buffer.byteLength(text) <= schemaBytesMax ? text : '';
  } catch {
    return '';
  }
}
