// Every peer runs every job once and is measured in both ways. What it reaches is not asserted.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedPostgres } from '../../harness/engines.ts';
import { measurePeerLatency } from './latency.ts';
import { type PeerName, payloadOf } from './peer.ts';
import { measurePeer } from './throughput.ts';

const names: readonly PeerName[] = ['graphileWorker', 'pgBoss', 'bullmq'];

describe('peers', () => {
  for (const name of names) {
    it(`${name} completes every job, with one process and with three`, async (context) => {
      const postgresUrl = await sharedPostgres();
      const options = { postgresUrl, tasks: 1_200, inputBytes: 90 };
      const measured = await measurePeer(name, { ...options, workerProcesses: [0, 2] });
      if ('skipped' in measured) return context.skip(measured.skipped);
      assert.deepEqual(Object.keys(measured.tried), ['0', '2']);
      assert.equal(measured.tasksPerSecond, Math.max(...Object.values(measured.tried)));
      for (const rate of [measured.insertFirst, measured.insertWhileProcessing]) {
        assert.ok(rate.tasksPerSecond > 0);
        assert.ok(rate.insertsPerSecond >= rate.tasksPerSecond);
        assert.ok(rate.processedPerSecond >= rate.tasksPerSecond);
      }
    });

    it(`${name} starts a job that is submitted by itself`, async (context) => {
      const postgresUrl = await sharedPostgres();
      const measured = await measurePeerLatency(name, { postgresUrl, samples: 20 });
      if ('skipped' in measured) return context.skip(measured.skipped);
      const { p50, p90, p99, p999, max } = measured;
      assert.ok(p50 > 0);
      assert.deepEqual(
        [p50, p90, p99, p999, max],
        [p50, p90, p99, p999, max].toSorted((a, b) => a - b),
      );
    });
  }

  it('carry payloads of the asked size', () => {
    assert.equal(JSON.stringify(payloadOf(19_999, 90)).length, 90);
  });
});
