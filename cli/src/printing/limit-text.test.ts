// Limits and the flow of a handler in words.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HandlerFlow } from '@muster/sdk';
import { rateOf } from '../command-line/limit-values.ts';
import { handlerLimitTexts, printFlow, rateText } from './limit-text.ts';
import type { Terminal } from './terminal.ts';

const free: HandlerFlow = {
  handler: 'email.send',
  limits: {},
  settled: true,
  paused: false,
  namespacePaused: false,
  pauseNote: '',
  running: 0,
  waiting: 0,
};

/** The lines of a flow. */
function lines(flow: Partial<HandlerFlow>): string[] {
  const out: string[] = [];
  const terminal = { out: (line: string) => void out.push(line) } as Partial<Terminal> as Terminal;
  printFlow(terminal, { ...free, ...flow });
  return out;
}

describe('a rate in words', () => {
  it('is what a command line would say', () => {
    for (const text of ['10/s', '600/m', '1/h', '5/d', '10/5s', '10/15m'])
      assert.equal(rateText(rateOf({ rate: text, burst: undefined }) ?? { count: 0 }), text);
  });

  it('has its burst where that is not the count', () => {
    assert.equal(rateText({ count: 10, per: '1s', burst: 10 }), '10/s');
    assert.equal(rateText({ count: 10, per: '1s', burst: 50 }), '10/s (burst 50)');
  });
});

describe('the flow of a handler in words', () => {
  it('has all limits, each by itself', () => {
    const texts = handlerLimitTexts({
      concurrency: 5,
      rate: { count: 10 },
      keyConcurrency: 1,
      keyRate: { count: 1, per: '1m', burst: 2 },
      fair: true,
      shared: ['mail.provider', 'db'],
    });
    assert.deepEqual(texts, [
      ...['5 at once', '10/s', '1 at once of each key', '1/m (burst 2) of each key'],
      ...['keys take turns', 'shared: mail.provider db'],
    ]);
    assert.deepEqual(handlerLimitTexts({}), []);
  });

  it('counts nothing where nothing is limited', () => {
    assert.deepEqual(lines({}), ['handler  email.send', 'state    ACTIVE', 'limits   none']);
  });

  it('says who paused it, what runs, what waits, and that it is not settled', () => {
    const limits = { concurrency: 2, fair: true };
    const pauses = { paused: true, pauseNote: 'provider is down', namespacePaused: true };
    const flow = lines({ limits, ...pauses, settled: false, running: 2, waiting: 10_000 });
    assert.deepEqual(flow.toSpliced(5, 1), [
      'handler  email.send',
      'state    PAUSED: provider is down',
      '         PAUSED with its namespace',
      'limits   2 at once',
      '         keys take turns',
      'running  2',
      'waiting  10000 or more',
    ]);
    assert.match(flow[5] ?? '', /^settled {2}no: tasks that it had .* are still being moved/);
  });
});
