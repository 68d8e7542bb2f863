// The floor is measured on the product's own schema, and every task of it ends.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { sharedPostgres } from '../../harness/engines.ts';
import { createDatabaseAt, dropDatabaseAt } from '../../harness/postgres.ts';
import { byteaArray, repeatedInt4, uuidArray } from './arrays.ts';
import { dealBatches } from './batches.ts';
import { batchSizes, measureFloor } from './floor.ts';

describe('the floor', () => {
  let url = '';
  before(async () => {
    url = await createDatabaseAt(await sharedPostgres());
  });
  after(() => dropDatabaseAt(url));

  it('is measured for each batch and shape, on tasks that all end', async () => {
    const floor = await measureFloor(url, { tasks: 1_500, inputBytes: 90 });
    for (const shape of ['twoWrites', 'threeWrites'] as const) {
      const rates = floor.batches[shape];
      assert.deepEqual(Object.keys(rates).map(Number), batchSizes);
      assert.ok(Object.values(rates).every((rate) => rate > 0));
      assert.equal(floor[shape], Math.max(...Object.values(rates)));
    }
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT state, count(*)::int AS count, min(octet_length(input)) AS least,
        max(octet_length(input)) AS most, count(ended_at)::int AS ended FROM muster.tasks GROUP BY state`,
    );
    await client.end();
    // Two shapes: a first run to warm up, then each of the batches twice.
    const count = 2 * 1_500 * (1 + 2 * batchSizes.length);
    assert.deepEqual(rows, [{ state: 5, count, least: 90, most: 90, ended: count }]);
  });

  it('deals out every task once, with ids that rise and inputs of the asked size', () => {
    const shares = dealBatches(1_050, { batch: 100, inputBytes: 90, connections: 2 });
    const counts = shares.map((share) => share.map(({ count }) => count));
    const hundreds = [100, 100, 100, 100, 100];
    assert.deepEqual(counts, [[...hundreds, 50], hundreds]);
    const bounds = [0, 1, 2, 3, 4].flatMap((at) =>
      shares.flatMap((share) => share[at]?.bounds ?? []),
    );
    assert.deepEqual(bounds, bounds.toSorted());
    assert.match(bounds[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  });

  it('writes arrays as Postgres reads them', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const id = Buffer.from('01990000000070008000000000000001', 'hex');
    const { rows } = await client.query(
      `SELECT $1::uuid[]::text AS ids, $2::bytea[]::text AS bytes, $3::int4[]::text AS numbers`,
      [uuidArray([id]), byteaArray([Buffer.from('a'), Buffer.alloc(0)]), repeatedInt4(7, 2)],
    );
    await client.end();
    assert.deepEqual(rows, [
      {
        ids: '{01990000-0000-7000-8000-000000000001}',
        bytes: '{"\\\\x61","\\\\x"}',
        numbers: '{7,7}',
      },
    ]);
  });
});
