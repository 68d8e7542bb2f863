/** What agents are expected to do by when. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OpenLease } from '../session/session.ts';
import { createExpectations, overdueGraceMs } from './expectations.ts';

function lease(sentAt: number): OpenLease {
  return { sentAt, stage: 'SENT', revokedAt: null, overdueAt: null } as OpenLease;
}

const counts = (late: ReturnType<ReturnType<typeof createExpectations>['late']>) =>
  [late.unaccepted, late.unanswered, late.overdue].map((leases) => leases.length);

describe('expectations', () => {
  it('revoke what is not accepted in time, once, and complain if that is not answered', () => {
    const expectations = createExpectations(2000, 3000);
    expectations.sent(lease(0));
    const begun = lease(100);
    expectations.sent(begun);
    expectations.accepted(begun);
    expectations.started(begun, null, 100);
    assert.deepEqual(counts(expectations.late(1900)), [0, 0, 0]);
    assert.deepEqual(counts(expectations.late(2200)), [1, 0, 0]);
    assert.deepEqual(counts(expectations.late(2400)), [0, 0, 0]);
    assert.deepEqual(counts(expectations.late(5300)), [0, 1, 0]);
  });

  it('forget a revoke that is answered by accepting', () => {
    const expectations = createExpectations(2000, 3000);
    const late = lease(0);
    expectations.sent(late);
    expectations.late(2000);
    expectations.accepted(late);
    assert.equal(late.revokedAt, null);
    expectations.started(late, null, 2100);
    assert.deepEqual(counts(expectations.late(10_000)), [0, 0, 0]);
  });

  it('revoke what was accepted and is not begun in time', () => {
    const expectations = createExpectations(2000, 3000);
    const [stranded, begun] = [lease(0), lease(0)];
    for (const one of [stranded, begun]) {
      expectations.sent(one);
      expectations.accepted(one);
    }
    begun.stage = 'STARTED';
    expectations.started(begun, null, 3000);
    assert.deepEqual(expectations.late(3900).unstarted, []);
    assert.deepEqual(expectations.late(4000).unstarted, [stranded]);
    assert.deepEqual(counts(expectations.late(7000)), [0, 1, 0]);
  });

  it('end an attempt after its timeout and the grace, unless it ended before', () => {
    const expectations = createExpectations(2000, 3000);
    const [slow, quick, endless] = [lease(0), lease(0), lease(0)];
    for (const one of [slow, quick, endless]) one.stage = 'STARTED';
    expectations.late(0);
    expectations.started(slow, 1000, 0);
    expectations.started(quick, 1000, 0);
    expectations.started(endless, null, 0);
    expectations.over(quick);
    assert.deepEqual(counts(expectations.late(1000 + overdueGraceMs - 10)), [0, 0, 0]);
    const { overdue } = expectations.late(1000 + overdueGraceMs + 250);
    assert.deepEqual(overdue, [slow]);
    assert.deepEqual(counts(expectations.late(1e9)), [0, 0, 0]);
  });

  it('end two hundred thousand attempts of one moment', () => {
    const expectations = createExpectations(2000, 3000);
    expectations.late(0);
    for (let n = 0; n < 200_000; n += 1) {
      const one = lease(0);
      one.stage = 'STARTED';
      expectations.started(one, 1000, 0);
    }
    assert.equal(expectations.late(1e5).overdue.length, 200_000);
  });
});
