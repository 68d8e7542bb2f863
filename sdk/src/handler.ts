// Handlers: named functions with their options. A definition is a frozen value without any
// connection; an agent offers it, a client submits to it, a test runs it.

import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { HandlerContext } from './context.ts';
import { type Duration, durationToMs } from './duration.ts';
import { MusterError } from './errors.ts';
import type { HandlerReference } from './handler-reference.ts';
import { checkNumber, checkOptionKeys, invalidOption } from './options.ts';
import type { Soon } from './payload/soon.ts';

/**
 * When and how often a failed attempt is tried again. The wait before retry n (from 1) is
 * min(maxDelay, initialDelay × multiplier^(n-1)), shortened by up to `jitter` of itself at random.
 */
export interface RetryOptions {
  /** Attempts in all, the first included: 1 to 1,000. Default 3. */
  readonly maxAttempts?: number;
  /** Wait before the first retry: 0 s to 24 h. Default '1s'. */
  readonly initialDelay?: Duration;
  /** Factor from one wait to the next: 1 to 100. Default 2. */
  readonly multiplier?: number;
  /** Longest wait: 0 s to 30 days. Default '10m'. */
  readonly maxDelay?: Duration;
  /** Share of each wait that chance may take away: 0 to 1. Default 0.2. */
  readonly jitter?: number;
  /** Names of errors (`error.name`) that are final at once. At most 50. */
  readonly nonRetryableErrors?: readonly string[];
}

/** The options of a handler that are not its code. */
export interface HandlerSettings {
  /** For people, at most 1 KiB. */
  readonly description?: string;
  /** The application's own version of the handler, at most 64 bytes. */
  readonly version?: string;
  /** Default retry policy of its tasks; a task overrides it field by field. */
  readonly retry?: RetryOptions;
  /** Longest run of one attempt: 1 ms to 30 days. Default: none. */
  readonly timeout?: Duration;
  /** True: never run twice; a lost or failed attempt is final. Default false. */
  readonly atMostOnce?: boolean;
  /** How often a task may be started again after its agent was lost: 0 to 100. Default 3. */
  readonly lostAttemptsMax?: number;
  /** How long a cancelled attempt may take to end by itself: 0 s to 10 min. Default '5s'. */
  readonly cancelGrace?: Duration;
  /** At most so many of an agent's slots may run it at a time: 1 to 100,000. Default: as many as the agent has. */
  readonly slots?: number;
  /** `'process'`: run in a child process, which can be killed. Default: in the agent's own process. */
  readonly isolation?: 'process';
  /**
   * The module that exports the definition, as `import.meta.url` or a path; a child process imports it.
   * Needed with `isolation: 'process'`, unless the agent was started with the file's name.
   */
  readonly file?: string | URL;
}

/** What `defineHandler` takes. The types are inferred: from the schemas where there are any, else from `run`. */
export interface HandlerOptions<Name extends string, Submitted, Input, Returned, Output>
  extends HandlerSettings {
  /** Dot-separated lower-case words, at most 128 bytes: `email.send`. Unique in the namespace. */
  readonly name: Name;
  /** Validator of the input, of any library that speaks Standard Schema; `run` gets what it returns. */
  readonly input?: StandardSchemaV1<Submitted, Input>;
  /** Validator of what `run` returns; what it returns is recorded as the output. */
  readonly output?: StandardSchemaV1<Returned, Output>;
  /** The work. What it returns is the task's output; what it throws is a failed attempt. */
  readonly run: (input: Input, context: HandlerContext) => Returned | Promise<Returned>;
}

/** A defined handler; frozen. `Input` is what is submitted, `Output` what `result()` gives. */
export interface HandlerDefinition<Input, Output, Name extends string = string>
  extends HandlerReference<Input, Output, Name>,
    HandlerSettings {
  /** Marks definitions, so that an agent can find them among the exports of a file. */
  readonly [definitionMark]: true;
  /** Validator of the input. Undefined: inputs are passed as they come. */
  readonly input: StandardSchemaV1 | undefined;
  /** Validator of the output. Undefined: what `run` returns is recorded. */
  readonly output: StandardSchemaV1 | undefined;
  /** The work, without the checks: use `invokeHandler`. */
  readonly run: (input: never, context: HandlerContext) => unknown;
}

/** Any definition, whatever its types: what lists of handlers hold. */
export type AnyHandler = HandlerDefinition<never, unknown>;

const definitionMark: unique symbol = Symbol.for('muster.handler.v1') as never;

const settingKeys = [
  ...['description', 'version', 'retry', 'timeout', 'atMostOnce', 'lostAttemptsMax'],
  ...['cancelGrace', 'slots', 'isolation', 'file'],
] as const;

const retryKeys = [
  ...['maxAttempts', 'initialDelay', 'multiplier', 'maxDelay', 'jitter', 'nonRetryableErrors'],
] as const;

/**
 * Defines a handler. Throws OPTION_UNKNOWN or OPTION_INVALID, naming the option.
 *
 *     export const sendEmail = defineHandler({
 *       name: 'email.send',
 *       retry: { maxAttempts: 5 },
 *       timeout: '30s',
 *       async run(input: { to: string }, { signal }) { ... },
 *     });
 */
export function defineHandler<
  const Name extends string,
  Input,
  Returned,
  Submitted = Input,
  Output = Returned,
>(
  options: HandlerOptions<Name, Submitted, Input, Returned, Output>,
): HandlerDefinition<Submitted, Output, Name> {
  const what = `Handler ${JSON.stringify(options.name)}`;
  checkOptionKeys(what, options, ['name', 'input', 'output', 'run', ...settingKeys]);
  checkHandlerName(options.name);
  if (typeof options.run !== 'function')
    throw invalidOption(what, 'run', options.run, 'a function');
  checkSchema(what, 'input', options.input);
  checkSchema(what, 'output', options.output);
  checkSettings(what, options);
  return Object.freeze({
    ...options,
    ...(options.retry === undefined ? {} : { retry: Object.freeze({ ...options.retry }) }),
    input: options.input as StandardSchemaV1 | undefined,
    output: options.output as StandardSchemaV1 | undefined,
    [definitionMark]: true as const,
  });
}

/** True for what `defineHandler` made, also by another copy of this package. */
export function isHandlerDefinition(value: unknown): value is AnyHandler {
  return typeof value === 'object' && value !== null && definitionMark in value;
}

/** Refuses what is no name of a handler (OPTION_INVALID): dot-separated lower-case words, at most 128 bytes. */
export function checkHandlerName(name: string): void {
  const isName =
    typeof name === 'string' && /^[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$/.test(name);
  if (isName && name.length <= 128) return;
  const must = 'dot-separated lower-case words of at most 128 bytes in all, as in "email.send"';
  throw invalidOption('Handler', 'name', name, must);
}

function checkSchema(what: string, option: string, schema: unknown): void {
  if (schema === undefined) return;
  const kind = typeof schema;
  if (
    (kind === 'object' || kind === 'function') &&
    schema !== null &&
    '~standard' in (schema as object)
  ) {
    return;
  }
  throw invalidOption(
    what,
    option,
    schema,
    'a Standard Schema validator (zod, valibot, arktype, ...)',
  );
}

function checkSettings(what: string, settings: HandlerSettings): void {
  checkRetryOptions(what, settings.retry);
  if (settings.timeout !== undefined && durationToMs(settings.timeout, 'timeout') <= 0) {
    throw invalidOption(what, 'timeout', settings.timeout, 'longer than nothing');
  }
  if (settings.cancelGrace !== undefined) durationToMs(settings.cancelGrace, 'cancelGrace');
  checkNumber(what, 'lostAttemptsMax', settings.lostAttemptsMax, { min: 0, max: 100 });
  checkNumber(what, 'slots', settings.slots, { min: 1, max: 100_000 });
  if (settings.isolation !== undefined && settings.isolation !== 'process') {
    throw invalidOption(what, 'isolation', settings.isolation, '"process", or left out');
  }
}

/** Checks a retry policy, of a handler or of a task: OPTION_UNKNOWN, OPTION_INVALID. */
export function checkRetryOptions(what: string, retry: RetryOptions | undefined): void {
  if (retry === undefined) return;
  checkOptionKeys(`${what}: retry`, retry, retryKeys);
  checkNumber(what, 'retry.maxAttempts', retry.maxAttempts, { min: 1, max: 1_000 });
  checkNumber(what, 'retry.multiplier', retry.multiplier, { min: 1, max: 100, whole: false });
  checkNumber(what, 'retry.jitter', retry.jitter, { min: 0, max: 1, whole: false });
  if (retry.initialDelay !== undefined) durationToMs(retry.initialDelay, 'retry.initialDelay');
  if (retry.maxDelay !== undefined) durationToMs(retry.maxDelay, 'retry.maxDelay');
}

/**
 * Runs a handler the way an agent does: checks the input (INPUT_INVALID), runs, checks what was returned
 * (OUTPUT_INVALID), and gives what is to be recorded. What the handler throws is thrown as it is. Without schemas
 * nothing is promised but what the handler itself promises.
 */
export function invokeHandler(
  handler: AnyHandler,
  input: unknown,
  context: HandlerContext,
): Soon<unknown> {
  if (handler.input ?? handler.output) return invokeChecked(handler, input, context);
  const run = handler.run as (input: unknown, context: HandlerContext) => unknown;
  return run(input, context);
}

async function invokeChecked(
  handler: AnyHandler,
  input: unknown,
  context: HandlerContext,
): Promise<unknown> {
  const checked = await validate(handler.input, input, 'INPUT_INVALID', `Input of ${handler.name}`);
  const run = handler.run as (input: unknown, context: HandlerContext) => unknown;
  const returned = await run(checked, context);
  return validate(handler.output, returned, 'OUTPUT_INVALID', `Output of ${handler.name}`);
}

/** What `schema` makes of `value`; without a schema, the value. Throws `reason` with a violation for each issue. */
export async function validate(
  schema: StandardSchemaV1 | undefined,
  value: unknown,
  reason: 'INPUT_INVALID' | 'OUTPUT_INVALID',
  what: string,
): Promise<unknown> {
  if (schema === undefined) return value;
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const violations = result.issues.slice(0, 20).map(({ message, path }) => ({
    field: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    description: message,
  }));
  const listed = violations
    .slice(0, 3)
    .map((each) => (each.field === '' ? each.description : `${each.field}: ${each.description}`));
  const more = result.issues.length - listed.length;
  const tail = more > 0 ? ` (and ${more} more)` : '';
  throw new MusterError(reason, `${what} is invalid: ${listed.join('; ')}${tail}`, { violations });
}
