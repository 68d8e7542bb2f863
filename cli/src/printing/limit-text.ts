// Limits, and how a handler's work stands under them, as text for people.

import type { HandlerFlow, HandlerLimits, RateLimit, SharedLimit } from '@muster/sdk';
import { type Column, namesText, printFacts } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Tasks that wait are counted up to here. */
const waitingMax = 10_000;

/** Columns of a list of shared limits. */
export const limitColumns: readonly Column<SharedLimit>[] = [
  { title: 'LIMIT', cell: ({ name }) => name },
  { title: 'RUNNING', right: true, cell: runningText },
  { title: 'RATE', cell: ({ rate }) => rate && rateText(rate) },
  { title: 'TOKENS', right: true, cell: ({ tokens }) => tokens },
  { title: 'HANDLERS', cell: ({ handlers }) => namesText(handlers) },
  { title: '', cell: ({ description }) => description || ' ' },
];

function runningText({ running, concurrency }: SharedLimit): string {
  return concurrency === undefined ? String(running) : `${running}/${concurrency}`;
}

/** A rate as it is written on a command line, and its burst where that is not the count. */
export function rateText({ count, per = '1s', burst = count }: RateLimit): string {
  const rate = `${count}/${per.replace(/^1(?=[a-z])/, '')}`;
  return burst === count ? rate : `${rate} (burst ${burst})`;
}

/** What a limit bounds, each by itself, in words. */
export function boundTexts({
  concurrency,
  rate,
}: Pick<HandlerLimits, 'concurrency' | 'rate'>): string[] {
  return [
    ...(concurrency === undefined ? [] : [`${concurrency} at once`]),
    ...(rate === undefined ? [] : [rateText(rate)]),
  ];
}

/** All limits of a handler, each by itself, in words; empty: none. */
export function handlerLimitTexts(limits: HandlerLimits): string[] {
  const { keyConcurrency, keyRate, fair = false, priorityAgeing, shared = [] } = limits;
  const ofKey = boundTexts({
    ...(keyConcurrency === undefined ? {} : { concurrency: keyConcurrency }),
    ...(keyRate === undefined ? {} : { rate: keyRate }),
  });
  return [
    ...boundTexts(limits),
    ...ofKey.map((text) => `${text} of each key`),
    ...(fair ? ['keys take turns'] : []),
    ...(priorityAgeing === undefined ? [] : [`one priority higher each ${priorityAgeing}`]),
    ...(shared.length === 0 ? [] : [`shared: ${shared.join(' ')}`]),
  ];
}

/** A shared limit with all that is known about it. */
export function printLimit(terminal: Terminal, limit: SharedLimit): void {
  const { name, description, handlers, running, tokens } = limit;
  printFacts(terminal, [
    ['name', name],
    ['description', description],
    ['limits', boundTexts(limitOf(limit)).join('\n')],
    ['running', running],
    ['tokens', tokens],
    ['handlers', handlers.length === 0 ? 'none' : handlers.join('\n')],
  ]);
}

/** What a shared limit bounds. */
export function limitOf({ concurrency, rate }: SharedLimit): HandlerLimits {
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** How a handler's work stands. What runs is counted under limits only, so without them it is not shown. */
export function printFlow(terminal: Terminal, flow: HandlerFlow): void {
  const { handler, limits, settled, running, waiting } = flow;
  const texts = handlerLimitTexts(limits);
  const counted = texts.length > 0 || running > 0 || waiting > 0;
  printFacts(terminal, [
    ['handler', handler],
    ['state', stateText(flow)],
    ['limits', texts.length === 0 ? 'none' : texts.join('\n')],
    ['settled', settled ? undefined : `no: ${unsettledText}`],
    ['running', counted ? running : undefined],
    ['waiting', counted ? waitingText(waiting) : undefined],
  ]);
}

/** What it means that a handler is not settled. */
export const unsettledText =
  'tasks that it had before its limits changed are still being moved; until then none is handed over under limits';

function stateText({ paused, namespacePaused, pauseNote }: HandlerFlow): string {
  const lines = [
    ...(paused ? [pauseNote === '' ? 'PAUSED' : `PAUSED: ${pauseNote}`] : []),
    ...(namespacePaused ? ['PAUSED with its namespace'] : []),
  ];
  return lines.length === 0 ? 'ACTIVE' : lines.join('\n');
}

function waitingText(waiting: number): string {
  return waiting < waitingMax ? String(waiting) : `${waitingMax} or more`;
}
