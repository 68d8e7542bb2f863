// Every row of the table of cron times, which other implementations and the specifications have filled (README.md).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type ClockChangeRule, nextTime, readCron, zoneOf } from '@muster/server/internal';

const rowsMin = 300;
const columns = ['expression', 'dialect', 'zone', 'rule', 'from', 'next', 'source'] as const;

type Row = Readonly<Record<(typeof columns)[number], string>>;

const [head = '', ...lines] = readFileSync(new URL('cron-times.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const rows = lines.map((line): Row => {
  const values = line.split('\t');
  return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? ''])) as Row;
});

/** The times as the table writes them. */
function timesOf({ expression, dialect, zone, rule, from, next }: Row): string {
  const cron = readCron(expression, dialect === 'quartz' ? 'quartz' : 'unix');
  const place = zoneOf(zone);
  assert.ok(place, `no zone ${zone}`);
  const count = next.split(',').length;
  const times: string[] = [];
  for (let at = Date.parse(from); times.length < count; ) {
    const found = nextTime(cron, place, rule.toUpperCase() as ClockChangeRule, at);
    if (found === null) break;
    times.push(new Date(found).toISOString().replace('.000', ''));
    at = found;
  }
  return times.length === 0 ? 'never' : times.join(',');
}

describe('cron times', () => {
  it(`are told by a table of at least ${rowsMin} rows, each with its source`, () => {
    assert.deepEqual(head.split('\t'), columns);
    assert.ok(rows.length >= rowsMin, `${rows.length} rows`);
    for (const row of rows)
      for (const column of columns) assert.notEqual(row[column], '', row.expression);
  });

  it('are those of the table', () => {
    const wrong = rows.flatMap((row, at) => {
      const found = timesOf(row);
      if (found === row.next) return [];
      const { expression, dialect, zone, rule, from, next, source } = row;
      return [
        `line ${at + 2}: ${expression} ${dialect} ${zone} ${rule} after ${from}\n  found ${found}\n  table ${next} (${source})`,
      ];
    });
    assert.deepEqual(wrong, []);
  });
});
