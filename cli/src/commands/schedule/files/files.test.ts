// `muster schedule apply` and `import` from their words to what is stored, against a coordinator that keeps specs in memory.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { type handleUnaryCall, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import {
  type AppliedSchedule,
  type ApplySchedulesRequest__Output,
  type ApplySchedulesResponse,
  loadContract,
  type ScheduleSpec__Output,
} from '@muster/proto';
import type { Terminal } from '../../../printing/terminal.ts';
import { run } from '../../../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-apply-'));
after(() => rmSync(folder, { recursive: true }));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.forceShutdown();
});

const { messages, muster: services } = loadContract();

/** Stores specs as a coordinator does, as far as the command can see. Expressions with `bad` are refused. */
class Store {
  readonly requests: ApplySchedulesRequest__Output[] = [];
  readonly specs = new Map<string, ScheduleSpec__Output>();
  address = '';

  async start(): Promise<this> {
    const server = new Server();
    servers.push(server);
    const applySchedules: handleUnaryCall<ApplySchedulesRequest__Output, ApplySchedulesResponse> = (
      { request },
      answer,
    ) => {
      const refusal = this.#refusal(request);
      if (refusal) answer(refusal);
      else answer(null, this.#apply(request));
    };
    server.addService(services.ScheduleService.service, { ApplySchedules: applySchedules });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    this.address = `127.0.0.1:${port}`;
    return this;
  }

  #apply(request: ApplySchedulesRequest__Output): ApplySchedulesResponse {
    this.requests.push(request);
    const schedules = request.specs.map((spec): AppliedSchedule => {
      const before = this.specs.get(spec.name);
      if (!request.validateOnly) this.specs.set(spec.name, spec);
      const { name } = spec;
      if (before === undefined) return { name, action: 'APPLY_ACTION_CREATED' };
      const parts = ['description', 'timing', 'task', 'misfire', 'overlap'] as const;
      const changedFields = parts.filter(
        (part) => JSON.stringify(before[part]) !== JSON.stringify(spec[part]),
      );
      if (changedFields.length === 0) return { name, action: 'APPLY_ACTION_UNCHANGED' };
      return {
        name,
        action: 'APPLY_ACTION_UPDATED',
        changedFields: [...changedFields],
        specBefore: before,
      };
    });
    return {
      schedules,
      unservedHandlers: [{ handler: 'report.build', nearestHandler: 'report.built' }],
    };
  }

  #refusal({ specs }: ApplySchedulesRequest__Output) {
    const fieldViolations = specs.flatMap(({ timing }, at) =>
      (timing?.cron ?? []).flatMap((cron, index) =>
        cron.includes('bad')
          ? [
              {
                field: `specs[${at}].timing.cron[${index}]`,
                description: `is "${cron}", which is bad`,
              },
            ]
          : [],
      ),
    );
    if (fieldViolations.length === 0) return undefined;
    const metadata = { violation_count: String(fieldViolations.length) };
    const info = { reason: 'INVALID_REQUEST', domain: 'muster', metadata };
    const any = (name: string, value: Buffer) => ({
      type_url: `type.googleapis.com/${name}`,
      value,
    });
    const details = [
      any('google.rpc.ErrorInfo', messages['google.rpc.ErrorInfo'].serialize(info)),
      any(
        'google.rpc.BadRequest',
        messages['google.rpc.BadRequest'].serialize({
          fieldViolations: fieldViolations.slice(0, 3),
        }),
      ),
    ];
    const code = status.INVALID_ARGUMENT;
    const trailer = new Metadata();
    const bytes = messages['google.rpc.Status'].serialize({ code, message: 'refused', details });
    trailer.set('grpc-status-details-bin', bytes);
    return { code, details: 'refused', metadata: trailer };
  }
}

interface Ran {
  readonly code: number;
  readonly out: readonly string[];
  readonly notes: readonly string[];
  readonly asked: readonly string[];
}

/** Runs the command; `agreed` is what a person at the terminal does, and undefined that there is none. */
async function runMuster(
  words: readonly string[],
  agreed?: boolean | 'interrupt',
  input = '',
): Promise<Ran> {
  const [out, notes, asked]: [string[], string[], string[]] = [[], [], []];
  const interrupt = new AbortController();
  const terminal: Terminal = {
    out: (line) => void out.push(line),
    note: (line) => void notes.push(line),
    redraw: () => {},
    live: false,
    columns: 80,
    readInput: async () => input,
    confirm: async (question) => {
      asked.push(question);
      if (agreed !== 'interrupt') return agreed;
      interrupt.abort();
      return false;
    },
    signal: interrupt.signal,
  };
  return { code: await run(words, terminal), out, notes, asked };
}

function fileOf(text: string): string {
  const file = join(folder, 'schedules.yaml');
  writeFileSync(file, text);
  return file;
}

const two = `namespace: staging
schedules:
  - name: nightly
    handler: report.build
    cron: "0 3 * * *"
    retry: { maxAttempts: 5 }
  - name: sweep
    handler: sweep
    every: 15m
`;

describe('muster schedule apply', () => {
  it('shows what changes, asks, and applies', async () => {
    const store = await new Store().start();
    const words = ['schedule', 'apply', fileOf(two), '--address', store.address];
    const first = await runMuster(words, true);
    assert.equal(first.code, 0, first.notes.join('\n'));
    assert.deepEqual(first.out, ['+ nightly', '+ sweep', 'Applied.']);
    assert.deepEqual(first.asked, ['Apply these changes?']);
    assert.match(
      first.notes[0] ?? '',
      /No agent serves "report\.build".* Did you mean "report\.built"\?/,
    );
    assert.deepEqual(
      store.requests.map(({ namespace, validateOnly, specs }) => [
        namespace,
        validateOnly,
        specs.length,
      ]),
      [
        ['staging', true, 2],
        ['staging', false, 2],
      ],
    );
    const again = await runMuster(words);
    assert.deepEqual(again.out, ['Nothing changes: all 2 are as the file says.']);
    assert.deepEqual([again.code, again.asked.length], [0, 0]);
    fileOf(two.replace('0 3 * * *', '0 4 * * *').replace('maxAttempts: 5', 'maxAttempts: 7'));
    const changed = await runMuster([...words, '--yes', '--namespace', 'other']);
    assert.deepEqual(changed.out, [
      '~ nightly  cron: 0 3 * * * → 0 4 * * *',
      '~ nightly  retry.maxAttempts: 5 → 7',
      '= 1 unchanged',
      'Applied.',
    ]);
    assert.equal(store.requests.at(-1)?.namespace, 'other');
    assert.deepEqual(changed.asked, []);
  });

  it('applies nothing where it may not', async () => {
    const store = await new Store().start();
    const words = ['schedule', 'apply', fileOf(two), '--address', store.address];
    const refused = await runMuster(words, false);
    assert.deepEqual([refused.code, refused.notes.at(-1)], [0, 'Nothing was applied.']);
    const interrupted = await runMuster(words, 'interrupt');
    assert.deepEqual([interrupted.code, interrupted.notes.at(-1)], [130, 'Nothing was applied.']);
    const dry = await runMuster([...words, '--dry-run']);
    assert.deepEqual([dry.code, dry.out, dry.asked], [0, ['+ nightly', '+ sweep'], []]);
    const alone = await runMuster(words);
    assert.equal(alone.code, 2);
    assert.match(alone.notes.join('\n'), /there is no terminal to ask on\. Give --yes to apply/);
    assert.equal(store.specs.size, 0);
    assert.ok(store.requests.every(({ validateOnly }) => validateOnly));
  });

  it('prints a document per schedule for machines', async () => {
    const store = await new Store().start();
    const words = ['schedule', 'apply', '-', '--address', store.address, '--json', '--yes'];
    await runMuster(words, undefined, two);
    const { out } = await runMuster(words, undefined, two.replace('15m', '30m'));
    assert.deepEqual(
      out.map((line) => JSON.parse(line)),
      [
        { name: 'nightly', action: 'UNCHANGED', differences: [], applied: true },
        {
          name: 'sweep',
          action: 'UPDATED',
          differences: [{ field: 'every', before: '15m', after: '30m' }],
          applied: true,
        },
      ],
    );
  });

  it('says where the coordinator found something wrong', async () => {
    const store = await new Store().start();
    const bad = '  - { name: third, handler: h, cron: ["* * * * *", "bad one"] }\n';
    const file = fileOf(two + bad);
    const { code, notes } = await runMuster([
      'schedule',
      'apply',
      file,
      '--address',
      store.address,
      '--yes',
    ]);
    assert.equal(code, 2);
    assert.match(notes[0] ?? '', /^muster: One thing is wrong\. Nothing was applied\./);
    assert.ok(
      notes[0]?.includes(
        `${file}:10:52: third: cron[1] is "bad one", which is bad. For example: cron: "0 3 * * *"`,
      ),
      notes[0],
    );
    assert.equal(store.specs.size, 0);
  });

  it('counts what the coordinator does not name', async () => {
    const store = await new Store().start();
    const bad = Array.from(
      { length: 9 },
      (_, at) => `  - { name: b${at}, handler: h, quartz: "bad" }\n`,
    );
    const { notes } = await runMuster([
      'schedule',
      'apply',
      fileOf(two + bad.join('')),
      '--address',
      store.address,
    ]);
    assert.match(notes[0] ?? '', /^muster: 9 things are wrong[\s\S]*These are the first 3 of 9\.$/);
    assert.match(notes[0] ?? '', /:10:37: b0: quartz\[0\] is "bad"/);
  });

  it('calls nobody with a file that is wrong by itself', async () => {
    const store = await new Store().start();
    const wrong =
      '  - { name: x, handler: h, every: 1m, overlap: { rule: buffer } }\n  - { name: y, handler: H }\n  - { name: z, handler: h, every: 1m, limit: -1 }\n';
    const { code, notes } = await runMuster([
      'schedule',
      'apply',
      fileOf(two + wrong),
      '--address',
      store.address,
    ]);
    assert.equal(code, 2);
    assert.match(notes[0] ?? '', /3 things are wrong/);
    assert.match(notes[0] ?? '', /:10:48: x: overlap\.buffer .* For example: buffer: 5/);
    assert.match(notes[0] ?? '', /:11:25: y: .*"H".* For example: handler: report\.build/);
    assert.match(notes[0] ?? '', /:12:46: z: limit is -1, but must be/);
    const large = `schedules: [{ name: a, handler: h, every: 1m, input: "${'é'.repeat(40_000)}" }]`;
    const tooLarge = await runMuster([
      'schedule',
      'apply',
      fileOf(large),
      '--address',
      store.address,
    ]);
    assert.match(tooLarge.notes[0] ?? '', /:1:54: a: Input of schedule a has 80002 bytes/);
    assert.deepEqual(store.requests, []);
  });

  it('has nothing to do with an empty file, and cannot read one that is not there', async () => {
    const empty = await runMuster(['schedule', 'apply', '-'], undefined, 'schedules: []');
    assert.deepEqual([empty.code, empty.notes], [0, ['There are no schedules in standard input.']]);
    const { code, notes } = await runMuster(['schedule', 'apply', join(folder, 'none.yaml')]);
    assert.equal(code, 2);
    assert.match(notes[0] ?? '', /The file cannot be read: ENOENT/);
  });
});

describe('muster schedule import', () => {
  it('writes a file that can be applied, and counts its warnings', async () => {
    const crontab = '0 3 * * * root /usr/bin/backup\n@reboot root /usr/bin/start\n';
    const out = join(folder, 'imported.yaml');
    const words = ['schedule', 'import', '-', '--from', 'crontab', '--with-user', '--out', out];
    const { code, notes } = await runMuster(words, undefined, crontab);
    assert.equal(code, 0, notes.join('\n'));
    assert.ok(
      notes.some((note) =>
        /^WARNING: 2 times, first on line 1: It ran as the user "root"/.test(note),
      ),
    );
    assert.match(
      notes.at(-1) ?? '',
      /^1 schedule, 1 more commented out, 5 warnings\. Look at the file/,
    );
    assert.match(readFileSync(out, 'utf8'), /^# Imported from crontab, standard input\./);
    const store = await new Store().start();
    const applied = await runMuster([
      'schedule',
      'apply',
      out,
      '--yes',
      '--address',
      store.address,
    ]);
    assert.deepEqual(applied.out, ['+ backup', 'Applied.']);
  });

  it('refuses options that mean nothing there', async () => {
    const cases: [string[], RegExp][] = [
      [[], /Say where the file is from: --from crontab \| xxl-job \| kubernetes/],
      [['--from', 'crontap'], /Did you mean "crontab"\?/],
      [['--from', 'xxl-job', '--with-user'], /--with-user is for --from crontab only/],
      [['--from', 'crontab', '--handler', 'a'], /--handler is for --from kubernetes only/],
      [['--from', 'crontab', '--zone', 'Mars'], /--zone is "Mars", but must be an IANA time zone/],
    ];
    for (const [words, pattern] of cases) {
      const { code, notes } = await runMuster(['schedule', 'import', '-', ...words]);
      assert.equal(code, 2);
      assert.match(notes[0] ?? '', pattern);
    }
  });
});
