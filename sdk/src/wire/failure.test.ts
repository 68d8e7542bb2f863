// Whatever is thrown becomes a failure within the limits of the contract.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { MusterError, NonRetryableError } from '../errors.ts';
import { createPayloadCoder } from '../payload/payload.ts';
import { failureOf, readFailure, sealFailure } from './failure.ts';
import { fitText } from './text.ts';

const detailsOf = (thrown: unknown) => {
  const { details } = failureOf(thrown);
  return details ? JSON.parse(Buffer.from(details.data as Uint8Array).toString()) : undefined;
};

describe('a failure', () => {
  it('carries name, message, stack and causes of an error', () => {
    const failure = failureOf(new TypeError('outer', { cause: new Error('inner') }));
    assert.equal(failure.kind, 'FAILURE_KIND_ERROR');
    assert.equal(failure.name, 'TypeError');
    assert.equal(failure.message, 'outer');
    assert.match(String(failure.stack), /TypeError: outer[\s\S]*Caused by: Error: inner/);
    assert.equal(failure.nonRetryable, false);
    assert.equal(failureOf(runInNewContext('new RangeError("far")')).name, 'RangeError');
  });

  it('is made of whatever else is thrown', () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const circular = new Error('x');
    circular.cause = circular;
    for (const thrown of [
      'text',
      null,
      undefined,
      1n,
      Symbol('s'),
      { a: 1 },
      [],
      () => 1,
      circular,
    ]) {
      const failure = failureOf(thrown);
      assert.ok(failure.name.length > 0 && failure.message.length > 0);
    }
    assert.equal(
      failureOf('text').message,
      'The handler threw the string "text", which is no Error.',
    );
    assert.equal(failureOf(circular).message, 'x');
    assert.match(failureOf(revoked.proxy).message, /cannot be described/);
    assert.deepEqual(detailsOf({ code: 7 }), { code: 7 });
  });

  it('keeps details that are JSON and small, and drops others', () => {
    assert.deepEqual(detailsOf(new NonRetryableError('x', { details: { field: 'to' } })), {
      field: 'to',
    });
    assert.equal(detailsOf(Object.assign(new Error('x'), { details: new Date() })), undefined);
    assert.equal(
      detailsOf(Object.assign(new Error('x'), { details: 'x'.repeat(70_000) })),
      undefined,
    );
  });

  it('is final by the handler’s word, or where the same input must fail again', () => {
    assert.equal(failureOf(new NonRetryableError('x')).nonRetryable, true);
    assert.equal(
      failureOf(Object.assign(new Error('x'), { nonRetryable: true })).nonRetryable,
      true,
    );
    const invalid = failureOf(new MusterError('INPUT_INVALID', 'x'));
    assert.deepEqual([invalid.name, invalid.nonRetryable], ['INPUT_INVALID', true]);
    assert.equal(failureOf(new MusterError('UNREACHABLE', 'x')).nonRetryable, false);
  });

  it('is cut to the limits of the contract', () => {
    const error = new Error('ü'.repeat(10_000));
    error.name = 'N'.repeat(300);
    error.stack = 's'.repeat(40_000);
    const { name, message, stack } = failureOf(error);
    assert.equal(Buffer.byteLength(name), 128);
    assert.ok(Buffer.byteLength(message) <= 8_192 && message.endsWith('ü…'));
    assert.equal(Buffer.byteLength(String(stack)), 16_384);
  });

  it('sends its details through the codec and reads them back', async () => {
    const flip = (data: Uint8Array) => Buffer.from(data.map((byte) => byte ^ 255));
    const coder = createPayloadCoder({
      codec: {
        encode: ({ mediaType, data }) => ({ mediaType: `${mediaType};x`, data: flip(data) }),
        decode: ({ mediaType, data }) => ({ mediaType: mediaType.slice(0, -2), data: flip(data) }),
      },
    });
    const sealed = await sealFailure(
      failureOf(new NonRetryableError('no', { details: [1] })),
      coder,
    );
    assert.equal(sealed.details?.mediaType, 'application/json;x');
    const read = await readFailure(
      {
        kind: 'FAILURE_KIND_ERROR',
        name: sealed.name,
        message: sealed.message,
        stack: '',
        details: { mediaType: 'application/json;x', data: Buffer.from(sealed.details?.data ?? '') },
        nonRetryable: true,
      },
      coder,
    );
    assert.deepEqual(read.details, [1]);
    assert.equal(read.kind, 'ERROR');
  });
});

describe('text', () => {
  it('is cut between characters, and made well-formed', () => {
    assert.equal(fitText('short', 5), 'short');
    assert.equal(fitText('longer', 5), 'lo…');
    assert.equal(fitText('aüü', 5), 'aüü');
    assert.equal(fitText('aüüü', 6), 'aü…');
    assert.equal(fitText('🙂🙂', 7), '🙂…');
    assert.equal(fitText('a\ud800b', 10), 'a\ufffdb');
  });
});
