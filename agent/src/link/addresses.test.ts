// In which order coordinators are dialled, and how long each may take.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Addresses } from './addresses.ts';

const all = ['a', 'b', 'c'];
/** Chance that keeps lists as they are. */
const inOrder = () => 0;
const dials = (addresses: Addresses, count: number) =>
  Array.from({ length: count }, () => addresses.next());

describe('addresses', () => {
  it('get their turn, each agent beginning by chance', () => {
    assert.deepEqual(dials(new Addresses(all, inOrder), 5), ['a', 'b', 'c', 'a', 'b']);
    const chances = [0.5, 0.9, 0.1];
    assert.equal(new Addresses(all, () => chances.shift() ?? 0).next(), 'c');
  });

  it('are tried first when a GoAway names them, and not after a Welcome', () => {
    const addresses = new Addresses(all, inOrder);
    addresses.prefer(['c', 'd']);
    assert.deepEqual(dials(addresses, 3), ['c', 'd', 'a']);
    addresses.prefer(['c', 'd']);
    assert.equal(addresses.next(), 'c');
    addresses.welcomed('c', []);
    assert.deepEqual(dials(addresses, 3), ['a', 'b', 'c']);
  });

  it('are tried after the others where the last stream was lost, those that a Welcome named too', () => {
    const addresses = new Addresses(all, inOrder);
    assert.equal(addresses.next(), 'a');
    addresses.welcomed('a', ['d', 'b']);
    addresses.lost(60_000);
    assert.deepEqual(dials(addresses, 4), ['b', 'c', 'd', 'a']);
  });

  it('get more time only when each of them has failed', () => {
    const addresses = new Addresses(all, inOrder);
    const timeouts = Array.from({ length: 10 }, () => {
      const timeout = addresses.greetTimeout();
      addresses.failed();
      return timeout;
    });
    const [first, second, third] = [2_000, 4_000, 8_000];
    assert.deepEqual(timeouts.slice(0, 3), [first, first, first]);
    assert.deepEqual(timeouts.slice(3, 6), [second, second, second]);
    assert.deepEqual(timeouts.slice(6), [third, third, third, 10_000]);
  });
});
