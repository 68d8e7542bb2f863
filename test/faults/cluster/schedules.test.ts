// Schedules over two real coordinators that are really killed: one task for each nominal time, and never more unfinished ones
// than a policy allows. `make soak STORY=schedules` and `STORY=overlap` play the same for minutes.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineSchedule, type MisfireRule } from '@muster/sdk';
import { type ScheduledInput, scheduled } from '../../handlers/scheduled.ts';
import { eventually } from '../../harness/eventually.ts';
import { nats } from '../../harness/nats.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres.ts';
import { Chance } from '../../simulation/world/chance.ts';
import { seeded } from '../chance.ts';
import { newHistory, readRuns } from '../history.ts';
import { type Cluster, startCluster } from './places/cluster.ts';
import { expectedFires, foundFire } from './schedules/downtime.ts';
import { calm, readSchedules, type ScheduleEvidence } from './schedules/evidence.ts';
import { multiples, type OnceVerdict } from './schedules/exactly-once.ts';
import { startOverlaps, textOf } from './schedules/overlaps.ts';
import { labelled, scheduledFile, startSpikes, until } from './schedules/spikes.ts';
import { watchTurns } from './schedules/turn-kills.ts';

const shape = { coordinators: 2, agents: 2, slots: 60, handlers: scheduledFile };
/** Whoever passes over what another coordinator holds looks again soon, not only with the safety poll, after 4 to 5 s. */
const caughtUpMs = 4_000;

describe('schedules over two coordinators [postgres]', { skip: nats.skip, concurrency: 2 }, () => {
  let postgres: Promise<PostgresServer>;
  before(() => {
    postgres = startPostgres();
  });
  after(async () => (await postgres).stop('immediate'));

  describe('on the same second', { concurrency: 1 }, () => {
    const { turns, history, stage } = stageOne(() => postgres);

    it('xxl-job#3369, PowerJob#427: lose no nominal time and fire none twice when a coordinator is killed in the spike', async () => {
      const spikes = { label: 'killed', history, schedules: 300, everySeconds: 2, count: 5 };
      const coming = await startSpikes(stage.cluster, spikes);
      for (const moment of ['decided, not committed', 'committed, not told'] as const) {
        const place = await turns.kill(stage.cluster, moment);
        await place.start();
      }
      expectOnce(await coming.end(), 1_500);
    });

    it('xxl-job#1277, #1875: all fire when there are 2,000, with a coordinator killed half way', async () => {
      const spikes = { label: 'many', history, schedules: 2_000, everySeconds: 1, count: 1 };
      const coming = await startSpikes(stage.cluster, spikes);
      const place = await turns.kill(stage.cluster, 'decided, not committed', 1);
      const { fires } = await readSchedules(stage.cluster.databaseUrl, 'many');
      assert.ok(fires.length > 0, 'the kill came before the first commit');
      await place.start();
      expectOnce(await coming.end(), 2_000);
    });

    it('dkron#1210: are caught up by the other coordinator when one is killed at that moment', async () => {
      const spikes = { label: 'alone', history, schedules: 50, everySeconds: 1, count: 1 };
      const coming = await startSpikes(stage.cluster, spikes);
      const place = await turns.kill(stage.cluster, 'decided, not committed');
      expectOnce(await coming.end(), 50);
      await place.start();
    });
  });

  describe('each second or three', { concurrency: 1 }, () => {
    const { history, stage } = stageOne(() => postgres);

    it('xxl-job#430, #561: keep their overlap policy over the cluster when a coordinator is killed', async (t) => {
      const { cluster } = stage;
      const chance = new Chance(Math.floor(seeded(t.name)() * 2 ** 31));
      const asked = { label: 'overlap', history, schedulesOfEach: 5, seconds: 10 };
      const work = { seed: chance.whole(1, 2 ** 31), runMs: [700, 2_400] as const };
      const running = await startOverlaps(cluster, { ...asked, ...work });
      await until(running.lastAt - chance.between(3_000, 8_000));
      const place = chance.pick(cluster.coordinators);
      await place.kill();
      await place.start();
      const { faults, counts, fires, looks } = await running.end();
      for (const each of counts) console.log(textOf(each));
      assert.deepEqual(faults.slice(0, 10), [], `${faults.length} in all`);
      assert.equal(fires.length, counts.length * 5 * 10);
      assert.ok(looks > 10);
      // In so short a time these need not come to skip anything.
      const untried = counts
        .filter(({ policy }) => policy !== 'allow-3' && policy !== 'buffer-5')
        .flatMap((each) => each.untried);
      assert.deepEqual(untried, [], 'limits that were not reached');
      assert.equal(counts.find(({ policy }) => policy === 'allow-3')?.running, 3);
    });

    it('fire by their misfire rule after 6 s in which no coordinator ran', async () => {
      const { cluster } = stage;
      const times = await startMisfires(cluster, history);
      await until((times[0] ?? 0) + beforeDownMs);
      await eventually(
        () => readSchedules(cluster.databaseUrl, 'down'),
        ({ fires }) => fires.length >= rules.length * phases.length,
      );
      const downAt = Date.now();
      await Promise.all(cluster.coordinators.map((place) => place.kill()));
      await sleep(downMs);
      await Promise.all(cluster.coordinators.map((place) => place.start()));
      await until(times.at(-1) ?? 0);
      await calm(cluster.databaseUrl, 'down');
      const evidence = await readSchedules(cluster.databaseUrl, 'down');
      for (const rule of rules)
        for (const phase of phases) expectMisfires(evidence, times, { rule, phase, downAt });
      const caughtUp = evidence.fires.filter(({ decision }) => decision === 'CAUGHT_UP');
      for (const rule of ['once', 'all'])
        assert.ok(
          caughtUp.some(({ schedule }) => schedule.startsWith(`down/${rule}/`)),
          rule,
        );
      const finished = readRuns(history).filter(
        ({ key, end }) => key?.startsWith('down/') && end === 'finished',
      );
      const ids = evidence.tasks.map(({ id }) => id);
      assert.deepEqual(finished.map(({ taskId }) => taskId).sort(), ids.toSorted(), 'what ran');
    });
  });
});

/** A cluster for the tests of one suite. */
function stageOne(postgres: () => Promise<PostgresServer>) {
  const turns = watchTurns();
  const stage = {} as { cluster: Cluster };
  before(async () => {
    stage.cluster = await startCluster(await postgres(), shape, turns);
  });
  after(async () => assert.deepEqual(await stage.cluster.stop(), []));
  return { turns, stage, history: newHistory() };
}

function expectOnce(verdict: OnceVerdict, expected: number): void {
  const { faults, latenessMs, again, explained } = verdict;
  console.log(`${verdict.fires} fires, lateness ${JSON.stringify(latenessMs)} ms`);
  assert.deepEqual(faults.slice(0, 10), [], `${faults.length} in all`);
  assert.equal(verdict.expected, expected);
  assert.equal(again, explained);
  assert.ok(latenessMs.max < caughtUpMs, `${latenessMs.max} ms late`);
}

const rules: readonly MisfireRule[] = ['ONCE', 'ALL', 'SKIP'];
/** Each schedule asks in one of three seconds: at any moment one of them is not late, and two are. */
const phases = [0, 1, 2] as const;
const lateMs = 1_000;
/** Each has fired once by then. */
const beforeDownMs = 2_100;
const downMs = 6_000;
const wholeMs = 13_000;

/** Makes them, and answers the seconds from their first moment to their last. */
async function startMisfires(cluster: Cluster, history: string): Promise<readonly number[]> {
  const from = Math.ceil((Date.now() + 1_000) / 1_000) * 1_000;
  const input: ScheduledInput = { history, seed: 0, runMs: [0, 1] };
  const definitions = rules.flatMap((rule) =>
    phases.map((phase) => {
      const name = `down/${rule.toLowerCase()}/${phase}`;
      return defineSchedule<ScheduledInput>({
        ...{ name, handler: scheduled, input, ...labelled('down', name) },
        ...{ cron: `${phase}-59/3 * * * * *`, misfire: { rule, lateAfter: `${lateMs}ms` } },
        ...{ startTime: new Date(from), endTime: new Date(from + wholeMs) },
      });
    }),
  );
  await cluster.connect('60s').schedules.apply(definitions);
  return multiples(1_000, from, from + wholeMs);
}

function expectMisfires(
  evidence: ScheduleEvidence,
  seconds: readonly number[],
  { rule, phase, downAt }: { rule: MisfireRule; phase: number; downAt: number },
): void {
  const name = `down/${rule.toLowerCase()}/${phase}`;
  const times = seconds.filter((second) => (second / 1_000) % 3 === phase);
  const fires = evidence.fires.filter(({ schedule }) => schedule === name);
  const early = fires.filter(({ decidedAt }) => decidedAt < downAt);
  const late = fires.filter(({ decidedAt }) => decidedAt >= downAt);
  const decidedAt = Math.min(...late.map((fire) => fire.decidedAt));
  assert.ok(decidedAt > downAt + downMs, `${name} was decided while no coordinator ran`);
  const made = evidence.tasks.filter(({ schedule }) => schedule === name);
  // A turn looks at the clock when its transaction begins, as its tasks say. One that made none is as it would be later.
  const ofTurn = late.filter((fire) => fire.decidedAt === decidedAt).map(({ taskId }) => taskId);
  const turnAt = made.find(({ id }) => ofTurn.includes(id))?.createdAt ?? decidedAt;
  const onTime = times
    .slice(0, early.length)
    .map((nominalAt) => ({ nominalAt, decision: 'FIRED' as const, skipped: 0 }));
  const left = times.slice(early.length);
  const expected = expectedFires(left, rule, { decidedAt: Math.floor(turnAt), lateMs });
  assert.deepEqual(fires.map(foundFire), [...onTime, ...expected], name);
  const asked = fires.flatMap(({ taskId }) => taskId ?? []);
  assert.deepEqual(made.map(({ id }) => id).sort(), asked.sort(), `tasks of ${name}`);
}
