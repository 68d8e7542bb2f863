// What `createAgent` takes: checked once, completed, and frozen.

import { hostname } from 'node:os';
import type { AnyHandler, ConnectionOptions, Duration, PayloadCodec } from '@muster/sdk';
import {
  checkNumber,
  checkOptionKeys,
  connectionOptionKeys,
  durationToMs,
  fitText,
  invalidOption,
  isHandlerDefinition,
} from '@muster/sdk/internal';
import { type BuiltIn, builtInHandlers } from './built-ins/built-ins.ts';

/** Where an agent writes what happens to it. `fields` are for machines. */
export interface AgentLogger {
  /** For whoever looks for a fault. */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Connects, resumes, drains. */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something to look at; the agent goes on. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something that the agent cannot mend. */
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What `createAgent` takes; everything but the handlers has a default. */
export interface AgentOptions extends ConnectionOptions {
  /** What it can run: up to 1,000, built-in ones included. Names must differ. */
  readonly handlers?: readonly AnyHandler[];
  /** Built-in handlers to offer besides; none unless they are named here. */
  readonly builtIns?: readonly BuiltIn[];
  /** Name of the agent, at most 128 bytes; for people. Default: host name and process id. */
  readonly agentId?: string;
  /** Attempts that it runs at a time, all handlers together: 1 to 100,000. Default 10. */
  readonly slots?: number;
  /** For placement and for people, by the rules of task labels. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Share of work compared with other agents: 1 to 1,000. Default 100. */
  readonly weight?: number;
  /** How long a drain lets running attempts go on before it hands them back. Default '30s'. */
  readonly drainGrace?: Duration;
  /**
   * Silence after which a connection counts as broken: 1 s to 60 s, bounded by the coordinator. Raise it for handlers
   * that block their event loop, or isolate those. Default: the coordinator's, 3 s.
   */
  readonly silenceTimeout?: Duration;
  /** Encrypts or compresses payloads; clients need the same. Default: none. */
  readonly codec?: PayloadCodec;
  /** Where to write what happens. False: nowhere. Default: lines on stderr, without those for debugging. */
  readonly logger?: AgentLogger | false;
}

/** Options with every default in place. */
export interface AgentSettings {
  readonly handlers: readonly AnyHandler[];
  readonly agentId: string;
  readonly slots: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly weight: number;
  readonly drainGraceMs: number;
  readonly silenceTimeoutMs: number | undefined;
  readonly codec: PayloadCodec | undefined;
  readonly logger: AgentLogger;
}

const optionKeys = [
  ...connectionOptionKeys,
  ...['handlers', 'builtIns', 'agentId', 'slots', 'labels', 'weight', 'drainGrace'],
  ...['silenceTimeout', 'codec', 'logger'],
];

const what = 'createAgent';

/** Completes and checks. Throws OPTION_UNKNOWN or OPTION_INVALID, naming the option. */
export function resolveOptions(options: AgentOptions): AgentSettings {
  checkOptionKeys(what, options, optionKeys);
  checkNumber(what, 'slots', options.slots, { min: 1, max: 100_000 });
  checkNumber(what, 'weight', options.weight, { min: 1, max: 1_000 });
  const handlers = [...(options.handlers ?? []), ...builtInHandlers(options.builtIns ?? [])];
  checkHandlers(handlers);
  return Object.freeze({
    handlers,
    agentId: fitText(options.agentId || `${hostname()}-${process.pid}`, 128),
    slots: options.slots ?? 10,
    labels: options.labels ?? {},
    weight: options.weight ?? 100,
    drainGraceMs: durationToMs(options.drainGrace ?? '30s', 'drainGrace'),
    silenceTimeoutMs: options.silenceTimeout && silenceMs(options.silenceTimeout),
    codec: options.codec,
    logger: loggerOf(options.logger),
  });
}

function checkHandlers(handlers: readonly AnyHandler[]): void {
  if (handlers.length === 0 || handlers.length > 1_000) {
    throw invalidOption(what, 'handlers', `a list of ${handlers.length}`, '1 to 1,000 handlers');
  }
  const names = new Set<string>();
  for (const handler of handlers) {
    if (!isHandlerDefinition(handler)) {
      throw invalidOption(what, 'handlers', handler, 'a list of what defineHandler returns');
    }
    if (names.has(handler.name)) {
      throw invalidOption(
        what,
        'handlers',
        handler.name,
        'a list of handlers with different names',
      );
    }
    names.add(handler.name);
    if (handler.isolation === 'process' && handler.file === undefined) {
      const must = 'given (`file: import.meta.url`) since isolation is "process"';
      throw invalidOption(`Handler ${JSON.stringify(handler.name)}`, 'file', undefined, must);
    }
  }
}

function silenceMs(timeout: Duration): number {
  const ms = durationToMs(timeout, 'silenceTimeout');
  if (ms >= 1000 && ms <= 60_000) return ms;
  throw invalidOption(what, 'silenceTimeout', timeout, 'from 1 s to 60 s');
}

function loggerOf(logger: AgentLogger | false | undefined): AgentLogger {
  if (logger === false) return silentLogger;
  return logger ?? stderrLogger;
}

const silentLogger: AgentLogger = { debug() {}, info() {}, warn() {}, error() {} };

const stderrLogger: AgentLogger = {
  debug() {},
  info: (message, fields) => writeLine('', message, fields),
  warn: (message, fields) => writeLine('warning: ', message, fields),
  error: (message, fields) => writeLine('error: ', message, fields),
};

function writeLine(grade: string, message: string, fields: object = {}): void {
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== '' && value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  process.stderr.write(`agent: ${[grade + message, ...facts].join(' ')}\n`);
}
