// Page tokens belong to one query.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readIdToken, readPageToken, writePageToken } from './page-token.ts';
import { CallRefused } from './status.ts';

const query = ['tasks', 1, { handler: 'a', labels: { b: 'c' } }];

function refused(token: string, of: readonly unknown[] = query): string {
  try {
    readPageToken(of, token);
  } catch (error) {
    assert.ok(error instanceof CallRefused);
    assert.equal(error.reason, 'PAGE_TOKEN_INVALID');
    return error.message;
  }
  assert.fail('It was accepted.');
}

describe('a page token', () => {
  it('leads to the cursor with which it was made', () => {
    assert.equal(readPageToken(query, writePageToken(query, 'cursor ü')), 'cursor ü');
    assert.equal(readPageToken(query, ''), null);
  });

  it('is refused with another query', () => {
    assert.match(refused(writePageToken(query, 'x'), ['tasks', 2]), /belongs to another query/);
  });

  it('that leads to an id is refused with anything else inside', () => {
    const id = '01890000-0000-7000-8000-000000000001';
    assert.equal(readIdToken(query, writePageToken(query, id)), id);
    assert.throws(() => readIdToken(query, writePageToken(query, "'; --")), /malformed/);
  });

  it('is refused when it is cut, changed, or made up', () => {
    const token = writePageToken(query, 'cursor');
    for (const bad of [token.slice(0, 8), 'abc', '!!!!', `${token}=`, 'A'.repeat(100_000)])
      assert.match(refused(bad), /malformed|another query/);
  });
});
