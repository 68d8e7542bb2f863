// A file of schedules is read as it was meant, or refused with the place of what is wrong.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultsText } from './faults.ts';
import { exampleOf, scheduleForm } from './form.ts';
import { readSchedules } from './read-schedules.ts';

/** A schedule with these lines; they begin on line 4 of the file. */
const scheduleOf = (...lines: string[]) =>
  [
    'schedules:',
    '  - name: nightly',
    '    handler: report.build',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');

/** What is wrong with a text, a line each. */
function faultsOf(text: string): string[] {
  const { faults, entries } = readSchedules(text);
  assert.ok(faults.count > 0, `There is no fault, but ${entries.length} schedules.`);
  return faultsText('a.yaml', faults).split('\n').slice(1);
}

function assertFault(text: string, ...patterns: RegExp[]): void {
  const lines = faultsOf(text);
  assert.equal(lines.length, patterns.length, lines.join('\n'));
  for (const [at, pattern] of patterns.entries()) assert.match(lines[at] ?? '', pattern);
}

describe('a file of schedules', () => {
  it('has the options of the SDK, words in either case', () => {
    const { namespace, entries, faults } = readSchedules(`
namespace: staging
schedules:
  - name: whole
    description: Builds reports
    handler: report.build
    cron: ["0 3 * * *", "@daily"]
    every: 15m
    anchorTime: 2031-04-05T06:07:08Z
    at: 2031-04-05T06:07:08.5+02:00
    zone: Europe/Berlin
    clockChanges: shift
    startTime: 2031-04-05 06:07:08 -5
    endTime: "2032-01-01T00:00:00z"
    excludeDates: [2031-12-25]
    excludeRanges: [{ from: 2031-12-24T00:00:00Z, to: 2032-01-02T00:00:00Z }]
    limit: 7
    jitter: 1.5s
    input: { kind: full, parts: [1, 2.5, null, true, text] }
    misfire: { rule: All, lateAfter: 60s, catchUp: 6h, max: 100, startDeadline: 10m }
    overlap: { rule: buffer, buffer: 5, running: 1 }
    failuresMax: 3
    priority: -5
    retry: { maxAttempts: 5, initialDelay: 2s, jitter: 0, nonRetryableErrors: [TypeError] }
    timeout: 10m
    totalTimeout: 1h
    atMostOnce: false
    labels: { team: ops }
`);
    assert.equal(faultsText('a', faults), '0 things are wrong. Nothing was applied.');
    assert.equal(namespace, 'staging');
    assert.deepEqual(entries[0]?.options, {
      name: 'whole',
      description: 'Builds reports',
      handler: 'report.build',
      cron: ['0 3 * * *', '@daily'],
      every: '15m',
      anchorTime: new Date('2031-04-05T06:07:08Z'),
      at: new Date('2031-04-05T04:07:08.500Z'),
      zone: 'Europe/Berlin',
      clockChanges: 'SHIFT',
      startTime: new Date('2031-04-05T11:07:08Z'),
      endTime: new Date('2032-01-01T00:00:00Z'),
      excludeDates: ['2031-12-25'],
      excludeRanges: [
        { from: new Date('2031-12-24T00:00:00Z'), to: new Date('2032-01-02T00:00:00Z') },
      ],
      limit: 7,
      jitter: '1.5s',
      input: { kind: 'full', parts: [1, 2.5, null, true, 'text'] },
      misfire: { rule: 'ALL', lateAfter: '60s', catchUp: '6h', max: 100, startDeadline: '10m' },
      overlap: { rule: 'BUFFER', buffer: 5, running: 1 },
      failuresMax: 3,
      priority: -5,
      retry: { maxAttempts: 5, initialDelay: '2s', jitter: 0, nonRetryableErrors: ['TypeError'] },
      timeout: '10m',
      totalTimeout: '1h',
      atMostOnce: false,
      labels: { team: 'ops' },
    });
  });

  it('shows examples that can be read', () => {
    for (const [key, form] of Object.entries(scheduleForm.keys)) {
      if (key === 'name' || key === 'handler') continue;
      const { faults } = readSchedules(scheduleOf(`${key}: ${form.example}`));
      assert.equal(faults.count, 0, faultsText(key, faults));
    }
    assert.equal(exampleOf('retry.maxAttempts'), 'maxAttempts: 5');
    assert.equal(exampleOf('overlap.buffer'), 'buffer: 5');
    assert.equal(exampleOf('cron[1]'), 'cron: "0 3 * * *"');
    assert.equal(exampleOf('constructor'), undefined);
  });

  it('may be several documents, of comments too', () => {
    const one = (name: string) => `schedules: [{ name: ${name}, handler: a }]`;
    const { entries, faults } = readSchedules(`${one('a')}\n---\n# nothing\n---\n${one('b')}\n`);
    assert.equal(faults.count, 0);
    assert.deepEqual(
      entries.map(({ options }) => options.name),
      ['a', 'b'],
    );
    assert.deepEqual(readSchedules('').entries, []);
    assert.equal(readSchedules('schedules:\n  # all of them are comments\n').faults.count, 0);
    assertFault(
      'namespace: a\n---\nnamespace: b\n',
      /^a\.yaml:3:12: namespace is "b", but "a" in a document before\./,
    );
  });

  it('may write a value once and name it again', () => {
    const { entries, faults } = readSchedules(
      'schedules:\n  - { name: a, handler: h, retry: &r { maxAttempts: 5 }, input: &i [1] }\n  - { name: b, handler: h, retry: *r, input: { of: *i } }\n',
    );
    assert.equal(faults.count, 0);
    assert.deepEqual(entries[1]?.options.retry, { maxAttempts: 5 });
    assert.deepEqual(entries[1]?.options.input, { of: [1] });
  });

  it('knows where each option stands', () => {
    const [entry] = readSchedules(
      scheduleOf('cron:', '  - "0 3 * * *"', '  - "@daily"', 'retry:', '  maxAttempts: 5'),
    ).entries;
    assert.deepEqual(entry?.placeOf('cron[1]'), { line: 6, column: 9 });
    assert.deepEqual(entry?.placeOf('retry.maxAttempts'), { line: 8, column: 20 });
    assert.deepEqual(entry?.placeOf('retry.jitter'), { line: 8, column: 7 });
    assert.deepEqual(entry?.placeOf('zone'), { line: 2, column: 5 });
  });
});

describe('a fault', () => {
  it('names the place, the schedule, the value and a working example', () => {
    assertFault(
      scheduleOf('misfire: onec'),
      /^a\.yaml:4:14: nightly: misfire is "onec", but must be once, all or skip, or a map such as \{ rule: all, catchUp: 6h \}\. Did you mean "once"\? For example: misfire: once$/,
    );
    assertFault(
      scheduleOf('timout: 3s'),
      /^a\.yaml:4:5: nightly: A schedule has no key "timout"\. Did you mean "timeout"\? For example: timeout: 10m$/,
    );
    assertFault(
      scheduleOf('retry: { initialDelay: 5 }'),
      /4:28: nightly: retry\.initialDelay is 5, but must be a number and a unit.* For example: initialDelay: 2s$/,
    );
  });

  it('is found in values of every form', () => {
    const cases: [string, RegExp][] = [
      ['cron: ["* * * * *", 5]', /4:25: nightly: cron\[1\] is 5, but must be text in quotes/],
      ['at: 2031-02-30T00:00:00Z', /at is "2031-02-30T00:00:00Z", but must be a date/],
      ['startTime: 2031-02-03', /startTime is "2031-02-03", but must be .* an offset from UTC/],
      ['startTime: 2031-02-03T00:00:00', /startTime is .* For example: startTime: 2031-04-05T/],
      ['limit: 1.5', /limit is 1\.5, but must be a whole number/],
      ['atMostOnce: yes', /atMostOnce is "yes", but must be true or false/],
      ['labels: { v: 1 }', /labels\.v is 1, but must be text in quotes/],
      ['labels: [a]', /labels is a list, but must be a map of texts/],
      ['overlap: buffer', /overlap is "buffer", but must be allow, skip or cancel, or a map/],
      ['overlap: { buffer: 3 }', /overlap\.rule is missing\. For example: rule: buffer/],
      ['excludeDates: 2031-12-25', /excludeDates is "2031-12-25", but must be a list/],
      ['excludeRanges: [{ from: 2031-12-25T00:00:00Z }]', /excludeRanges\[0\]\.to is missing/],
      ['zone:', /4:10: nightly: zone is empty, but must be text/],
      ['retry: { jitter }', /4:14: nightly: retry\.jitter is empty, but must be a number/],
      ['retry: 5', /retry is 5, but must be a map/],
      ['zone: *nowhere', /zone is an alias without an anchor before it/],
      ['input: { id: 12345678901234567890 }', /4:18: .*too large to be kept exactly: quote it/],
      ['input: { a: .inf }', /input holds \.inf, which JSON has no number for/],
      ['input: { a: 1, a: 2 }', /input has the key "a" twice/],
      ['input: !thing 5', /This is not YAML: Unresolved tag/],
      ['zone: UTC\n    zone: UTC', /5:5: nightly: zone is here twice: on line 4 and on line 5/],
      ['constructor: 1', /has no key "constructor"/],
    ];
    for (const [line, pattern] of cases) assertFault(scheduleOf(line), pattern);
  });

  it('is found around schedules too', () => {
    assertFault('- a', /^a\.yaml:1:1: The document is a list, but must be a map/);
    assertFault(
      'schedule: []',
      /1:1: A document has no key "schedule"\. Did you mean "schedules"\?/,
    );
    assertFault('schedules: {}', /1:12: schedules is a map, but must be a list/);
    assertFault('schedules: [5]', /1:13: The schedule is 5, but must be a map/);
    assertFault('namespace: 5', /1:12: namespace is 5, but must be text in quotes/);
    assertFault('schedules: [{}]', /name is missing/, /handler is missing/);
  });

  it('of YAML itself says what people run into', () => {
    assertFault(
      scheduleOf('cron: * * * * *'),
      /^a\.yaml:4:11: This is not YAML: .* A cron expression needs quotes: cron: "\*\/5/,
    );
    assertFault(
      scheduleOf('cron: @daily'),
      /4:11: .* It needs quotes, for example: cron: "@daily"/,
    );
  });

  it('of a name that is there twice names both lines', () => {
    assertFault(
      `${scheduleOf()}\n  - name: other\n    handler: a\n  - name: nightly\n    handler: a\n`,
      /6:11: nightly: The name is in the file twice: on line 2 and on line 6\./,
    );
  });

  it('is shown with the first twenty, and all are counted', () => {
    const wrong = Array.from(
      { length: 134 },
      (_, at) => `  - { name: a${at}, handler: h, limit: x }`,
    );
    const text = faultsText('a.yaml', readSchedules(['schedules:', ...wrong].join('\n')).faults);
    const lines = text.split('\n');
    assert.equal(lines.length, 22);
    assert.match(lines[0] ?? '', /^134 things are wrong\. Nothing was applied\./);
    assert.match(lines[20] ?? '', /^a\.yaml:21:\d+: a19: limit is "x"/);
    assert.equal(lines[21], 'These are the first 20 of 134.');
  });
});

describe('a large file', () => {
  it('of ten thousand schedules with one wrong names its line', () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => [
      `  - name: job-${at}`,
      '    handler: report.build',
      `    cron: "${at % 60} 3 * * *"`,
      at === 7_531 ? '    overlap: never' : '    overlap: skip',
    ]);
    const { entries, faults } = readSchedules(['schedules:', ...lines.flat()].join('\n'));
    assert.equal(entries.length, 9_999);
    assert.match(
      faultsText('a.yaml', faults),
      /^One thing is wrong\. Nothing was applied\.\na\.yaml:30129:14: job-7531: overlap is "never"/,
    );
  });

  it('may use one alias everywhere', () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, at) => `  - { name: j${at}, handler: h, retry: *r, input: *r }`,
    );
    const first = '  - { name: first, handler: h, retry: &r { maxAttempts: 5 } }';
    const { entries, faults } = readSchedules(['schedules:', first, ...lines].join('\n'));
    assert.equal(faults.count, 0);
    assert.deepEqual(entries.at(-1)?.options.retry, { maxAttempts: 5 });
  });

  it('is refused beyond its bounds', () => {
    assertFault(
      `# ${'x'.repeat(16 * 1_048_576)}`,
      /The file has \d+ bytes, but may have at most 16777216/,
    );
    const many = Array.from({ length: 100_001 }, () => '- x').join('\n');
    const { faults } = readSchedules(`schedules:\n${many}`);
    assert.equal(faults.count, 100_001);
    const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
    assertFault(scheduleOf(`input: ${deep}`), /input is nested more than 100 deep/);
  });

  it('that unfolds by aliases without end is refused', () => {
    const levels = Array.from({ length: 9 }, (_, at) => {
      const items = Array.from({ length: 10 }, () => `*l${at}`).join(', ');
      return `      l${at + 1}: &l${at + 1} [${items}]`;
    });
    const bomb = ['input:', '  l0: &l0 [lol, lol]', ...levels.map((line) => line.slice(4))];
    assertFault(scheduleOf(...bomb), /: nightly: input is too large; what aliases repeat counts/);
    const texts = Array.from(
      { length: 1_000 },
      (_, at) =>
        `  - { name: j${at}, handler: h, input: [${Array.from({ length: 30 }, () => '*t').join(', ')}] }`,
    );
    const large = `  - { name: first, handler: h, description: &t "${'x'.repeat(60_000)}" }`;
    assert.equal(readSchedules(['schedules:', large, ...texts].join('\n')).faults.count, 1_000);
    assertFault(scheduleOf('input: &a [*a]'), /input is nested more than 100 deep/);
  });
});
