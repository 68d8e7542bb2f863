/** The moments of a cron expression: as the rule for clock changes defines them, found by looking at every minute. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Cron, readCron } from './cron.ts';
import { type ClockChangeRule, nextTime } from './cron-times.ts';
import { daysOf } from './days.ts';
import { type Zone, zoneOf } from './zone.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Changes of clocks by an hour, half an hour, two hours and a whole day, at night and at midnight. */
const changes = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/Havana', '2026-03-08T05:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Asia/Kathmandu', '2026-01-01T00:00Z'],
] as const;

function zoneNamed(name: string): Zone {
  const zone = zoneOf(name);
  assert.ok(zone, name);
  return zone;
}

/** What the wall shows, as a moment of UTC. */
const wallOf = (zone: Zone, instant: number) => instant + zone.stretchAt(instant).offset;

function matches(cron: Cron, wall: number): boolean {
  const at = new Date(wall);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  return (
    cron.minutes.includes(at.getUTCMinutes()) &&
    cron.hours.includes(at.getUTCHours()) &&
    cron.months.includes(month) &&
    daysOf(cron.days, year, month).includes(day)
  );
}

/** All moments between two, minute by minute, by the words of the rule. */
function byDefinition(cron: Cron, zone: Zone, rule: ClockChangeRule, from: number, to: number) {
  const found = new Set<number>();
  const shown = new Set<number>();
  for (let instant = from - 48 * hourMs; instant <= to; instant += minuteMs) {
    const wall = wallOf(zone, instant);
    const before = wallOf(zone, instant - minuteMs);
    const gap = wall - before - minuteMs;
    const effective =
      rule !== 'DEFAULT' ? rule : cron.isInterval ? 'BOTH' : gap >= 3 * hourMs ? 'SKIP' : 'SHIFT';
    for (let left = before + minuteMs; left < wall; left += minuteMs)
      if (effective === 'SHIFT' && matches(cron, left)) found.add(instant);
    if (matches(cron, wall) && (effective === 'BOTH' || !shown.has(wall))) found.add(instant);
    shown.add(wall);
  }
  return [...found].filter((instant) => instant > from).sort((a, b) => a - b);
}

function listed(cron: Cron, zone: Zone, rule: ClockChangeRule, from: number, to: number) {
  const found: number[] = [];
  for (let at = nextTime(cron, zone, rule, from); at !== null && at <= to; ) {
    found.push(at);
    at = nextTime(cron, zone, rule, at);
  }
  return found;
}

const number = (min: number, max: number) => fc.integer({ min, max }).map(String);
const minuteField = fc.oneof(number(0, 59), fc.constantFrom('*/20', '0,30', '10-50/20', '59'));
const hourField = fc.oneof(number(0, 4), fc.constantFrom('*', '*/2', '1-3', '0,2', '23'));
const dayField = fc.constantFrom('*', '*', '1', '29-31', 'L');
const weekdayField = fc.constantFrom('*', '*', 'SUN', '1-5');

describe('the moments of a cron expression', () => {
  it('are those of the definition, around changes of the clock', () => {
    fc.assert(
      fc.property(
        fc.tuple(minuteField, hourField, dayField, weekdayField),
        fc.constantFrom(...changes),
        fc.constantFrom<ClockChangeRule[]>('DEFAULT', 'SKIP', 'SHIFT', 'BOTH'),
        fc.integer({ min: -30 * 60, max: 3 * 60 }),
        ([minute, hour, day, weekday], [name, change], rule, offset) => {
          const cron = readCron(`${minute} ${hour} ${day} * ${weekday}`, 'unix');
          const zone = zoneNamed(name);
          const from = Date.parse(change) + offset * minuteMs;
          const to = from + 50 * hourMs;
          const iso = (moments: readonly number[]) =>
            moments.map((at) => new Date(at).toISOString());
          assert.deepEqual(
            iso(listed(cron, zone, rule, from, to)),
            iso(byDefinition(cron, zone, rule, from, to)),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('may be years away, or nowhere', () => {
    const utc = zoneNamed('UTC');
    const next = (text: string, from: string) => {
      const found = nextTime(readCron(text, 'unix'), utc, 'DEFAULT', Date.parse(from));
      return found === null ? null : new Date(found).toISOString();
    };
    assert.equal(next('0 0 29 2 *', '2096-03-01T00:00Z'), '2104-02-29T00:00:00.000Z');
    assert.equal(next('0 0 * 2 MON#5', '2072-03-01T00:00Z'), '2112-02-29T00:00:00.000Z');
    assert.equal(next('0 0 30 2 *', '2026-01-01T00:00Z'), null);
    assert.equal(next('0 0 0 1 1 * 2025', '2026-01-01T00:00Z'), null);
  });
});

describe('a zone', () => {
  it('is known by its name, or not at all', () => {
    assert.equal(zoneOf('Europe/Nowhere'), null);
    assert.equal(zoneOf(''), null);
  });

  it('changes its clock to the second', () => {
    const { from, to, offset } = zoneNamed('Europe/Berlin').stretchAt(
      Date.parse('2026-07-01T00:00Z'),
    );
    assert.deepEqual(
      [new Date(from).toISOString(), new Date(to).toISOString(), offset / hourMs],
      ['2026-03-29T01:00:00.000Z', '2026-10-25T01:00:00.000Z', 2],
    );
  });
});
