// The calls about limits and pauses: options to requests, answers to nouns.

import type {
  HandlerFlow__Output,
  HandlerLimits__Output,
  HandlerLimits as HandlerLimitsMessage,
  Limit__Output,
  RateLimit__Output,
  RateLimit as RateMessage,
} from '@muster/proto';
import type { ClientCore } from '../client/core.ts';
import { durationToWire, msToDuration, wireToMs } from '../duration.ts';
import { MusterError } from '../errors.ts';
import { checkNumber, checkOptionKeys, invalidOption } from '../options.ts';
import type { HandlerFlow, HandlerLimits, Limits, RateLimit, SharedLimit } from './limits.ts';

const pageSizeDefault = 100;
const counts = { min: 1, max: 1_000_000 } as const;

/** The limits of one client's namespace. */
export function createLimits(core: ClientCore): Limits {
  const { namespace } = core;
  const calls = core.services.limits;
  return Object.freeze<Limits>({
    async set(limit) {
      checkOptionKeys('limits.set', limit, ['name', 'description', 'concurrency', 'rate']);
      const { name, description = '', concurrency, rate } = limit;
      checkNumber('limits.set', 'concurrency', concurrency, counts);
      const spec = {
        name,
        description,
        concurrency: concurrency ?? 0,
        rate: rateToWire('rate', rate),
      };
      return readLimit((await calls.setLimit({ namespace, limit: spec })).limit);
    },
    get: async (name) => readLimit((await calls.getLimit({ namespace, name })).limit),
    list: (options = {}) => listLimits(core, options),
    async delete(name) {
      await calls.deleteLimit({ namespace, name });
    },
    setHandler: async (handler, limits) =>
      readFlow(
        (await calls.setHandlerLimits({ namespace, handler, limits: limitsToWire(limits) })).flow,
      ),
    handler: async (handler) => readFlow((await calls.getHandlerFlow({ namespace, handler })).flow),
    pauseHandler: async (handler, note = '') =>
      readFlow((await calls.pauseHandler({ namespace, handler, note })).flow),
    resumeHandler: async (handler) =>
      readFlow((await calls.resumeHandler({ namespace, handler })).flow),
    async pauseNamespace(note = '') {
      await calls.pauseNamespace({ namespace, note });
    },
    async resumeNamespace() {
      await calls.resumeNamespace({ namespace });
    },
  });
}

async function* listLimits(
  core: ClientCore,
  options: { readonly pageSize?: number },
): AsyncGenerator<SharedLimit> {
  checkOptionKeys('limits.list', options, ['pageSize']);
  const { pageSize = pageSizeDefault } = options;
  checkNumber('limits.list', 'pageSize', pageSize, { min: 1, max: 1_000 });
  const { namespace, services } = core;
  let pageToken = '';
  do {
    const page = await services.limits.listLimits({ namespace, pageSize, pageToken });
    for (const limit of page.limits) yield readLimit(limit);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

const limitKeys = [
  ...(['concurrency', 'rate', 'keyConcurrency', 'keyRate', 'fair'] as const),
  ...(['priorityAgeing', 'shared'] as const),
] as const satisfies readonly (keyof HandlerLimits)[];

function limitsToWire(limits: HandlerLimits): HandlerLimitsMessage {
  const what = 'limits.setHandler';
  checkOptionKeys(what, limits, limitKeys);
  const { concurrency, keyConcurrency, fair = false, shared = [] } = limits;
  checkNumber(what, 'concurrency', concurrency, counts);
  checkNumber(what, 'keyConcurrency', keyConcurrency, counts);
  return {
    concurrency: concurrency ?? 0,
    rate: rateToWire('rate', limits.rate),
    keyConcurrency: keyConcurrency ?? 0,
    keyRate: rateToWire('keyRate', limits.keyRate),
    fair,
    priorityAgeingInterval: durationToWire(limits.priorityAgeing, 'priorityAgeing') ?? null,
    shared: [...shared],
  };
}

function rateToWire(name: string, rate: RateLimit | undefined): RateMessage | null {
  if (rate === undefined) return null;
  checkOptionKeys(name, rate, ['count', 'per', 'burst']);
  const { count, per, burst } = rate;
  if (count === undefined) throw invalidOption(name, 'count', count, 'a number from 1');
  checkNumber(name, 'count', count, counts);
  checkNumber(name, 'burst', burst, counts);
  return { count, window: durationToWire(per, 'per') ?? null, burst: burst ?? 0 };
}

function readLimit(limit: Limit__Output | null): SharedLimit {
  if (limit === null || limit.spec === null)
    throw new MusterError('CALL_FAILED', 'The coordinator answered without a limit.');
  const { name, description, concurrency, rate } = limit.spec;
  return Object.freeze({
    name,
    description,
    concurrency: concurrency || undefined,
    rate: readRate(rate),
    handlers: limit.handlers,
    running: limit.running,
    tokens: limit.tokens,
  });
}

function readRate(rate: RateLimit__Output | null): Required<RateLimit> | undefined {
  if (rate === null) return undefined;
  const per = msToDuration(wireToMs(rate.window) ?? 1_000);
  return { count: rate.count, per, burst: rate.burst };
}

function readFlow(flow: HandlerFlow__Output | null): HandlerFlow {
  if (flow === null)
    throw new MusterError('CALL_FAILED', 'The coordinator answered without a handler.');
  const { handler, settled, paused, namespacePaused, pauseNote, running, waiting } = flow;
  return Object.freeze({
    handler,
    limits: readLimits(flow.limits),
    ...{ settled, paused, namespacePaused, pauseNote, running, waiting },
  });
}

/** Only what is limited. */
function readLimits(limits: HandlerLimits__Output | null): HandlerLimits {
  if (limits === null) return {};
  const { concurrency, keyConcurrency, fair, shared } = limits;
  const [rate, keyRate] = [readRate(limits.rate), readRate(limits.keyRate)];
  const ageingMs = wireToMs(limits.priorityAgeingInterval);
  return {
    ...(concurrency > 0 ? { concurrency } : {}),
    ...(rate === undefined ? {} : { rate }),
    ...(keyConcurrency > 0 ? { keyConcurrency } : {}),
    ...(keyRate === undefined ? {} : { keyRate }),
    ...(fair ? { fair } : {}),
    ...(ageingMs === undefined ? {} : { priorityAgeing: msToDuration(ageingMs) }),
    ...(shared.length > 0 ? { shared } : {}),
  };
}
