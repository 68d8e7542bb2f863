// An idempotency key makes a submit that is sent again return the task of the first one, for as long as
// the key is held, within one handler and namespace.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const runs = new Map<string, number>();

const count = defineHandler({
  name: 'count',
  run(input: string) {
    runs.set(input, (runs.get(input) ?? 0) + 1);
    return runs.get(input);
  },
});
const other = defineHandler({ name: 'other', run: () => 'other' });

const wait = { timeout: '20s' } as const;

flow('idempotency', { agent: { handlers: [count, other] } }, (stage) => {
  const unique = (text: string) => `${stage.engine.name} ${text}`;

  it('returns the first task to a second submit with its key', async () => {
    const input = unique('twice');
    const options = { idempotencyKey: 'order 7' };
    const first = await stage.client.submit(count, input, options);
    const second = await stage.client.submit(count, input, options);
    assert.deepEqual([first.duplicate, second.duplicate], [false, true]);
    assert.equal(second.id, first.id);
    assert.equal(await second.result(wait), 1);
    const finished = await stage.client.submit(count, unique('other input'), options);
    assert.equal(finished.id, first.id);
    assert.equal(runs.get(input), 1);
    assert.equal((await first.get()).idempotencyKey, 'order 7');
  });

  it('stores one task when many submit the same key at once', async () => {
    const input = unique('at once');
    const handles = await Promise.all(
      Array.from({ length: 40 }, () =>
        stage.client.submit(count, input, { idempotencyKey: 'at once' }),
      ),
    );
    assert.equal(new Set(handles.map(({ id }) => id)).size, 1);
    assert.equal(handles.filter(({ duplicate }) => !duplicate).length, 1);
    await handles[0]?.result(wait);
    assert.equal(runs.get(input), 1);
  });

  it('keeps the keys of different handlers apart', async () => {
    const options = { idempotencyKey: 'same word' };
    const first = await stage.client.submit(count, unique('apart'), options);
    const second = await stage.client.submit(other, undefined, options);
    assert.notEqual(first.id, second.id);
    assert.equal(await second.result(wait), 'other');
  });

  it('gives the key free when its time is over', async () => {
    const options = { idempotencyKey: 'short', idempotencyTtl: '1s' } as const;
    const input = unique('short');
    const first = await stage.client.submit(count, input, options);
    const again = await stage.client.submit(count, input, options);
    assert.equal(again.id, first.id);
    const later = await eventually(
      () => stage.client.submit(count, input, options),
      ({ id }) => id !== first.id,
    );
    assert.equal(later.duplicate, false);
    const [before, after] = [await first.get(), await later.get()];
    assert.ok(Number(after.createTime) - Number(before.createTime) >= 1_000);
    assert.equal(await later.result(wait), 2);
  });

  it('does not take a key for a task that was not stored', async () => {
    const options = { idempotencyKey: 'refused first' };
    const bad = { ...options, labels: { 'Not A Label': 'x' } };
    await assert.rejects(stage.client.submit(count, unique('refused'), bad), {
      reason: 'INVALID_REQUEST',
    });
    const good = await stage.client.submit(count, unique('refused'), options);
    assert.equal(good.duplicate, false);
    assert.equal(await good.result(wait), 1);
  });
});
