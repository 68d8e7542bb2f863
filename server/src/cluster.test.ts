// What ties a coordinator to others: nothing unless NATS is set, and then something that can be watched.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type MeterProvider, metrics } from '@opentelemetry/api';
import { pino } from 'pino';
import { eventually } from '../../test/harness/eventually.ts';
import { nats, startNats } from '../../test/harness/nats.ts';
import { createCluster } from './cluster.ts';
import { configOf } from './config.ts';

const logger = pino({ level: 'silent' });
const dictionaries = { handler: () => null, namespace: () => null };

/** What a monitor would read now, by name of the metric. */
function listenToMetrics() {
  const totals = new Map<string, number>();
  const gauges = new Map<string, (result: { observe(value: number): void }) => void>();
  const meter = {
    createCounter: (name: string) => ({
      add: (value: number) => totals.set(name, (totals.get(name) ?? 0) + value),
    }),
    createObservableGauge: (name: string) => ({
      addCallback: (read: (result: { observe(value: number): void }) => void) =>
        gauges.set(name, read),
    }),
  };
  metrics.setGlobalMeterProvider({ getMeter: () => meter } as unknown as MeterProvider);
  return (name: string): number | undefined => {
    let value = totals.get(name);
    gauges.get(name)?.({ observe: (now) => (value = now) });
    return value;
  };
}

describe('the ties of a coordinator', () => {
  after(() => metrics.disable());

  it('are none without NATS', async () => {
    const cluster = createCluster(configOf(), logger);
    await cluster.wakeups.start();
    assert.deepEqual(cluster.checks, []);
    assert.equal(cluster.events(dictionaries).on, false);
    await cluster.wakeups.stop();
  });

  it('cost nothing per task while events are not asked for', () => {
    const natsServers = ['127.0.0.1:1'];
    assert.equal(createCluster(configOf({ natsServers }), logger).events(dictionaries).on, false);
    const asked = configOf({ natsServers, events: ['failed'] });
    assert.equal(createCluster(asked, logger).events(dictionaries).on, true);
  });

  it('can be watched', { skip: nats.skip }, async (t) => {
    const read = listenToMetrics();
    const server = await startNats();
    const cluster = createCluster(configOf({ natsServers: [server.address] }), logger);
    t.after(() => cluster.wakeups.stop());
    assert.equal(read('muster.nats.connected'), 0);
    cluster.wakeups.publish('dictionaries', {});
    await cluster.wakeups.start();
    await eventually(() => read('muster.nats.connected') === 1);
    await cluster.checks[0]?.run();
    await server.stop();
    await eventually(() => read('muster.nats.connected') === 0);
    await assert.rejects(async () => cluster.checks[0]?.run(), /NATS cannot be used/);
    cluster.wakeups.publish('dictionaries', {});
    await eventually(() => read('muster.nats.dropped') === 1);
  });
});
