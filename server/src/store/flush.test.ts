/** Gathering, bounds, repetition and bisection of flushes, against a writer that misbehaves on demand. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Overloaded, StoreRefused, StoreUnavailable } from './errors.ts';
import { createFlush, type FlushOptions } from './flush.ts';

type Write = { readonly items: readonly string[]; readonly repeated: boolean };

/** A flush of texts whose writer answers each in upper case, after `before` has had its say. */
function gather(
  before: (
    items: readonly string[],
    call: number,
    repeated: boolean,
  ) => Promise<void> | void = () => {},
  changes: Partial<FlushOptions<string, string>> = {},
) {
  const writes: Write[] = [];
  const flush = createFlush<string, string>({
    write: async (items, { repeated }) => {
      writes.push({ items, repeated });
      await before(items, writes.length, repeated);
      return items.map((item) => item.toUpperCase());
    },
    bytesOf: (item) => item.length,
    rowsMax: 100,
    bytesMax: 1_000,
    connectionsMax: 1,
    queueRowsMax: 1_000,
    queueBytesMax: 10_000,
    backoffMaxMs: 5,
    ...changes,
  });
  return { flush, writes };
}

const letters = (count: number) => Array.from({ length: count }, (_, at) => `item${at}`);

/** A promise with its end in the hands of the test. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('a flush', () => {
  test('writes a lone request within the same turn of the event loop', async () => {
    const { flush, writes } = gather();
    const answer = flush.push('a');
    await Promise.resolve();
    assert.equal(writes.length, 1);
    assert.equal(await answer, 'A');
  });

  test('gathers what arrives while it is under way, and answers each with its own', async () => {
    const { opened, open } = gate();
    const { flush, writes } = gather((_, call) => (call === 1 ? opened : undefined));
    const first = flush.push('first');
    await Promise.resolve();
    const rest = letters(250).map((item) => flush.push(item));
    open();
    assert.equal(await first, 'FIRST');
    assert.deepEqual(
      await Promise.all(rest),
      letters(250).map((item) => item.toUpperCase()),
    );
    assert.deepEqual(
      writes.map(({ items }) => items.length),
      [1, 100, 100, 50],
    );
  });

  test('ends before its rows or bytes are over the limit, and takes one large item alone', async () => {
    const { flush, writes } = gather(undefined, { bytesMax: 10 });
    await Promise.all(
      ['aaaa', 'bbbb', 'cccc', 'd'.repeat(50), 'e'].map((item) => flush.push(item)),
    );
    assert.deepEqual(
      writes.map(({ items }) => items.length),
      [2, 1, 1, 1],
    );
  });

  test('runs as many at a time as there are connections', async () => {
    const { opened, open } = gate();
    const { flush, writes } = gather(() => opened, { rowsMax: 1, connectionsMax: 3 });
    const answers = letters(5).map((item) => flush.push(item));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(writes.length, 3);
    open();
    await Promise.all(answers);
    assert.equal(writes.length, 5);
  });

  test('begins beside another only when it is full, or when the other is slow', async () => {
    const { opened, open } = gate();
    let time = 0;
    const { flush, writes } = gather(() => opened, {
      ...{ rowsMax: 3, connectionsMax: 3, now: () => time },
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const answers: Promise<string>[] = [];
    const push = async (count: number) => {
      answers.push(...letters(count).map((item) => flush.push(item)));
      await turn();
      return writes.map(({ items }) => items.length);
    };
    assert.deepEqual(await push(1), [1]);
    assert.deepEqual(await push(2), [1], 'two wait for the first');
    assert.deepEqual(await push(1), [1, 3]);
    time = 101;
    assert.deepEqual(await push(1), [1, 3, 1]);
    open();
    await Promise.all(answers);
  });

  test('answers Overloaded when its line is full, and takes more when it has emptied', async () => {
    const { opened, open } = gate();
    const { flush } = gather(() => opened, { queueRowsMax: 3 });
    const first = flush.push('first');
    await Promise.resolve();
    const waiting = letters(3).map((item) => flush.push(item));
    await assert.rejects(flush.push('more'), Overloaded);
    assert.throws(() => flush.refuseIfFull(), Overloaded);
    open();
    await Promise.all([first, ...waiting]);
    assert.equal(await flush.push('more'), 'MORE');
  });

  test('answers Overloaded by bytes as well', async () => {
    const { opened, open } = gate();
    const { flush } = gather(() => opened, { queueBytesMax: 10 });
    const first = flush.push('first');
    await Promise.resolve();
    const second = flush.push('12345678');
    await assert.rejects(flush.push('12345'), Overloaded);
    open();
    await Promise.all([first, second]);
  });

  test('cuts a refused batch down to its offenders: 3 poison values among 500, 497 written', async () => {
    const poison = new Set(['item7', 'item8', 'item499']);
    const { flush, writes } = gather(
      (items) => {
        if (items.some((item) => poison.has(item)))
          throw new StoreRefused('22P05', 'no such character', null);
      },
      { rowsMax: 500, bytesMax: 10_000 },
    );
    const settled = await Promise.allSettled(letters(500).map((item) => flush.push(item)));
    const rejected = settled.flatMap((one, at) => (one.status === 'rejected' ? [`item${at}`] : []));
    assert.deepEqual(new Set(rejected), poison);
    assert.ok(writes.length < 60, `${writes.length} writes`);
  });

  test('repeats a write whose reply was lost, as it was and marked, while new items wait', async () => {
    const { flush, writes } = gather(
      (_, call) => {
        if (call <= 2) throw new StoreUnavailable('cut');
      },
      { giveUpMs: Number.POSITIVE_INFINITY },
    );
    const first = flush.push('a');
    await Promise.resolve();
    const second = flush.push('b');
    assert.deepEqual(await Promise.all([first, second]), ['A', 'B']);
    assert.deepEqual(writes, [
      { items: ['a'], repeated: false },
      { items: ['a'], repeated: true },
      { items: ['a'], repeated: true },
      { items: ['b'], repeated: false },
    ]);
  });

  test('gives up by the age of each request, those that wait included', async () => {
    let now = 0;
    const { flush } = gather(
      () => {
        now += 400;
        throw new StoreUnavailable('gone');
      },
      { giveUpMs: 1_000, now: () => now },
    );
    const first = flush.push('a');
    await Promise.resolve();
    const second = flush.push('b');
    await assert.rejects(first, StoreUnavailable);
    await assert.rejects(second, StoreUnavailable);
    assert.ok(now <= 2_800);
  });

  test('does not repeat unless it is told to', async () => {
    const { flush, writes } = gather(() => {
      throw new StoreUnavailable('gone');
    });
    await assert.rejects(flush.push('a'), StoreUnavailable);
    assert.equal(writes.length, 1);
  });

  test('answers all of a batch with an error that is nobody’s fault', async () => {
    const { flush } = gather(() => {
      throw new Error('a defect');
    });
    const settled = await Promise.allSettled(letters(3).map((item) => flush.push(item)));
    assert.ok(settled.every((one) => one.status === 'rejected'));
  });

  test('stops when everything that it took in is answered, and repeats no more', async () => {
    const { opened, open } = gate();
    const { flush } = gather((_, call) => (call === 1 ? opened : undefined), { rowsMax: 1 });
    const answers = letters(3).map((item) => flush.push(item));
    const stopped = flush.stop();
    await assert.rejects(flush.push('late'), StoreUnavailable);
    open();
    await stopped;
    assert.equal((await Promise.all(answers)).length, 3);

    const away = gather(
      () => {
        throw new StoreUnavailable('gone');
      },
      { giveUpMs: Number.POSITIVE_INFINITY, backoffMaxMs: 60_000 },
    );
    const lost = away.flush.push('a');
    lost.catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    await away.flush.stop();
    await assert.rejects(lost, StoreUnavailable);
  });
});
