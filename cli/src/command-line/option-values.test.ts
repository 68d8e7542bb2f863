// Values of options: what is read, and how what is malformed is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MusterError } from '@muster/sdk';
import { UsageError } from '../exit-codes.ts';
import {
  durationOf,
  filterOf,
  given,
  labelsOf,
  momentOf,
  numberOf,
  selectionOf,
  taskStates,
  timeOf,
  wordOf,
} from './option-values.ts';

describe('values of options', () => {
  it('are numbers', () => {
    assert.equal(numberOf('limit', '12'), 12);
    assert.equal(numberOf('priority', '-5'), -5);
    for (const text of ['', ' ', 'many', '1.5', 'Infinity'])
      assert.throws(() => numberOf('limit', text), /--limit is ".*", but must be a whole number/);
  });

  it('are durations with a unit', () => {
    assert.equal(durationOf('delay', '5m'), '5m');
    assert.throws(
      () => durationOf('delay', '5'),
      (error) => {
        assert.ok(error instanceof MusterError);
        assert.match(error.message, /--delay is "5", but must be a number and a unit/);
        return true;
      },
    );
  });

  it('are moments, or how long ago', () => {
    const now = new Date('2031-04-05T12:00:00Z');
    assert.equal(timeOf('since', '2h', now).toISOString(), '2031-04-05T10:00:00.000Z');
    assert.equal(timeOf('since', '2031-01-02').toISOString(), '2031-01-02T00:00:00.000Z');
    for (const text of ['yesterday', '2031', '2031-13-45', ''])
      assert.throws(() => timeOf('since', text), UsageError);
  });

  it('are moments whose zone is said', () => {
    const moment = '2031-04-05T06:07:08Z';
    assert.equal(momentOf('at', '2031-04-05T08:07:08+02:00').getTime(), Date.parse(moment));
    assert.equal(momentOf('at', moment).getTime(), Date.parse(moment));
    for (const text of ['2031-04-05T06:07:08', '2031-04-05', '1h', '2031-13-05T06:07:08Z', ''])
      assert.throws(() => momentOf('at', text), /--at is ".*", but must be a time with Z or an/);
  });

  it('that are not given leave no trace', () => {
    assert.deepEqual(Object.keys(given({ a: undefined, b: 0, c: '' })), ['b', 'c']);
  });

  it('are labels', () => {
    assert.deepEqual(labelsOf(['a=1', 'b=x=y', 'c=']), { a: '1', b: 'x=y', c: '' });
    assert.throws(() => labelsOf(['a']), /--label is "a", but must be KEY=VALUE/);
    assert.throws(() => labelsOf(['=1']), UsageError);
  });

  it('are words, with the nearest one where there is none', () => {
    assert.equal(wordOf('state', 'running', taskStates), 'RUNNING');
    assert.throws(() => wordOf('state', 'runing', taskStates), /Did you mean "RUNNING"/);
  });
});

describe('a selection of tasks', () => {
  it('is ids or a filter, not both and not nothing', () => {
    assert.deepEqual(selectionOf('task cancel', ['x'], {}), { ids: ['x'] });
    assert.deepEqual(selectionOf('task cancel', [], { handler: 'a.b', state: ['ready'] }), {
      filter: { handler: 'a.b', states: ['READY'] },
    });
    assert.throws(() => selectionOf('task cancel', [], {}), /Give the ids of tasks, or a filter/);
    assert.throws(() => selectionOf('task cancel', ['x'], { handler: 'a.b' }), /not both/);
  });

  it('takes every condition', () => {
    const filter = filterOf({ label: ['a=1'], since: '2031-01-02', until: '2031-01-03' });
    assert.deepEqual(filter, {
      labels: { a: '1' },
      since: new Date('2031-01-02'),
      until: new Date('2031-01-03'),
    });
  });
});
