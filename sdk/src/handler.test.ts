// Definitions: what they check, what they infer, and what an agent offers of them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Client } from './client.ts';
import type { MusterError } from './errors.ts';
import { defineHandler, isHandlerDefinition } from './handler.ts';
import type { InputOf, OutputOf } from './handler-reference.ts';
import { registrationOf } from './wire/registration.ts';

/** A validator like those of the libraries: text in, number out, with a JSON Schema. */
const numeric: StandardSchemaV1<{ n: string }, { n: number }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate(value) {
      const n = Number((value as { n?: unknown } | null)?.n);
      return Number.isNaN(n)
        ? { issues: [{ message: 'no number', path: ['n'] }] }
        : { value: { n } };
    },
    ...{ jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'number' }) } },
  },
};

const plain = defineHandler({
  name: 'email.send',
  async run(input: { to: string }, { attempt }) {
    return { to: input.to, attempt };
  },
});

const checked = defineHandler({
  name: 'number.double',
  description: 'doubles',
  version: '2',
  input: numeric,
  retry: { maxAttempts: 5, initialDelay: '100ms', nonRetryableErrors: ['RangeError'] },
  timeout: '30s',
  lostAttemptsMax: 0,
  slots: 4,
  run: (input) => input.n * 2,
});

type Same<A, B> = [A, B] extends [B, A] ? true : false;

/** Never called: the compiler is the test. */
export async function inferredTypes(client: Client): Promise<unknown[]> {
  const types: [
    Same<InputOf<typeof plain>, { to: string }>,
    Same<OutputOf<typeof plain>, { to: string; attempt: number }>,
    Same<InputOf<typeof checked>, { n: string }>,
    Same<OutputOf<typeof checked>, number>,
  ] = [true, true, true, true];
  const byDefinition: number = await (await client.submit(checked, { n: '1' })).result();
  const task = await client.submit<typeof plain>('email.send', { to: 'a' }, { delay: '5m' });
  const byName: { to: string } = await task.result();
  const untyped: unknown = await (await client.submit('any.name', 1)).result();
  const group: number[] = await (await client.submitMany(checked, [{ n: '1' }])).results();
  // @ts-expect-error: the name is another handler's.
  await client.submit<typeof plain>('email.sent', { to: 'a' });
  // @ts-expect-error: the input is wrong.
  await client.submit(plain, { too: 'a' });
  // @ts-expect-error: the input is missing.
  await client.submit(plain);
  return [types, byDefinition, byName, untyped, group];
}

describe('defineHandler', () => {
  it('gives a frozen definition that can be recognised', () => {
    assert.ok(Object.isFrozen(plain));
    assert.ok(isHandlerDefinition(plain));
    assert.equal(isHandlerDefinition({ name: 'a', run() {} }), false);
    assert.equal(isHandlerDefinition(null), false);
  });

  it('takes dot-separated lower-case words as names', () => {
    for (const name of ['a', 'email.send', 'image-2.resize_all', 'a.2b', 'x'.repeat(128)]) {
      defineHandler({ name, run() {} });
    }
    const bad = [
      '',
      '.',
      'a.',
      '.a',
      'a..b',
      'Email',
      'a b',
      '2a',
      'ä',
      'x'.repeat(129),
      undefined,
    ];
    for (const name of bad) {
      assert.throws(
        () => defineHandler({ name: name as string, run() {} }),
        (error: MusterError) => error.reason === 'OPTION_INVALID',
        String(name),
      );
    }
  });

  it('refuses wrong options by name', () => {
    const define = (options: object) => () =>
      defineHandler({ name: 'a', run() {}, ...options } as Parameters<typeof defineHandler>[0]);
    assert.throws(define({ maxAttempts: 3 }), /has no option "maxAttempts"/);
    assert.throws(define({ retry: { maxAttempt: 3 } }), /Did you mean "maxAttempts"/);
    assert.throws(define({ retry: { maxAttempts: 0 } }), /retry\.maxAttempts is 0/);
    assert.throws(define({ retry: { jitter: 2 } }), /retry\.jitter is 2/);
    assert.throws(define({ timeout: 30 }), /timeout is 30/);
    assert.throws(define({ timeout: '0s' }), /longer than nothing/);
    assert.throws(define({ isolation: 'thread' }), /isolation is "thread"/);
    assert.throws(define({ input: { parse() {} } }), /Standard Schema/);
    assert.throws(define({ run: 'x' }), /run is "x", but must be a function/);
  });
});

describe('a registration', () => {
  it('holds the options, and the JSON Schema where the validator offers one', () => {
    const registration = registrationOf(checked);
    assert.equal(registration.name, 'number.double');
    assert.equal(registration.version, '2');
    assert.equal(registration.slots, 4);
    assert.deepEqual(registration.options?.retry, {
      maxAttempts: 5,
      initialDelay: { seconds: 0, nanos: 1e8 },
      maxDelay: null,
      nonRetryableErrors: ['RangeError'],
    });
    assert.deepEqual(registration.options?.attemptTimeout, { seconds: 30, nanos: 0 });
    assert.equal(registration.options?.lostAttemptsMax, 0);
    assert.equal(registration.inputSchema, '{"type":"object"}');
    assert.equal(registration.outputSchema, '');
    assert.equal(registrationOf(plain).options?.lostAttemptsMax, undefined);
  });

  it('does without a schema that throws', () => {
    const throwing = {
      '~standard': {
        ...numeric['~standard'],
        jsonSchema: {
          input() {
            throw new Error('cannot be said in JSON Schema');
          },
        },
      },
    };
    const handler = defineHandler({ name: 'a', input: throwing, run() {} });
    assert.equal(registrationOf(handler).inputSchema, '');
  });
});
