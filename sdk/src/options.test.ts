// What wrong options are answered with.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MusterError } from './errors.ts';
import { nearestName } from './nearest.ts';
import { checkNumber, checkOptionKeys } from './options.ts';

describe('options', () => {
  it('that are unknown are named together with the nearest known one', () => {
    assert.throws(
      () => checkOptionKeys('submit', { timeuot: '3s' }, ['delay', 'timeout']),
      (error: MusterError) =>
        error.reason === 'OPTION_UNKNOWN' &&
        error.metadata.nearest_option === 'timeout' &&
        error.message === 'submit has no option "timeuot". Did you mean "timeout"?',
    );
    assert.throws(
      () => checkOptionKeys('submit', { colour: 1 }, ['delay', 'timeout']),
      /Known options: delay, timeout\./,
    );
    checkOptionKeys('submit', { delay: '1s' }, ['delay', 'timeout']);
  });

  it('that are numbers have their range', () => {
    const whole = { min: 1, max: 10 };
    for (const value of [0, 11, 1.5, Number.NaN, '5']) {
      assert.throws(
        () => checkNumber('x', 'slots', value as number, whole),
        /slots is .*whole number from 1 to 10/,
      );
    }
    for (const value of [undefined, 1, 10]) checkNumber('x', 'slots', value, whole);
    checkNumber('x', 'jitter', 0.5, { min: 0, max: 1, whole: false });
  });

  it('have a nearest name only where one is near', () => {
    const names = ['email.send', 'email.fetch', 'report'];
    assert.equal(nearestName('emial.send', names), 'email.send');
    assert.equal(nearestName('Report', names), 'report');
    assert.equal(nearestName('invoice', names), undefined);
    assert.equal(nearestName('', names), undefined);
  });
});
