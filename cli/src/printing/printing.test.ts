// What people see: tables, facts, values that are cut, text that could harm a terminal.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { barLine, progressBar } from './progress-bar.ts';
import { printFacts, tableLines } from './table.ts';
import { jsonText, spanText, timeText, valueText } from './task-text.ts';
import { printable, type Terminal } from './terminal.ts';
import { plain } from './wire-text.ts';

/** A terminal that keeps what is written. */
function keepingTerminal(live = false): Terminal & { readonly written: string[] } {
  const written: string[] = [];
  return {
    written,
    out: (line) => void written.push(line),
    note: (line) => void written.push(`note: ${line}`),
    redraw: (line) => void written.push(`redraw: ${line}`),
    live,
    columns: 80,
    readInput: async () => '',
    confirm: async () => undefined,
    signal: new AbortController().signal,
  };
}

describe('tables', () => {
  it('are as wide as their widest cell, numbers to the right', () => {
    const rows = [
      { name: 'a', count: 7 },
      { name: 'longer', count: 1_000 },
    ];
    const lines = tableLines(rows, [
      { title: 'NAME', cell: (row) => row.name },
      { title: 'N', right: true, cell: (row) => row.count },
      { title: 'NOTE', cell: () => undefined },
    ]);
    assert.deepEqual(lines, ['NAME       N  NOTE', 'a          7  -', 'longer  1000  -']);
  });

  it('show the text of others without its power over the terminal', () => {
    const [, line] = tableLines(
      [{ name: 'x\u001b[2Jy\nz' }],
      [{ title: 'N', cell: (row) => row.name }],
    );
    assert.equal(line, 'x\\u{1b}[2Jy\\nz');
    assert.equal(printable('a\nb\u202e', true), 'a\nb\\u{202e}');
  });

  it('of facts leave out what is not there, and indent further lines', () => {
    const terminal = keepingTerminal();
    printFacts(terminal, [
      ['id', 'x'],
      ['nothing', undefined],
      ['stack', 'one\ntwo'],
    ]);
    assert.deepEqual(terminal.written, ['id     x', 'stack  one', '       two']);
  });
});

describe('values', () => {
  it('are cut for people and whole for machines', () => {
    const value = { text: 'x'.repeat(5_000) };
    assert.match(valueText(value) ?? '', /^\{"text":"x+… \(5011 characters; --json prints all\)$/);
    assert.equal(jsonText(value).length, 5_011);
    assert.equal(jsonText({ data: new Uint8Array([1, 2]) }), '{"data":{"base64":"AQI="}}');
  });

  it('are times and lengths of time', () => {
    assert.deepEqual([0, 999, 61_000, 7_199_999, 7_200_000, 200_000_000].map(spanText), [
      ...['0ms', '999ms', '61s', '119m', '2h', '2d'],
    ]);
    const now = new Date('2031-04-05T12:00:00Z');
    assert.equal(
      timeText(new Date('2031-04-05T12:00:30Z'), now),
      '2031-04-05T12:00:30.000Z (in 30s)',
    );
  });

  it('of the contract become plain ones', () => {
    const agent = {
      state: 'SESSION_STATE_ATTACHED',
      createTime: { seconds: 1, nanos: 0 },
      detachTime: null,
      options: { cancelGrace: { seconds: 5, nanos: 0 }, _lostAttemptsMax: 'lostAttemptsMax' },
    };
    assert.deepEqual(plain(agent), {
      state: 'ATTACHED',
      createTime: new Date(1_000),
      options: { cancelGrace: '5s' },
    });
  });
});

describe('a progress bar', () => {
  const at = (finished: number) => ({
    ...{ total: 20, finished, succeeded: finished - 1, failed: 1, cancelled: 0 },
  });

  it('is drawn over itself on a terminal', () => {
    const terminal = keepingTerminal(true);
    const bar = progressBar(terminal);
    bar.show(at(10));
    bar.end();
    const line = `[${'#'.repeat(15)}${'-'.repeat(15)}] 10/20  9 succeeded, 1 failed`;
    assert.deepEqual(terminal.written, [`redraw: ${line}`, 'note: ']);
    assert.equal(barLine(at(10)), line);
  });

  it('is a line per tenth elsewhere', () => {
    const terminal = keepingTerminal();
    const bar = progressBar(terminal);
    for (let finished = 1; finished <= 20; finished += 1) bar.show(at(finished));
    bar.end();
    assert.equal(terminal.written.length, 10);
    assert.equal(terminal.written[0], 'note: 2/20  1 succeeded, 1 failed');
  });
});
