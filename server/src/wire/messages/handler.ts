/**
 * Handlers: as agents register them, and as readers see them.
 */
import type {
  Handler as HandlerMessage,
  HandlerOptions__Output,
  HandlerOptions as HandlerOptionsMessage,
  HandlerRegistration__Output,
} from '@muster/proto';
import { agentLimits, handlerLimits, taskLimits } from '../../rules/limits.ts';
import type { HandlerOptions } from '../../rules/task.ts';
import {
  type Checks,
  checkDuration,
  checkHandlerName,
  checkNumber,
  checkText,
} from '../validation.ts';
import { checkRetryPolicy, retryPolicyMessage } from './retry-policy.ts';
import { durationOf, timestampOf } from './values.ts';

/** A checked registration: what is stored of a handler, and what concerns this agent alone. */
export type CheckedRegistration = {
  readonly name: string;
  readonly options: HandlerOptions;
  readonly inputSchema: string;
  readonly outputSchema: string;
  readonly description: string;
  /** '' for none. */
  readonly version: string;
  /** Slots of the agent that may run it at a time; null: as many as the agent has. */
  readonly slots: number | null;
};

/** Checks the handlers that an agent offers: 1 to 1,000, each once. */
export function checkRegistrations(
  checks: Checks,
  field: string,
  messages: readonly HandlerRegistration__Output[],
): readonly CheckedRegistration[] {
  const { handlersMax } = agentLimits;
  if (messages.length === 0 || messages.length > handlersMax) {
    checks.fail(field, `has ${messages.length} handlers; 1 to ${handlersMax} are allowed`);
    return [];
  }
  const names = new Set<string>();
  return messages.map((message, index) => {
    const inner = checks.within(`${field}[${index}]`);
    if (names.has(message.name)) inner.fail('name', `"${message.name}" is registered twice`);
    names.add(message.name);
    return checkRegistration(inner, message);
  });
}

function checkRegistration(
  checks: Checks,
  message: HandlerRegistration__Output,
): CheckedRegistration {
  const slots = checkNumber(checks, 'slots', message.slots, {
    least: 1,
    most: handlerLimits.slotsMax,
    fallback: 0,
    zero: 'unset',
  });
  return {
    name: checkHandlerName(checks, 'name', message.name),
    options: checkHandlerOptions(checks, message.options),
    inputSchema: checkText(
      checks,
      'input_schema',
      message.inputSchema,
      handlerLimits.schemaMaxBytes,
    ),
    outputSchema: checkText(
      checks,
      'output_schema',
      message.outputSchema,
      handlerLimits.schemaMaxBytes,
    ),
    description: checkText(
      checks,
      'description',
      message.description,
      handlerLimits.descriptionMaxBytes,
    ),
    version: checkText(checks, 'version', message.version, handlerLimits.versionMaxBytes),
    slots: slots === 0 ? null : slots,
  };
}

function checkHandlerOptions(
  checks: Checks,
  message: HandlerOptions__Output | null,
): HandlerOptions {
  const inner = checks.within('options');
  const { attemptTimeoutMinMs, attemptTimeoutMaxMs } = taskLimits;
  const { lostAttemptsMax, lostAttemptsDefault, cancelGraceMaxMs, cancelGraceDefaultMs } =
    handlerLimits;
  const attemptTimeout = message?.attemptTimeout ?? null;
  return {
    retry: checkRetryPolicy(inner, 'retry', message?.retry ?? null),
    attemptTimeoutMs: checkDuration(
      inner,
      'attempt_timeout',
      attemptTimeout,
      attemptTimeoutMinMs,
      attemptTimeoutMaxMs,
    ),
    atMostOnce: message?.atMostOnce ?? false,
    lostAttemptsMax: checkNumber(inner, 'lost_attempts_max', message?.lostAttemptsMax, {
      least: 0,
      most: lostAttemptsMax,
      fallback: lostAttemptsDefault,
    }),
    cancelGraceMs:
      checkDuration(inner, 'cancel_grace', message?.cancelGrace ?? null, 0, cancelGraceMaxMs) ??
      cancelGraceDefaultMs,
  };
}

/** Options as a message. */
export function handlerOptionsMessage(options: HandlerOptions): HandlerOptionsMessage {
  return {
    retry: retryPolicyMessage(options.retry),
    attemptTimeout: durationOf(options.attemptTimeoutMs),
    atMostOnce: options.atMostOnce,
    lostAttemptsMax: options.lostAttemptsMax,
    cancelGrace: durationOf(options.cancelGraceMs),
  };
}

/** What readers are told of a handler. */
export type HandlerFactsForReaders = {
  readonly name: string;
  readonly options: HandlerOptions;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Connected agents that serve it, each with its version of the handler. */
  readonly serving: readonly { readonly agentId: string; readonly version: string }[];
};

/** A handler as a message; at most so many agents are named. */
export function handlerMessage(
  facts: HandlerFactsForReaders,
  namespace: string,
  agentsMax: number,
): HandlerMessage {
  const agents = [...new Set(facts.serving.map(({ agentId }) => agentId))].sort();
  const versions = [...new Set(facts.serving.map(({ version }) => version))].sort();
  return {
    namespace,
    name: facts.name,
    options: handlerOptionsMessage(facts.options),
    versions: versions.filter((version) => version !== ''),
    description: facts.description,
    agentIds: agents.slice(0, agentsMax),
    agentCount: agents.length,
    createTime: timestampOf(facts.createdAt),
    updateTime: timestampOf(facts.updatedAt),
  };
}
