// A refusal on the wire: reason, violations, retry hint, within 4 KiB. And that docs/errors.md explains every reason.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ErrorReason, loadContract } from '@muster/proto';
import { CallRefused, detailsTrailer, refuseFields, statusOf } from './status.ts';

const { messages } = loadContract();

function detailsOf(refusal: CallRefused) {
  const [bytes] = statusOf(refusal).metadata.get(detailsTrailer);
  assert.ok(Buffer.isBuffer(bytes));
  assert.ok(bytes.length <= 4096, `${bytes.length} bytes`);
  const status = messages['google.rpc.Status'].deserialize(bytes);
  const find = (name: string) =>
    status.details.find(({ type_url }) => type_url === `type.googleapis.com/google.rpc.${name}`)
      ?.value;
  const [info, request, retry] = [find('ErrorInfo'), find('BadRequest'), find('RetryInfo')];
  return {
    status,
    info: info && messages['google.rpc.ErrorInfo'].deserialize(info),
    violations: request
      ? messages['google.rpc.BadRequest'].deserialize(request).fieldViolations
      : [],
    retry: retry && messages['google.rpc.RetryInfo'].deserialize(retry),
  };
}

describe('a refusal on the wire', () => {
  it('has a code, a reason of domain muster, metadata and a retry hint', () => {
    const refusal = new CallRefused('OVERLOADED', 'Full.', {
      retryDelayMs: 1500,
      metadata: { a: 'b' },
    });
    const { status, info, retry } = detailsOf(refusal);
    assert.deepEqual([status.code, status.message], [8, 'Full.']);
    assert.deepEqual([info?.reason, info?.domain, info?.metadata.a], ['OVERLOADED', 'muster', 'b']);
    assert.deepEqual({ ...retry?.retryDelay }, { seconds: 1, nanos: 500_000_000 });
  });

  it('names the first 20 violations and counts all', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      field: `tasks[${index}].id`,
      description: 'no',
    }));
    const { info, violations } = detailsOf(refuseFields(many, 10_000));
    assert.equal(violations.length, 20);
    assert.equal(info?.metadata.violation_count, '10000');
    assert.equal(violations[3]?.field, 'tasks[3].id');
  });

  it('stays within 4 KiB whatever it is told, and is always well-formed', () => {
    const long = Array.from({ length: 20 }, () => ({
      field: '\u{1f600}'.repeat(500),
      description: 'ü'.repeat(5000),
    }));
    const refusal = new CallRefused('INVALID_REQUEST', 'x'.repeat(100_000), {
      violations: long,
      metadata: { value: '"'.repeat(10_000) },
    });
    const { info, violations } = detailsOf(refusal);
    assert.equal(info?.metadata.violation_count, '20');
    assert.ok(violations.length < 20);
    assert.ok(statusOf(refusal).details.length <= 1024);
  });

  it('has a section in docs/errors.md for every reason of the contract', () => {
    const docs = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
    const reasons = Object.keys(ErrorReason)
      .map((name) => name.slice('ERROR_REASON_'.length))
      .filter((name) => name !== 'UNSPECIFIED');
    const sections = [...docs.matchAll(/^## ([A-Z_]+)$/gm)].map(([, name]) => name);
    assert.deepEqual(sections.sort(), reasons.sort());
  });
});
