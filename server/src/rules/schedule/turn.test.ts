/** Turns: what is due fires once, what is late as the policy says, and what overlaps as the other one says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TaskState } from '../task.ts';
import { at, decisions, openAt, scheduleWith, taskId, turnAt } from './scene.ts';
import type { OpenFire, Schedule } from './schedule.ts';
import { beginAt, takeTurn } from './turn.ts';

const next = (turn: { standing: { nextAt: number | null } }) =>
  turn.standing.nextAt === null ? null : new Date(turn.standing.nextAt).toISOString().slice(11, 16);

describe('a turn', () => {
  it('fires what is due, and goes on to the next time', () => {
    const turn = turnAt(scheduleWith({}), '2026-05-01T12:00:00.020Z');
    assert.deepEqual(decisions(turn), ['12:00 FIRED']);
    assert.equal(next(turn), '12:01');
    assert.equal(turn.standing.lookAt, turn.standing.nextAt);
    assert.equal(turn.standing.fires, 1);
  });

  it('before anything is due changes nothing', () => {
    const schedule = scheduleWith({});
    const turn = turnAt(schedule, '2026-05-01T11:59:59.999Z');
    assert.deepEqual(decisions(turn), []);
    assert.equal(turn.standing.nextAt, schedule.nextAt);
    assert.equal(turn.standing.state, 'ACTIVE');
  });

  it('taken once more fires nothing again', () => {
    const schedule = scheduleWith({});
    const { standing } = turnAt(schedule, '2026-05-01T12:00:30Z');
    assert.deepEqual(decisions(turnAt({ ...schedule, ...standing }, '2026-05-01T12:00:31Z')), []);
  });

  it('fires everything that is not late, also if several came together', () => {
    const schedule = scheduleWith({ timing: { cron: ['*/15 * * * * *'] } });
    const turn = turnAt(schedule, '2026-05-01T12:00:59Z');
    assert.equal(turn.fires.length, 4);
    assert.ok(turn.fires.every(({ decision }) => decision === 'FIRED'));
  });

  it('fires no more than a hundred of one schedule, and the rest in the turns that follow', () => {
    let schedule = scheduleWith({
      ...{ timing: { cron: ['* * * * * *'] }, misfire: { lateMs: 600_000 } },
    });
    const times: number[] = [];
    for (let turns = 0; turns < 10; turns += 1) {
      const turn = turnAt(schedule, '2026-05-01T12:05:00Z');
      times.push(...turn.fires.map(({ nominalAt }) => nominalAt));
      schedule = { ...schedule, ...turn.standing };
    }
    assert.equal(times.length, 301);
    assert.equal(new Set(times).size, 301);
  });

  it('delays by jitter, and is not late because of it', () => {
    const schedule = scheduleWith({ timing: { jitterMs: 3_600_000 } });
    const begun = { ...schedule, ...beginAt(schedule, at('2026-05-01T11:59:59Z'), false) };
    assert.equal(begun.nextAt, at('2026-05-01T12:00Z'));
    assert.ok(begun.lookAt !== null && begun.lookAt > at('2026-05-01T12:00Z'));
    assert.deepEqual(decisions(takeTurn(begun, [], begun.lookAt - 1)), []);
    assert.equal(decisions(takeTurn(begun, [], begun.lookAt))[0], '12:00 FIRED');
  });

  it('completes a schedule after its last time', () => {
    const schedule = scheduleWith({ timing: { cron: [], moments: [at('2026-05-01T12:00Z')] } });
    const turn = turnAt(schedule, '2026-05-01T12:00Z');
    assert.deepEqual(decisions(turn), ['12:00 FIRED']);
    assert.deepEqual([turn.standing.state, turn.standing.lookAt], ['COMPLETED', null]);
  });

  it('completes a schedule after so many times, counting only those that got a task', () => {
    const schedule = scheduleWith({
      ...{ timing: { firesMax: 2 }, overlap: { rule: 'SKIP', runningMax: 1 } },
    });
    const skipped = turnAt(schedule, '2026-05-01T12:00Z', [openAt('2026-05-01T11:59Z', 'RUNNING')]);
    assert.deepEqual(decisions(skipped), ['12:00 SKIPPED_OVERLAP']);
    const first = turnAt({ ...schedule, ...skipped.standing }, '2026-05-01T12:01Z');
    const second = turnAt({ ...schedule, ...first.standing }, '2026-05-01T12:02Z');
    assert.deepEqual([first.standing.state, second.standing.state], ['ACTIVE', 'COMPLETED']);
    assert.equal(second.standing.nextAt, null);
  });

  it('fires no more than are left, however many are due', () => {
    const timing = { cron: ['*/10 * * * * *'], firesMax: 5 };
    const schedule = scheduleWith({ timing, row: { fires: 2 } });
    const turn = turnAt(schedule, '2026-05-01T12:00:55Z');
    assert.equal(turn.fires.length, 3);
    assert.deepEqual([turn.standing.fires, turn.standing.state], [5, 'COMPLETED']);
  });

  it('of a paused schedule notes ends and asks for nothing', () => {
    const schedule = scheduleWith({ failuresMax: 5, row: { state: 'PAUSED', nextAt: null } });
    const turn = turnAt(schedule, '2026-05-01T13:00Z', [openAt('2026-05-01T11:59Z', 'FAILED')]);
    assert.deepEqual(decisions(turn), []);
    assert.deepEqual([turn.standing.state, turn.standing.failures], ['PAUSED', 1]);
    assert.deepEqual(turn.ended, [at('2026-05-01T11:59Z')]);
  });
});

describe('late times', () => {
  const late = (misfire: Parameters<typeof scheduleWith>[0]['misfire'], time: string) =>
    turnAt(scheduleWith({ timing: { cron: ['0 * * * *'] }, ...(misfire && { misfire }) }), time);

  it('fire once: the newest, unless one that is not late is due', () => {
    const alone = late({}, '2026-05-01T18:30Z');
    assert.deepEqual(decisions(alone), ['12:00 SKIPPED_LATE 6', '18:00 CAUGHT_UP']);
    assert.equal(alone.fires[0]?.lastNominalAt, at('2026-05-01T17:00Z'));
    assert.equal(next(alone), '19:00');
    const beside = late({}, '2026-05-01T18:00:30Z');
    assert.deepEqual(decisions(beside), ['12:00 SKIPPED_LATE 6', '18:00 FIRED']);
  });

  it('fire all, oldest first, the newest of them if there are too many', () => {
    assert.deepEqual(decisions(late({ rule: 'ALL' }, '2026-05-01T14:30Z')), [
      ...['12:00 CAUGHT_UP', '13:00 CAUGHT_UP', '14:00 CAUGHT_UP'],
    ]);
    assert.deepEqual(decisions(late({ rule: 'ALL', allMax: 2 }, '2026-05-01T15:30Z')), [
      ...['12:00 SKIPPED_LATE 2', '14:00 CAUGHT_UP', '15:00 CAUGHT_UP'],
    ]);
  });

  it('do not fire', () => {
    const turn = late({ rule: 'SKIP' }, '2026-05-01T12:30Z');
    assert.deepEqual(decisions(turn), ['12:00 SKIPPED_LATE 1']);
    assert.equal(turn.fires[0]?.lastNominalAt, null);
    assert.equal(next(turn), '13:00');
  });

  it('fire only if they are not older than the window', () => {
    const misfire = { rule: 'ALL', catchUpMs: 2 * 3_600_000 } as const;
    assert.deepEqual(decisions(late(misfire, '2026-05-01T15:30Z')), [
      ...['12:00 SKIPPED_LATE 2', '14:00 CAUGHT_UP', '15:00 CAUGHT_UP'],
    ]);
  });

  it('are given up after their start deadline', () => {
    const misfire = { rule: 'ALL', startDeadlineMs: 3_600_000 } as const;
    assert.deepEqual(decisions(late(misfire, '2026-05-01T14:30Z')), [
      ...['12:00 SKIPPED_LATE', '13:00 SKIPPED_LATE', '14:00 CAUGHT_UP'],
    ]);
  });

  it('are told apart after a year of seconds within a moment', () => {
    const schedule = scheduleWith({ timing: { cron: ['* * * * * *'] } });
    const turn = turnAt(schedule, '2027-05-01T12:00:00.500Z');
    const [leftOut, ...fired] = turn.fires;
    assert.equal(leftOut?.skipped, 1_000);
    assert.equal(leftOut?.lastNominalAt, at('2027-05-01T11:59:00Z'));
    assert.equal(fired.length, 60);
  });

  it('are each decided once, whatever the downtimes', () => {
    const rules = fc.constantFrom('ONCE', 'ALL', 'SKIP' as const);
    fc.assert(
      fc.property(
        rules,
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 12 }),
        (rule, gaps) => {
          let schedule = scheduleWith({ misfire: { rule, allMax: 5 } });
          let now = at('2026-05-01T12:00Z');
          let from = schedule.nextAt ?? 0;
          for (const gap of gaps) {
            now += gap * 20_000;
            const turn = takeTurn(schedule, [], now);
            const spans = turn.fires.map(({ nominalAt, lastNominalAt, skipped }) => ({
              from: nominalAt,
              to: lastNominalAt ?? nominalAt,
              count: skipped || 1,
            }));
            for (const span of spans) {
              assert.equal(span.from, from, 'no time is passed over or decided again');
              assert.equal(span.count, (span.to - span.from) / 60_000 + 1);
              from = span.to + 60_000;
            }
            assert.ok(from > now);
            assert.equal(turn.standing.nextAt, from);
            schedule = { ...schedule, ...turn.standing };
          }
        },
      ),
    );
  });
});

describe('times that overlap', () => {
  const running = openAt('2026-05-01T11:58Z', 'RUNNING');
  const waiting = openAt('2026-05-01T11:59Z', 'WAITING_IN_LINE');
  const single = { runningMax: 1, bufferMax: 0 } as const;

  it('fire, up to as many as may run', () => {
    const overlap = { rule: 'ALLOW', runningMax: 2 } as const;
    const one = turnAt(scheduleWith({ overlap }), '2026-05-01T12:00Z', [running]);
    assert.deepEqual(decisions(one), ['12:00 FIRED']);
    const two = [running, openAt('2026-05-01T11:59Z', 'READY')];
    const full = turnAt(scheduleWith({ overlap }), '2026-05-01T12:00Z', two);
    assert.deepEqual(decisions(full), ['12:00 SKIPPED_OVERLAP']);
  });

  it('wait in line, and are skipped beyond its end', () => {
    const overlap = { rule: 'BUFFER', runningMax: 1, bufferMax: 2 } as const;
    const turn = turnAt(
      scheduleWith({ overlap, timing: { cron: ['*/30 * * * * *'] } }),
      '2026-05-01T12:00:45Z',
      [running, waiting],
    );
    assert.deepEqual(decisions(turn), ['12:00 SKIPPED_OVERLAP', '12:00 BUFFERED']);
  });

  it('that wait fire in order as tasks end', () => {
    const overlap = { rule: 'BUFFER', runningMax: 1, bufferMax: 2 } as const;
    const line = [
      openAt('2026-05-01T11:57Z', 'FAILED'),
      openAt('2026-05-01T11:58Z', 'WAITING_IN_LINE'),
      waiting,
    ];
    const turn = turnAt(scheduleWith({ overlap }), '2026-05-01T11:59:30Z', line);
    assert.deepEqual(decisions(turn), ['11:58 FIRED']);
    assert.ok(turn.fires.every(({ fresh }) => !fresh));
  });

  it('replace what runs: it is cancelled first, and the newest fires when it has ended', () => {
    const overlap = { rule: 'CANCEL', ...single } as const;
    const first = turnAt(scheduleWith({ overlap }), '2026-05-01T12:00Z', [running]);
    assert.deepEqual(decisions(first), ['12:00 BUFFERED']);
    assert.deepEqual(first.cancel, [running.taskId]);
    const second = turnAt(scheduleWith({ overlap }), '2026-05-01T12:00Z', [running, waiting]);
    assert.deepEqual(decisions(second), ['11:59 SKIPPED_OVERLAP', '12:00 BUFFERED']);
    const ended = openAt('2026-05-01T11:58Z', 'CANCELLED');
    const third = turnAt(scheduleWith({ overlap }), '2026-05-01T11:59:30Z', [ended, waiting]);
    assert.deepEqual(decisions(third), ['11:59 FIRED']);
    assert.deepEqual(third.cancel, []);
  });

  it('that a backfill asked for wait behind all others, and are neither skipped nor replaced', () => {
    const filled = openAt('2026-04-01T11:59Z', 'WAITING_IN_LINE', { backfill: true });
    for (const rule of ['SKIP', 'CANCEL', 'BUFFER'] as const) {
      const overlap = { rule, runningMax: 1, bufferMax: rule === 'BUFFER' ? 1 : 0 };
      const quiet = turnAt(scheduleWith({ overlap }), '2026-05-01T11:59:30Z', [filled]);
      assert.deepEqual(decisions(quiet), ['11:59 BACKFILLED']);
      assert.equal(quiet.standing.fires, 0);
      const busy = turnAt(scheduleWith({ overlap }), '2026-05-01T12:00Z', [filled]);
      assert.deepEqual(decisions(busy), ['12:00 FIRED']);
    }
  });

  it('are never more than allowed, and every time is decided, whatever ends when', () => {
    const policy = fc.oneof(
      fc.record({
        rule: fc.constant('ALLOW' as const),
        runningMax: fc.integer({ min: 1, max: 3 }),
        bufferMax: fc.constant(0),
      }),
      fc.record({
        rule: fc.constantFrom('SKIP' as const, 'CANCEL' as const),
        runningMax: fc.constant(1),
        bufferMax: fc.constant(0),
      }),
      fc.record({
        rule: fc.constant('BUFFER' as const),
        runningMax: fc.integer({ min: 1, max: 3 }),
        bufferMax: fc.integer({ min: 1, max: 3 }),
      }),
    );
    const steps = fc.array(
      fc.record({ seconds: fc.integer({ min: 1, max: 90 }), ends: fc.nat(3) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(policy, steps, (overlap, walk) => {
        let schedule = scheduleWith({ overlap });
        let open: OpenFire[] = [];
        let now = at('2026-05-01T11:59Z');
        const decided = new Map<number, string>();
        for (const { seconds, ends } of walk) {
          now += seconds * 1_000;
          for (const fire of open.filter(({ taskState }) => taskState === 'RUNNING').slice(0, ends))
            open[open.indexOf(fire)] = { ...fire, taskState: 'SUCCEEDED', endedAt: now };
          const turn = takeTurn(schedule, open, now);
          open = open.filter(({ nominalAt }) => !turn.ended.includes(nominalAt));
          for (const { nominalAt, dueAt, decision, fresh } of turn.fires) {
            const before = decided.get(nominalAt);
            assert.equal(before === undefined, fresh);
            assert.ok(before === undefined || before === 'BUFFERED', `${before} stands`);
            decided.set(nominalAt, decision);
            open = open.filter((fire) => fire.nominalAt !== nominalAt);
            const state: TaskState | null = decision === 'FIRED' ? 'RUNNING' : null;
            if (state !== null || decision === 'BUFFERED')
              open.push({
                ...{ nominalAt, dueAt, backfill: false, taskState: state, endedAt: null },
                taskId: state === null ? null : taskId(nominalAt % 1e11),
              });
          }
          const runs = open.filter(({ taskState }) => taskState === 'RUNNING').length;
          const waits = open.filter((fire) => fire.taskId === null).length;
          assert.ok(runs <= overlap.runningMax, `${runs} run`);
          assert.ok(waits <= (overlap.rule === 'CANCEL' ? 1 : overlap.bufferMax), `${waits} wait`);
          assert.ok(waits === 0 || runs === overlap.runningMax, 'none waits while there is room');
          schedule = { ...schedule, ...turn.standing };
        }
        const first = at('2026-05-01T12:00Z');
        for (let time = first; time <= now; time += 60_000) assert.ok(decided.has(time));
      }),
    );
  });
});

describe('a schedule that counts from ends', () => {
  const timing = { cron: [], dialect: null, endDelayMs: 60_000 } as const;
  const from = (row: Partial<Schedule>) => scheduleWith({ timing, row });

  it('asks first after its delay, or at its start', () => {
    const now = at('2026-05-01T11:00Z');
    assert.equal(beginAt(from({}), now, false).nextAt, now + 60_000);
    const startAt = at('2026-05-01T15:00Z');
    assert.equal(
      beginAt(scheduleWith({ timing: { ...timing, startAt } }), now, false).nextAt,
      startAt,
    );
  });

  it('asks for the next so long after the end of the last one', () => {
    const fired = turnAt(from({}), '2026-05-01T12:00Z');
    assert.deepEqual(decisions(fired), ['12:00 FIRED']);
    assert.deepEqual([fired.standing.state, fired.standing.nextAt], ['ACTIVE', null]);
    const waits = turnAt(from(fired.standing), '2026-05-01T12:30Z', [
      openAt('2026-05-01T12:00Z', 'RUNNING'),
    ]);
    assert.deepEqual([waits.standing.state, waits.standing.nextAt], ['ACTIVE', null]);
    const byHand = turnAt(from({}), '2026-05-01T12:00Z', [openAt('2026-05-01T11:59Z', 'READY')]);
    assert.deepEqual([decisions(byHand), byHand.standing.nextAt], [[], null]);
    const endedAt = at('2026-05-01T12:30:15Z');
    const ended = openAt('2026-05-01T12:00Z', 'FAILED', { endedAt });
    const after = turnAt(from(fired.standing), '2026-05-01T12:30:20Z', [ended]);
    assert.equal(after.standing.nextAt, endedAt + 60_000);
  });

  it('fires a time that is overdue however late, and completes at its end', () => {
    assert.deepEqual(decisions(turnAt(from({}), '2026-05-03T12:00Z')), ['12:00 FIRED']);
    const bounded = scheduleWith({
      timing: { ...timing, endAt: at('2026-05-01T12:10Z') },
      row: { nextAt: null },
    });
    const ended = openAt('2026-05-01T12:00Z', 'SUCCEEDED', { endedAt: at('2026-05-01T12:09:30Z') });
    assert.equal(turnAt(bounded, '2026-05-01T12:10Z', [ended]).standing.state, 'COMPLETED');
  });

  it('goes on after a time that was given up', () => {
    const schedule = scheduleWith({ timing, misfire: { startDeadlineMs: 1_000 } });
    const { state, nextAt } = turnAt(schedule, '2026-05-01T12:01Z').standing;
    assert.deepEqual([state, nextAt], ['ACTIVE', at('2026-05-01T12:02Z')]);
  });
});

describe('failures in a row', () => {
  const failed = (minute: string) => openAt(minute, 'FAILED');

  it('pause the schedule when there are too many, and it says so', () => {
    const schedule = scheduleWith({ failuresMax: 2, row: { failures: 1 } });
    const turn = turnAt(schedule, '2026-05-01T12:00Z', [failed('2026-05-01T11:59Z')]);
    const { state, pausedByFailures, pauseNote, nextAt, lookAt } = turn.standing;
    assert.deepEqual([state, pausedByFailures, nextAt, lookAt], ['PAUSED', true, null, null]);
    assert.match(pauseNote, /^2 of its tasks in a row have failed, the last one is 0198a000-/);
    assert.deepEqual(decisions(turn), []);
  });

  it('are counted in the order in which the tasks ended, and a success begins anew', () => {
    const schedule = scheduleWith({ failuresMax: 3, row: { failures: 2 } });
    const ends = [
      openAt('2026-05-01T11:57Z', 'FAILED', { endedAt: at('2026-05-01T11:59Z') }),
      openAt('2026-05-01T11:58Z', 'SUCCEEDED', { endedAt: at('2026-05-01T11:58:30Z') }),
    ];
    assert.equal(turnAt(schedule, '2026-05-01T11:59:30Z', ends).standing.failures, 1);
  });

  it('are not made by tasks that were cancelled or are gone', () => {
    const schedule = scheduleWith({ failuresMax: 1 });
    const ends = [
      openAt('2026-05-01T11:57Z', 'CANCELLED'),
      openAt('2026-05-01T11:58Z', 'READY', { taskState: null }),
    ];
    const { standing, ended } = turnAt(schedule, '2026-05-01T11:59:30Z', ends);
    assert.deepEqual([standing.state, standing.failures, ended.length], ['ACTIVE', 0, 2]);
  });
});

describe('a beginning', () => {
  it('asks for what is to come, not for what is past', () => {
    const startAt = at('2020-01-01T00:00Z');
    const rated = scheduleWith({ timing: { cron: [], rateMs: 420_000, startAt } });
    const now = at('2026-05-01T11:00Z');
    const { nextAt } = beginAt(rated, now, false);
    assert.ok(nextAt !== null && nextAt > now && nextAt <= now + 420_000);
    assert.equal((nextAt - startAt) % 420_000, 0);
  });
});
