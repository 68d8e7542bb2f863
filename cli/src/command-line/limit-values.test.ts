// How limits are read from a command line, and how what is malformed is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../exit-codes.ts';
import { countOf, rateOf } from './limit-values.ts';

const read = (rate?: string, burst?: string) => rateOf({ rate, burst });

describe('a rate', () => {
  it('is a count in a unit, or in a time', () => {
    assert.deepEqual(read('10/s'), { count: 10, per: '1s' });
    assert.deepEqual(read('600/m', '20'), { count: 600, per: '1m', burst: 20 });
    assert.deepEqual(read('1000000/d'), { count: 1_000_000, per: '1d' });
    assert.deepEqual(read('3/h'), { count: 3, per: '1h' });
    assert.deepEqual(read('10/5s'), { count: 10, per: '5s' });
    assert.deepEqual(read('10/1.5s'), { count: 10, per: '1.5s' });
    assert.equal(read(), undefined);
  });

  it('of any other form is refused with its value and examples', () => {
    const wrong = [
      ...['', '10', '10/', '/s', '10/w', '10 / s', '-1/s', '1.5/s', '10/s/s', 'ten/s'],
      ...['0/s', '1000001/s', '10/500ms', '10/ms', '10/2d', '10/1.0005s', '10/0s'],
    ];
    for (const text of wrong)
      assert.throws(
        () => read(text),
        (error) => {
          assert.ok(error instanceof UsageError, text);
          assert.ok(error.message.startsWith(`--rate is "${text}", but must be a count`), text);
          assert.match(error.message, /such as 10\/s, 600\/m or 10\/5s\.$/);
          return true;
        },
      );
  });

  it('names the options that were given', () => {
    const key = (rate?: string, burst?: string) => rateOf({ rate, burst }, 'key-');
    assert.throws(() => key('1'), /^UsageError: --key-rate is "1"/);
    assert.throws(() => key('1/s', 'x'), /^UsageError: --key-burst is "x"/);
    assert.throws(() => key(undefined, '5'), /--key-burst 5 needs a rate: give --key-rate too/);
    assert.throws(() => read(undefined, '5'), /--burst 5 needs a rate: give --rate too/);
  });
});

describe('a count', () => {
  it('is a whole number from one', () => {
    assert.equal(countOf('concurrency', '1000000'), 1_000_000);
    assert.equal(countOf('concurrency', undefined), undefined);
    for (const text of ['0', '-1', '1.5', '1000001', 'many', '', '1e3'])
      assert.throws(
        () => countOf('concurrency', text),
        /--concurrency is ".*", but must be a whole number from 1 to 1000000; leave it out for no/,
      );
  });
});
