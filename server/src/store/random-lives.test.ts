/**
 * Random lives of tasks through a real store: submits, claims, cancels, retries, outcomes, lost, resumed and closed
 * sessions, and late words. After every step each row must stand as the rules say.
 *
 * Guards are then taken out of the SQL, one by one, to see that these histories would find it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type Engine, eachEngine } from '../../../test/harness/engines.ts';
import type { Database, Rewrite } from './engines/database.ts';
import { openStoreAndDatabase } from './open.ts';
import { History, lossRules, type Step } from './scene/history.ts';
import { createScene } from './scene/scene.ts';
import type { Store } from './store.ts';

const runs = 200;
/** A guard that is missing is found in the first few dozen histories, but for bad luck. */
const runsWithoutGuard = 2_000;
const stepsPerRun = 20;

const pick = fc.nat(20);
/** `tasks`: whether outcomes are to be answered with their tasks. */
const stepsWith = (tasks: fc.Arbitrary<boolean>): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('submit' as const),
        eager: fc.boolean(),
        late: fc.nat(5).map((n) => n === 0),
        delayed: fc.nat(4).map((n) => n === 0),
        repeat: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('claim' as const),
        count: fc.integer({ min: 1, max: 3 }),
        lapsed: fc.nat(4).map((n) => n === 0),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('outcome' as const),
        pick,
        result: fc.constantFrom('SUCCEEDED', 'FAILED', 'FAILED', 'CANCELLED', 'INTERRUPTED'),
        wait: fc.constantFrom(null, 0, 1),
        tasks,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('giveBack' as const), pick, lapsed: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('resume' as const), forget: fc.nat(3) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('promote' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
  );

async function live(
  store: Store,
  database: Database,
  how: { readonly numRuns: number; readonly endOnFailure: boolean },
  tasks: fc.Arbitrary<boolean> = fc.boolean(),
): Promise<void> {
  const history = fc.array(stepsWith(tasks), { minLength: stepsPerRun, maxLength: stepsPerRun });
  await fc.assert(
    fc.asyncProperty(history, async (chosen) => {
      const scene = await createScene(store, { lostAttemptsMax: lossRules.lostAttemptsMax });
      const world = new History(database, scene, await scene.session());
      for (const step of chosen) await world.run(step);
      await world.finish();
    }),
    how,
  );
}

/** Statements without one of their guards. */
const mutations: readonly {
  readonly guard: string;
  readonly rewrite: Rewrite;
  /** Outcomes are to be answered with their tasks, or not. Default: by chance. */
  readonly tasks?: boolean;
}[] = [
  {
    guard: 'the epoch guard of outcomes',
    rewrite: replacing('leases_record', 'AND t.lease_epoch = a.lease_epoch', ''),
  },
  {
    guard: 'the epoch guard of successes',
    rewrite: replacing('leases_record_succeeded', 'AND t.lease_epoch = a.lease_epoch', ''),
    tasks: false,
  },
  {
    guard: 'the epoch guard of successes that answer their tasks',
    rewrite: replacing('leases_record_told', 'AND t.lease_epoch = a.lease_epoch', ''),
    tasks: true,
  },
  {
    guard: 'the attachment guard of hand-backs',
    rewrite: replacing('leases_give_back', 'attachment = $6::int8', '$6::int8 IS NOT NULL'),
  },
  {
    guard: 'the attachment guard of claims',
    rewrite: replacing('leases_claim_one', 'AND s.attachment = u.attachment', ''),
  },
];

function replacing(name: string, guard: string, otherwise: string): Rewrite {
  return (statement) => {
    if (statement.name !== name) return statement.text;
    assert.ok(statement.text.includes(guard), `${name} has no "${guard}"`);
    return statement.text.replace(guard, otherwise);
  };
}

/** The failure of a property names its cause: an assertion that did not hold, not SQL that did not run. */
function foundByAssertion(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof assert.AssertionError;
}

eachEngine('random lives of tasks in a store', (engine: Engine) => {
  const open = async (rewrite?: Rewrite) => {
    const database = engine.databaseUrl ?? 'memory';
    return openStoreAndDatabase(rewrite ? { database, rewrite } : { database });
  };
  let opened: Awaited<ReturnType<typeof open>>;
  before(async () => {
    opened = await open();
  });
  after(() => opened.store.close());

  test(`stand as the rules say after each of ${stepsPerRun} steps, over ${runs} runs`, {
    timeout: 240_000,
  }, async () => {
    await live(opened.store, opened.database, { numRuns: runs, endOnFailure: false });
  });

  for (const { guard, rewrite, tasks } of mutations) {
    test(`do not, without ${guard}: the property can fail`, async () => {
      const mutated = await open(rewrite);
      try {
        await assert.rejects(
          live(
            mutated.store,
            mutated.database,
            { numRuns: runsWithoutGuard, endOnFailure: true },
            tasks === undefined ? fc.boolean() : fc.constant(tasks),
          ),
          foundByAssertion,
        );
      } finally {
        await mutated.store.close();
      }
    });
  }
});
