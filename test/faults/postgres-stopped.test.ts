// Postgres is stopped for 60 s under running tasks and fresh submits. Submissions get UNAVAILABLE with
// a retry hint, agents go on working and hold their outcomes, and on its return nothing is run again.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient, MusterError } from '@muster/sdk';
import { recorded } from '../handlers/recorded.ts';
import { startAgent, startAgentProcess } from '../harness/agents.ts';
import { startCoordinator } from '../harness/coordinator.ts';
import type { Engine } from '../harness/engines.ts';
import { eventually } from '../harness/eventually.ts';
import { startPostgres } from '../harness/postgres.ts';
import { clockMs, expectHonestHistory, newHistory, readRuns } from './history.ts';

const outageMs = 60_000;
const slots = 40;
/** The last of the running tasks end so long after the outage. */
const afterMs = 6_000;
const label = 'postgres-stopped';
const labels = { story: label };

/** A Postgres of the test's own: the shared one serves others. */
async function ownPostgres() {
  const server = await startPostgres();
  const databaseUrl = await server.createDatabase();
  const engine: Engine = {
    name: 'postgres',
    databaseUrl,
    freshDatabase: () => server.createDatabase(),
    freshFolder: () => assert.fail('No folder is needed.'),
  };
  return { server, engine };
}

/** Submits until the outage is over; each submit must be refused in time, with a hint. */
async function submitInVain(client: Client, history: string, until: number): Promise<number> {
  let refused = 0;
  while (clockMs() < until) {
    const begun = clockMs();
    const error = await client.submit(recorded, { history }, { labels }).then(
      () => assert.fail('A submit was acknowledged without a database.'),
      (error: unknown) => error,
    );
    assert.ok(error instanceof MusterError, String(error));
    assert.deepEqual([error.code, error.reason], [14, 'DATABASE_UNAVAILABLE']);
    assert.ok((error.retryDelayMs ?? 0) > 0, 'a retry hint');
    assert.ok(clockMs() - begun < 10_000, `refused after ${clockMs() - begun} ms`);
    refused += 1;
    await sleep(500);
  }
  return refused;
}

describe('a Postgres that is stopped [postgres]', () => {
  it('for 60 s: submits are sent away, agents go on, and nothing is run again', async (t) => {
    const { server, engine } = await ownPostgres();
    const coordinator = await startCoordinator(engine);
    const { address } = coordinator;
    const client = createClient({ address, retryTimeout: '100s' });
    const impatient = createClient({ address, retryTimeout: '0s' });
    const history = newHistory();
    const own = await startAgent(address, { handlers: [recorded], slots: slots / 2 });
    const other = await startAgentProcess(address, 'recorded.ts', { slots: slots / 2 });
    t.after(async () => {
      await Promise.all([coordinator.kill(), other.process.end(), own.stop()]);
      await Promise.all([client.close(), impatient.close(), server.stop('immediate')]);
    });
    const session = own.sessionId;
    const submit = (count: number, runMs: (n: number) => number) =>
      client.submitMany(
        recorded,
        Array.from({ length: count }, (_, n) => ({ history, runMs: runMs(n) })),
        { labels },
      );
    // Ends are spread over the whole outage and some seconds more.
    const running = await submit(slots, (n) => 500 + ((outageMs + afterMs) * n) / slots);
    await eventually(() => readRuns(history).length === slots);
    const waiting = await submit(slots, () => 100);

    await server.stop('fast');
    const stoppedAt = clockMs();
    const patient = client.submit(recorded, { history }, { labels });
    const refused = await submitInVain(impatient, history, stoppedAt + outageMs);
    const held = readRuns(history).filter(({ endedAt = 0 }) => endedAt > stoppedAt).length;
    assert.ok(refused >= 5 && held >= slots / 2, `${refused} refused, ${held} held`);
    assert.equal(readRuns(history).length, slots, 'what waits cannot begin');
    await server.start();

    await running.results({ timeout: '30s' });
    await waiting.results({ timeout: '30s' });
    const patientTask = await patient;
    await patientTask.result({ timeout: '30s' });
    const ids = [...running.ids, ...waiting.ids, patientTask.id];
    // A refused submit was not acknowledged, and the server was down: none of them can be stored.
    const { tasks, runs } = await expectHonestHistory(client, { label, history, ids });
    assert.equal(runs.length, ids.length);
    for (const { id, attempt, lostAttempts, leaseEpoch } of tasks) {
      assert.deepEqual([attempt, lostAttempts], [1, 0], id);
      if (running.ids.includes(id)) assert.equal(leaseEpoch, 1, id);
    }
    assert.equal(own.sessionId, session, 'the session is still the same');
    console.log(`${refused} submits refused, ${held} outcomes held, ${ids.length} tasks`);
    await own.stop();
    await other.stop();
    await coordinator.stop();
  });
});
