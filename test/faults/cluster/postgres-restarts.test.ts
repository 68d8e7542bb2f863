// dbos-transact-py#716: a restart of Postgres stranded running work. Here it breaks off at the very moment at which a
// coordinator sends each kind of flush, and recovers. Nothing is stranded, and nothing is run again.

import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../harness/eventually.ts';
import { uuidV7 } from '../../harness/task-ids.ts';
import { type FlushKind, flushKinds } from '../postgres-wire.ts';
import { watchFlushes } from '../steps.ts';
import type { Wires } from './network/wires.ts';
import { stageCluster } from './story.ts';

/** An agent is cut off so often, until the statement by which it attaches again has been broken. */
const cutEveryMs = 1_500;
const flushTimeoutMs = 20_000;
/** Coordinators send their agents to each other after 3 s; a session is lost after 7 s of silence. */
const outageMs = 11_000;

describe('Postgres [postgres]', { concurrency: true }, () => {
  it('dbos-transact-py#716: strands nothing when it is restarted during every kind of statement', async (t) => {
    // So many that each coordinator comes to have one: only then are there eager inserts.
    const shape = { coordinators: 2, agents: 4, slots: 3, withoutNats: true };
    const flags = ['--progress-interval', '50ms'];
    // What is given back has a test of its own (../unknown-flushes.test.ts); here it would keep eager starts away. Nobody
    // has schedules (./schedules.test.ts).
    const left = new Set<FlushKind>(
      flushKinds.filter((kind) => kind !== 'give back' && kind !== 'turn'),
    );
    const flushes = followFlushes();
    const { cluster, load, expectOnce } = await stageCluster(t, { ...shape, flags }, flushes);
    const work = load({
      everyMs: 350,
      addition: () => ({ input: { reportEveryMs: 50 }, options: { idempotencyKey: uuidV7() } }),
    });
    const plain = load({ everyMs: 350 });
    const cuts = setInterval(() => {
      if (left.has('attach')) for (const wire of cluster.wires.agents.flat()) wire.cut();
    }, cutEveryMs);
    t.after(() => clearInterval(cuts));
    while (left.size > 0) {
      left.delete(await flushes.next(left));
      await cluster.postgres.stop('immediate');
      await cluster.postgres.start();
    }
    await expectOnce([work, plain]);
  });

  it('loses no agent of two coordinators when it is away for longer than an agent may be', async (t) => {
    const shape = { coordinators: 2, agents: 2, slots: 6, withoutNats: true };
    const { cluster, load, expectOnce } = await stageCluster(t, shape);
    const work = load();
    await eventually(() => work.told.size > 20);
    await cluster.postgres.stop('fast');
    await sleep(outageMs);
    await cluster.postgres.start();
    await expectOnce([work]);
  });
});

/** Sees flushes of all coordinators as they are sent. */
function followFlushes() {
  let wanted: ReadonlySet<FlushKind> = new Set();
  let seen = Promise.withResolvers<FlushKind>();
  return {
    wired({ databases }: Wires): void {
      for (const wire of databases)
        watchFlushes(wire, ({ direction }, kind) => {
          if (direction === 'up' && kind !== undefined && wanted.has(kind)) seen.resolve(kind);
          return 'pass';
        });
    },
    /** The next flush of one of the kinds. */
    next(kinds: ReadonlySet<FlushKind>): Promise<FlushKind> {
      seen = Promise.withResolvers();
      wanted = kinds;
      return Promise.race([seen.promise, tooLate(kinds)]);
    },
  };
}

async function tooLate(kinds: ReadonlySet<FlushKind>): Promise<never> {
  await sleep(flushTimeoutMs, undefined, { ref: false });
  throw new Error(`In ${flushTimeoutMs} ms no coordinator sent any of ${[...kinds].join(', ')}.`);
}
