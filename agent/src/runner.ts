// One attempt from its start to the end of its handler, as one line:
//
//   started ─▶ run ─▶ timeout ─▶ normalise ─▶ finished ─▶ report
//
// An attempt ends when its handler does, or when it was asked to stop and its grace is over.
// Its slot is freed only when the handler has really ended.

import {
  failureOf,
  type HandlerFailure,
  type PayloadCoder,
  sealFailure,
} from '@muster/sdk/internal';
import type { Assigned, Ended, PayloadBytes, Result } from './attempt/lease.ts';
import type { Reports } from './attempt/reports.ts';
import { type AttemptSpan, startSpan } from './attempt/spans.ts';
import type { Stop, StopCause } from './attempt/stop.ts';
import type { Execution, Executor, Running, Settled } from './executors/executor.ts';
import type { Clock } from './link/clock.ts';
import type { Limits } from './link/wire.ts';
import type { SlotTaken } from './slots.ts';

/** What every attempt of an agent uses. */
export interface RunnerEnvironment {
  readonly clock: Clock;
  readonly coder: PayloadCoder;
  readonly reports: Reports;
  /** What the coordinator asks for at this moment. */
  limits(): Limits;
  /** Something was reported: it should be sent. */
  reported(): void;
  /** The outcome of an attempt; undefined: its lease has lapsed and nobody may hear of it. */
  finished(assigned: Assigned, ended: Ended | undefined): void;
  /** The handler has ended and its slot is free. */
  freed(): void;
}

/** One attempt that is about to begin. */
export interface Attempt {
  readonly assigned: Assigned;
  readonly stop: Stop;
  readonly slot: SlotTaken;
  readonly executor: Executor;
}

/** An attempt whose handler has begun. */
interface Begun {
  readonly attempt: Attempt;
  readonly span: AttemptSpan;
  readonly beganAt: number;
  /** Settles when every checkpoint that was given so far has passed the codec. */
  sealing: Promise<void>;
}

/** The handler's own end, or none where it outlived its grace. */
interface End {
  readonly settled: Settled | undefined;
  readonly cause: StopCause | undefined;
}

/** Runs one attempt. Never rejects; resolves when the handler has ended. */
export async function runAttempt(attempt: Attempt, environment: RunnerEnvironment): Promise<void> {
  const begun = started(attempt, environment);
  const running = run(begun, environment);
  const end = await timeout(begun, running);
  const result = await normalise(begun, end, environment);
  finished(begun, end, result);
  report(begun, result, environment);
  await running.ended;
  attempt.slot.free();
  environment.freed();
}

function started(attempt: Attempt, { clock }: RunnerEnvironment): Begun {
  const span = startSpan(attempt.assigned);
  return { attempt, span, beganAt: clock.now(), sealing: Promise.resolve() };
}

/** Opens the payloads and calls the executor. Payloads that cannot be opened fail the attempt. */
function run(begun: Begun, environment: RunnerEnvironment): Running {
  const { assigned, executor, stop } = begun.attempt;
  let running: Running | undefined;
  const execute = async (): Promise<Settled> => {
    try {
      const input = await environment.coder.open(assigned.input, 'Input');
      const checkpoint = await environment.coder.open(assigned.checkpoint, 'Checkpoint');
      if (stop.settled) throw new Error('The attempt was over before its input could be read.');
      const execution = toExecution(begun, { input, checkpoint }, environment);
      running = begun.span.run(() => executor.execute(execution));
      if (stop.cause) running.stop(stop.cause);
      return await running.ended;
    } catch (thrown) {
      return { failure: failureOf(thrown) };
    }
  };
  return {
    ended: execute(),
    stop: (cause) => running?.stop(cause),
    kill: () => running?.kill(),
  };
}

/** Waits for the handler, but after a stop no longer than its grace. */
function timeout({ attempt: { stop } }: Begun, running: Running): Promise<End> {
  return new Promise((resolve) => {
    stop.begin({
      asked: (cause) => running.stop(cause),
      outlived: () => {
        running.kill();
        resolve({ settled: undefined, cause: stop.cause });
      },
    });
    running.ended.then((settled) => {
      const { cause } = stop;
      stop.settle();
      resolve({ settled, cause });
    });
  });
}

/** What the coordinator is to hear. Undefined: nothing, since the lease has lapsed. */
async function normalise(
  begun: Begun,
  { settled, cause }: End,
  { coder }: RunnerEnvironment,
): Promise<Result | undefined> {
  await begun.sealing;
  if (cause !== undefined) return stopped(begun.attempt, cause, settled === undefined);
  if (settled === undefined) return undefined;
  if ('failure' in settled) return { failure: await sealFailure(settled.failure, coder) };
  try {
    return { output: settled.output && (await coder.seal(settled.output, 'Output')) };
  } catch (thrown) {
    return { failure: failureOf(thrown) };
  }
}

/** Whoever was asked to stop has stopped, whatever it returned or threw on the way. */
function stopped(attempt: Attempt, cause: StopCause, outlivedGrace: boolean): Result | undefined {
  const { attemptTimeoutMs, cancelGraceMs } = attempt.assigned;
  const outlived = outlivedGrace ? ` It had not ended ${cancelGraceMs} ms later.` : '';
  switch (cause) {
    case 'lapsed':
      return undefined;
    case 'cancelled':
      return { cancelled: { outlivedGrace } };
    case 'draining':
      return { interrupted: { reason: `The agent drains.${outlived}` } };
    case 'timeout': {
      const message = `The attempt ran longer than its timeout of ${attemptTimeoutMs} ms.${outlived}`;
      return { failure: failureInTime('FAILURE_KIND_TIMEOUT', 'AttemptTimeout', message) };
    }
    case 'deadline': {
      const message = `The deadline of the task passed while it ran.${outlived}`;
      return { failure: failureInTime('FAILURE_KIND_DEADLINE', 'DeadlinePassed', message) };
    }
  }
}

/** A failure about time; it has no stack, and no details. */
export function failureInTime(
  kind: 'FAILURE_KIND_TIMEOUT' | 'FAILURE_KIND_DEADLINE',
  name: string,
  message: string,
): HandlerFailure {
  return { kind, name, message, stack: '', details: null, nonRetryable: false };
}

/** From here on the coordinator may think the slot free: it is stuck while the handler goes on. */
function finished(begun: Begun, { settled }: End, result: Result | undefined): void {
  begun.span.end(result);
  if (settled === undefined) begun.attempt.slot.stick();
}

function report(begun: Begun, result: Result | undefined, environment: RunnerEnvironment): void {
  const { assigned, stop } = begun.attempt;
  const runMs = environment.clock.now() - begun.beganAt;
  const lapsed = result === undefined || stop.cause === 'lapsed';
  if (lapsed) environment.reports.forget(assigned.ref);
  else environment.reports.finish(assigned.ref);
  environment.finished(assigned, lapsed ? undefined : { ref: assigned.ref, result, runMs });
}

function toExecution(
  begun: Begun,
  opened: { input: PayloadBytes | undefined; checkpoint: PayloadBytes | undefined },
  environment: RunnerEnvironment,
): Execution {
  const { assigned, stop } = begun.attempt;
  const { clock, reports, coder } = environment;
  const { payloadBytesMax, logLinesMax } = environment.limits();
  const { ref } = assigned;
  /** Once the outcome is known, nothing of this attempt may follow it. */
  const isOpen = () => !stop.settled && stop.cause !== 'lapsed';
  return {
    assigned,
    ...opened,
    deadline: deadlineOf(begun, clock),
    payloadBytesMax,
    logLinesMax,
    signal: () => stop.signal,
    sink: {
      progress(completed, total, message) {
        if (!isOpen()) return;
        reports.progress(ref, { completed, total, message });
        environment.reported();
      },
      log(level, message, at) {
        if (!isOpen()) return;
        reports.log(ref, { at, level, message });
        environment.reported();
      },
      linesDropped(count) {
        if (isOpen()) reports.linesDropped(ref, count);
      },
      checkpoint(payload) {
        if (!isOpen()) return;
        begun.sealing = begun.sealing.then(async () => {
          try {
            reports.checkpoint(ref, await coder.seal(payload, 'Checkpoint'));
          } catch (thrown) {
            const { message } = failureOf(thrown);
            reports.log(ref, { at: clock.calendar(), level: 'LOG_LEVEL_ERROR', message });
          }
          environment.reported();
        });
      },
    },
  };
}

function deadlineOf({ attempt: { assigned }, beganAt }: Begun, clock: Clock): Date | undefined {
  const byTimeout = beganAt + (assigned.attemptTimeoutMs ?? Number.POSITIVE_INFINITY);
  const at = Math.min(byTimeout, assigned.deadlineAt ?? Number.POSITIVE_INFINITY);
  if (at === Number.POSITIVE_INFINITY) return undefined;
  return new Date(clock.calendar() + at - clock.now());
}
