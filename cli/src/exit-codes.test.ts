// Exit codes: every reason has one, and the documented table is the real one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MusterError } from '@muster/sdk';
import { exitCodeOf, exitCodes, UsageError } from './exit-codes.ts';

describe('exit codes', () => {
  it('follow from the reason of the error', () => {
    const codes = {
      TASK_FAILED: 1,
      TASK_CANCELLED: 1,
      OPTION_INVALID: 2,
      INVALID_REQUEST: 2,
      UNREACHABLE: 3,
      DATABASE_UNAVAILABLE: 3,
      TASK_NOT_FOUND: 4,
      NAMESPACE_NOT_FOUND: 4,
      TOKEN_INVALID: 5,
      NAMESPACE_NOT_EMPTY: 5,
      WAIT_TIMEOUT: 6,
      ABORTED: 130,
    } as const;
    for (const [reason, code] of Object.entries(codes))
      assert.equal(exitCodeOf(new MusterError(reason as keyof typeof codes, 'x')), code, reason);
    assert.equal(exitCodeOf(new UsageError('x')), 2);
    assert.equal(exitCodeOf(new TypeError('x')), 70);
  });

  it('are documented as they are', () => {
    const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, doc]) => [code, doc]);
    assert.deepEqual(
      rows,
      Object.values(exitCodes).map(({ code, doc }) => [String(code), doc]),
    );
  });
});
