import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Assignment, Outcome__Output } from '@muster/proto';
import {
  type AnyHandler,
  defineHandler,
  type HandlerContext,
  NonRetryableError,
  type Payload,
} from '@muster/sdk';
import type { AgentOptions } from './options.ts';
import { assign, assignment, kinds, type Scripted, scripted, sent } from './simulation/scripted.ts';

type Run = (context: HandlerContext) => unknown;

/** An agent that has been given one attempt of a handler. */
async function attempt(
  run: Run,
  more: Assignment = {},
  options: Pick<AgentOptions, 'codec'> = {},
): Promise<Scripted> {
  const handler = defineHandler({ name: 'work', run: (_: object, context) => run(context) });
  const s = await scripted({ handlers: [handler as AnyHandler], ...options });
  const limits = { payloadBytesMax: 1000, logLinesMax: 3 };
  assign(await s.welcome({ limits }), assignment('t1', 'work', more));
  await s.settle();
  return s;
}

function outcomes(s: Scripted): Outcome__Output[] {
  return sent(s.stream(), 'outcomes').flatMap((each) => each.outcomes);
}

/** How an attempt of this handler failed. */
async function failureOf(run: Run) {
  const [outcome] = outcomes(await attempt(run));
  return outcome?.failure;
}

const never = () => new Promise(() => {});

describe('runner', () => {
  test('what a handler returns is its output; nothing is an output without a value', async () => {
    const [some] = outcomes(await attempt(() => [1, 2]));
    assert.equal(some?.output?.mediaType, 'application/json');
    assert.equal(some?.output?.data.toString(), '[1,2]');
    const [none] = outcomes(await attempt(() => undefined));
    assert.equal(none?.result, 'output');
    assert.equal(none?.output?.mediaType, '');
  });

  test('whatever is thrown is a failure: an error, a string, null, a hostile object', async () => {
    const error = await failureOf(() => {
      throw new TypeError('bad');
    });
    assert.equal(error?.name, 'TypeError');
    assert.equal(error?.message, 'bad');
    assert.match(error?.stack ?? '', /runner\.test\.ts/);
    assert.equal(error?.kind, 'FAILURE_KIND_ERROR');
    const text = await failureOf(() => Promise.reject('just text'));
    assert.match(text?.message ?? '', /just text/);
    assert.match((await failureOf(() => Promise.reject(null)))?.message ?? '', /null/);
    const hostile = {
      get name(): string {
        throw new Error('no');
      },
    };
    assert.ok((await failureOf(() => Promise.reject(hostile)))?.message);
  });

  test('a handler may say that trying again is pointless, and add details', async () => {
    const failure = await failureOf(() => {
      throw new NonRetryableError('gone', { details: { id: 7 } });
    });
    assert.equal(failure?.nonRetryable, true);
    assert.equal(failure?.details?.data.toString(), '{"id":7}');
  });

  test('an output that cannot be encoded, or is over the limit, is a failure', async () => {
    assert.equal((await failureOf(() => 10n))?.name, 'PAYLOAD_NOT_JSON');
    const large = await failureOf(() => 'x'.repeat(1000));
    assert.equal(large?.name, 'PAYLOAD_TOO_LARGE');
    assert.match(large?.message ?? '', /1002 bytes/);
  });

  test('an input that cannot be read is a final failure', async () => {
    const input = { mediaType: 'application/json', data: Buffer.from('{"half') };
    const [outcome] = outcomes(await attempt(() => 1, { input }));
    assert.equal(outcome?.failure?.name, 'PAYLOAD_UNREADABLE');
    assert.equal(outcome?.failure?.nonRetryable, true);
  });

  test('payloads pass the codec both ways', async () => {
    const flip = (data: Uint8Array) => Uint8Array.from(data, (byte) => byte ^ 0xff);
    const codec = {
      encode: ({ data }: { data: Uint8Array }) => ({ mediaType: 'x/flipped', data: flip(data) }),
      decode: ({ data }: { data: Uint8Array }) => ({
        mediaType: 'application/json',
        data: flip(data),
      }),
    };
    const input = { mediaType: 'x/flipped', data: flip(Buffer.from('{}')) };
    const s = await attempt(() => 'out', { input }, { codec });
    const [outcome] = outcomes(s);
    assert.equal(outcome?.output?.mediaType, 'x/flipped');
    assert.equal(Buffer.from(flip(outcome?.output?.data ?? Buffer.of())).toString(), '"out"');
  });

  test('a handler sees for which moment and under which key its task was asked for', async () => {
    const seen = ({ nominalTime, idempotencyKey }: HandlerContext) => ({
      at: nominalTime?.toISOString() ?? null,
      key: idempotencyKey ?? null,
    });
    const nominalTime = { seconds: 1_800_000_000, nanos: 5e8 };
    const [scheduled] = outcomes(
      await attempt(seen, { nominalTime, idempotencyKey: 'report/1800000000500' }),
    );
    assert.deepEqual(JSON.parse(String(scheduled?.output?.data)), {
      at: '2027-01-15T08:00:00.500Z',
      key: 'report/1800000000500',
    });
    const [other] = outcomes(await attempt(seen));
    assert.deepEqual(JSON.parse(String(other?.output?.data)), { at: null, key: null });
  });

  test('a promise of another make is waited for', async () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what a thenable has.
    const thenable = { then: (resolve: (value: string) => void) => setTimeout(resolve, 5, 'late') };
    const s = await attempt(() => thenable);
    while (outcomes(s).length === 0) await s.pass(10);
    assert.equal(outcomes(s)[0]?.output?.data.toString(), '"late"');
  });

  test('handlers that return at once take turns on one slot, and say nothing but their outcomes', async () => {
    const ran: number[] = [];
    let atOnce = 0;
    const handler = defineHandler({
      name: 'quick',
      run: ({ n }: { n: number }) => {
        ran.push(n);
        atOnce = Math.max(atOnce, s.agent.running);
        if (n === 3) throw new Error('three');
        return n;
      },
    });
    const s = await scripted({ handlers: [handler], slots: 1 });
    const wanted = Array.from({ length: 400 }, (_, n) => n);
    const inputs = wanted.map((n) => Buffer.from(JSON.stringify({ n })));
    assign(
      await s.welcome({}),
      ...inputs.map((data, n) =>
        assignment(`t${n}`, 'quick', { input: { mediaType: 'application/json', data } }),
      ),
    );
    await s.settle();
    assert.deepEqual(ran, wanted);
    assert.equal(atOnce, 1);
    assert.equal(s.agent.running, 0);
    const results = outcomes(s);
    assert.deepEqual(
      results.map(({ lease }) => lease?.taskId),
      wanted.map((n) => `t${n}`),
    );
    assert.equal(results[3]?.failure?.message, 'three');
    assert.deepEqual(new Set(kinds(s.stream())), new Set(['hello', 'outcomes']));
  });

  test('what a handler holds back of the event loop counts towards its timeout', async () => {
    let clock: Scripted['clock'] | undefined;
    const handler = defineHandler({
      name: 'block',
      run: (_: object, { signal }) => {
        // Time that passes while nothing else can run.
        clock?.stall(1500);
        return new Promise((end) => signal.addEventListener('abort', () => end('stopped')));
      },
    });
    const s = await scripted({ handlers: [handler] });
    clock = s.clock;
    assign(await s.welcome({}), assignment('t1', 'block', { attemptTimeout: { seconds: 2 } }));
    await s.settle();
    await s.pass(400);
    assert.equal(outcomes(s).length, 0);
    await s.pass(200);
    assert.equal(outcomes(s)[0]?.failure?.kind, 'FAILURE_KIND_TIMEOUT');
  });

  test('a timeout counts from the start: signal, then a TIMEOUT failure whatever the handler returns', async () => {
    const s = await attempt(
      ({ signal }) => new Promise((end) => signal.addEventListener('abort', () => end('partial'))),
      { attemptTimeout: { seconds: 2 } },
    );
    await s.pass(1900);
    assert.equal(outcomes(s).length, 0);
    await s.pass(200);
    const [outcome] = outcomes(s);
    assert.equal(outcome?.failure?.kind, 'FAILURE_KIND_TIMEOUT');
    assert.equal(outcome?.failure?.nonRetryable, false);
    assert.equal(outcome?.runDuration?.seconds, 2);
  });

  test('a handler that goes on after its grace is not waited for, but keeps its slot', async () => {
    const s = await attempt(never, {
      attemptTimeout: { seconds: 2 },
      cancelGrace: { seconds: 1 },
    });
    await s.pass(2900);
    assert.equal(outcomes(s).length, 0);
    await s.pass(200);
    assert.equal(outcomes(s)[0]?.failure?.kind, 'FAILURE_KIND_TIMEOUT');
    assert.equal(s.agent.running, 1);
    const order = kinds(s.stream()).filter((kind) => kind !== 'heartbeat');
    assert.deepEqual(order.slice(-2), ['slotsChanged', 'outcomes']);
    assert.equal(sent(s.stream(), 'slotsChanged')[0]?.slots, 9);
  });

  test('a cancelled handler that outlives its grace is recorded as such', async () => {
    const s = await attempt(never, { cancelGrace: { seconds: 1 } });
    s.stream().say({ cancels: { cancels: [{ lease: { taskId: 't1', leaseEpoch: 1 } }] } });
    await s.pass(1100);
    assert.equal(outcomes(s)[0]?.result, 'cancelled');
    assert.equal(outcomes(s)[0]?.cancelled?.outlivedGrace, true);
  });

  test('the deadline of the task counts from its arrival, on our own clock', async () => {
    const s = await attempt(never, {
      deadlineTimeout: { seconds: 2 },
      deadlineTime: { seconds: 1 },
      cancelGrace: { nanos: 1 },
    });
    await s.pass(1900);
    assert.equal(outcomes(s).length, 0);
    await s.pass(200);
    assert.equal(outcomes(s)[0]?.failure?.kind, 'FAILURE_KIND_DEADLINE');
  });

  test('of progress the newest is sent, at most once per interval, and before the outcome', async () => {
    let context: HandlerContext | undefined;
    let end = (_value: unknown) => {};
    const s = await attempt((given) => {
      context = given;
      given.progress(0, 10);
      return new Promise((resolve) => {
        end = resolve;
      });
    });
    for (let n = 1; n <= 5; n += 1) context?.progress(n, 10, `step ${n}`);
    context?.checkpoint({ at: 5 });
    await s.settle();
    assert.equal(sent(s.stream(), 'progress').length, 1);
    await s.pass(250);
    context?.progress(6);
    end('done');
    await s.settle();
    const reports = sent(s.stream(), 'progress').flatMap((each) => each.reports);
    assert.deepEqual(
      reports.map(({ progress, checkpoint }) => [
        progress?.completed,
        progress?.message,
        checkpoint?.data.toString(),
      ]),
      [
        [0, '', undefined],
        [5, 'step 5', '{"at":5}'],
        [6, '', undefined],
      ],
    );
    assert.deepEqual(kinds(s.stream()).slice(-2), ['progress', 'outcomes']);
    context?.progress(7);
    await s.pass(500);
    assert.equal(sent(s.stream(), 'progress').length, 3);
  });

  test('a checkpoint of an earlier attempt is there for the next', async () => {
    const checkpoint = { mediaType: 'application/json', data: Buffer.from('{"at":5}') };
    const [outcome] = outcomes(await attempt((c) => c.lastCheckpoint(), { checkpoint }));
    assert.equal(outcome?.output?.data.toString(), '{"at":5}');
  });

  test('an outcome waits for a codec that is still at work on a checkpoint', async () => {
    const codec = {
      async encode(payload: Payload) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return payload;
      },
      decode: (payload: Payload) => payload,
    };
    const s = await attempt(({ checkpoint }) => checkpoint({ at: 1 }), {}, { codec });
    while (outcomes(s).length === 0) await s.pass(10);
    assert.deepEqual(kinds(s.stream()).slice(-2), ['progress', 'outcomes']);
  });

  test('log lines over the limit are dropped, and the last line counts them', async () => {
    const lines = async (count: number) => {
      const s = await attempt(({ log }) => {
        for (let n = 1; n <= count; n += 1) log.info(`line ${n}`);
      });
      return sent(s.stream(), 'logLines').flatMap(({ reports }) =>
        reports.flatMap((report) => report.lines.map(({ message }) => message)),
      );
    };
    assert.deepEqual(await lines(3), ['line 1', 'line 2', 'line 3']);
    const [first, second, third, ...more] = await lines(5);
    assert.deepEqual([first, second], ['line 1', 'line 2']);
    assert.match(third ?? '', /^3 more lines were dropped/);
    assert.deepEqual(more, []);
  });

  test('a handler learns who it is', async () => {
    const [outcome] = outcomes(
      await attempt(
        ({ taskId, handler, attempt: number, maxAttempts, leaseEpoch, labels, traceparent }) => ({
          ...{ taskId, handler, number, maxAttempts, leaseEpoch, labels },
          traceparent: traceparent ?? null,
        }),
        { attempt: 2, leaseEpoch: 7, labels: { a: 'b' } },
      ),
    );
    assert.deepEqual(JSON.parse(outcome?.output?.data.toString() ?? ''), {
      ...{ taskId: 't1', handler: 'work', number: 2, maxAttempts: 3, leaseEpoch: 7 },
      ...{ labels: { a: 'b' }, traceparent: null },
    });
  });
});
