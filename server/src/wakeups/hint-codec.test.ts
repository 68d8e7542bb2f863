// Hints as messages: what is sent is what is read, in pieces of bounded size, and nothing that a stranger sends is
// taken for a hint or thrown over.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HandlerId, SessionId, TaskId } from '../rules/task.ts';
import { decodeHint, encodeHint, messageBytesMax } from './hint-codec.ts';
import type { HintName, Hints } from './wakeups.ts';

const names = [
  ...(['ready', 'delayed', 'scheduled', 'moved'] as const),
  ...(['cancel', 'drain', 'detached', 'dictionaries'] as const),
] as const;
const record = <Fields>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }) =>
  fc.record<Fields>(fields, { noNullPrototype: true });
const uuid = fc.uuid().map((text) => text.toLowerCase());
const taskId = uuid.map((text) => text as TaskId);
const sessionId = uuid.map((text) => text as SessionId);
const epoch = fc.integer({ min: 0, max: 0x7fff_ffff });
const duration = fc.integer({ min: 0, max: 1_000_000_000 });

const cancelOrder = record({
  ...{ taskId, sessionId, leaseEpoch: epoch },
  cause: fc.constantFrom('REQUESTED' as const, 'DEADLINE' as const),
  reason: fc.string({ maxLength: 200 }),
});
const manyOrders = record({ orders: fc.array(cancelOrder, { minLength: 15, maxLength: 40 }) });

const hints: { readonly [Name in HintName]: fc.Arbitrary<Hints[Name]> } = {
  ready: record({
    handlerIds: fc.array(epoch.map((id) => id as HandlerId)),
    newest: fc.boolean(),
  }),
  delayed: record({ dueInMs: duration }),
  scheduled: record({ lookInMs: duration, watched: fc.array(taskId) }),
  moved: record({
    tasks: fc.array(record({ taskId, finished: fc.boolean() }), { minLength: 1 }),
  }),
  cancel: record({ orders: fc.array(cancelOrder) }),
  drain: record({ sessionIds: fc.array(sessionId), graceMs: fc.option(duration) }),
  detached: record({ sessionIds: fc.array(sessionId) }),
  dictionaries: fc.constant({}),
};

/** Everything that the messages say, in their order. */
function readAll<Name extends HintName>(name: Name, messages: readonly Uint8Array[]) {
  return messages.map((message) => {
    const hint = decodeHint(name, message);
    assert.ok(hint, `a message of ${name} could not be read`);
    return hint;
  });
}

const order = {
  taskId: '01890a5d-ac96-774b-bcce-b302099a8057',
  sessionId: '01890a5d-ac96-774b-bcce-b302099a8058',
  leaseEpoch: 1,
  cause: 'REQUESTED',
  reason: '',
};
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('hints as messages', () => {
  for (const name of names)
    it(`of ${name} are read as they were written`, () => {
      fc.assert(
        fc.property(hints[name] as fc.Arbitrary<Hints[HintName]>, (hint) => {
          assert.deepEqual(readAll(name, encodeHint(name, hint)), [hint]);
        }),
      );
    });

  it('are cut into messages of bounded size that say the same together', () => {
    fc.assert(
      fc.property(hints.moved, fc.integer({ min: 18, max: 200 }), (hint, bytesMax) => {
        const messages = encodeHint('moved', hint, bytesMax);
        for (const { length } of messages) assert.ok(length <= bytesMax);
        assert.deepEqual(
          readAll('moved', messages).flatMap(({ tasks }) => tasks),
          hint.tasks,
        );
      }),
    );
    fc.assert(
      fc.property(manyOrders, (hint) => {
        const messages = encodeHint('cancel', hint, 2_000);
        assert.ok(messages.length > 1);
        for (const { length } of messages) assert.ok(length <= 2_000);
        assert.deepEqual(
          readAll('cancel', messages).flatMap(({ orders }) => orders),
          hint.orders,
        );
      }),
    );
  });

  it('take 17 bytes for a task that moved', () => {
    const tasks = Array.from({ length: 30_000 }, () => ({
      taskId: order.taskId as TaskId,
      finished: true,
    }));
    const messages = encodeHint('moved', { tasks });
    assert.equal(messages.length, Math.ceil((30_000 * 17) / messageBytesMax));
    assert.equal(
      messages.reduce((sum, { length }) => sum + length, 0),
      30_000 * 17 + messages.length,
    );
  });

  it('are left out where a single thing is too large', () => {
    assert.deepEqual(encodeHint('drain', { sessionIds: [], graceMs: 1 }, 10), []);
    assert.deepEqual(encodeHint('moved', { tasks: [] }, 10), []);
  });

  it('are never made of what a stranger sends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 100 }), (name, bytes) => {
        const hint = decodeHint(name, bytes);
        assert.ok(hint === null || name === 'moved');
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        assert.equal(decodeHint(name, json(value)), null);
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('ready', 'delayed', 'scheduled', 'cancel', 'drain', 'detached' as const),
        fc.dictionary(
          fc.constantFrom('handlerIds', 'dueInMs', 'orders', 'sessionIds', 'graceMs'),
          fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(-1), fc.array(fc.constant({}))),
        ),
        (name, fields) => {
          const hint = decodeHint(name, json({ version: 1, ...fields }));
          // An empty list is a hint about nothing.
          if (hint !== null) assert.ok(Object.values(hint).some((value) => isEmpty(value)));
        },
      ),
    );
  });

  it('are refused field by field', () => {
    const malformed: readonly (readonly [HintName, unknown])[] = [
      ['dictionaries', {}],
      ['dictionaries', { version: 2 }],
      ['dictionaries', [{ version: 1 }]],
      ['ready', { version: 1, handlerIds: [1.5] }],
      ['ready', { version: 1, handlerIds: [1], newest: 'no' }],
      ['ready', { version: 1, handlerIds: [2 ** 40] }],
      ['delayed', { version: 1, dueInMs: null }],
      ['delayed', { version: 1, dueInMs: -1 }],
      ['scheduled', { version: 1, lookInMs: -1 }],
      ['scheduled', { version: 1, lookInMs: 0, watched: ['x'] }],
      ['drain', { version: 1, sessionIds: ['x'], graceMs: null }],
      ['drain', { version: 1, sessionIds: [] }],
      ['detached', { version: 1, sessionIds: [order.taskId.toUpperCase()] }],
      ['cancel', { version: 1, orders: [{ ...order, cause: 'LAPSED' }] }],
      ['cancel', { version: 1, orders: [{ ...order, leaseEpoch: '1' }] }],
      ['cancel', { version: 1, orders: [{ ...order, reason: 'x'.repeat(2000) }] }],
      ['cancel', { version: 1, orders: order }],
    ];
    for (const [name, value] of malformed)
      assert.equal(decodeHint(name, json(value)), null, `${name} ${JSON.stringify(value)}`);
    const [good = new Uint8Array()] = encodeHint('moved', {
      tasks: [{ taskId: order.taskId as TaskId, finished: true }],
    });
    assert.ok(decodeHint('moved', good));
    for (const [at, byte] of [[0, 2] as const, [17, 2] as const]) {
      const bad = Uint8Array.from(good);
      bad[at] = byte;
      assert.equal(decodeHint('moved', bad), null);
    }
    assert.equal(decodeHint('moved', good.subarray(0, 17)), null);
    assert.equal(decodeHint('moved', good.subarray(0, 1)), null);
    assert.equal(decodeHint('detached', new Uint8Array(messageBytesMax + 1)), null);
  });

  it('may hold fields that a newer replica added', () => {
    const newer = json({ version: 1, orders: [{ ...order, urgency: 1 }], since: 'yesterday' });
    assert.deepEqual(decodeHint('cancel', newer), { orders: [order] });
  });
});

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
