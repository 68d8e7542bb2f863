// One attempt from its start to the end of its handler, as one line:
//
//   started ─▶ run ─▶ timeout ─▶ normalise ─▶ finished ─▶ report
//
// An attempt ends when its handler does, or when it was asked to stop and its grace is over.
// Its slot is freed only when the handler has really ended. The line waits only where something
// was promised: the attempt of a handler that returns at once is over when its call returns.

import {
  failureOf,
  type HandlerFailure,
  isPromised,
  type Soon,
  sealFailure,
} from '@muster/sdk/internal';
import { AttemptExecution, type ExecutionEnvironment } from './attempt/execution.ts';
import type { Assigned, Ended, Result } from './attempt/lease.ts';
import { type AttemptSpan, startSpan } from './attempt/spans.ts';
import type { Stop, StopCause } from './attempt/stop.ts';
import { type Executor, type Running, runningUntil, type Settled } from './executors/executor.ts';
import type { SlotTaken } from './slots.ts';

/** What every attempt of an agent uses. */
export interface RunnerEnvironment extends ExecutionEnvironment {
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
  readonly span: AttemptSpan | undefined;
  readonly execution: AttemptExecution;
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
  const end = timeout(begun, running);
  const known = isPromised(end) ? await end : end;
  const result = normalise(begun, known, environment);
  const heard = isPromised(result) ? await result : result;
  finished(begun, known, heard);
  report(begun, heard, environment);
  if (known.settled === undefined) await running.ended;
  attempt.slot.free();
  environment.freed();
}

function started(attempt: Attempt, environment: RunnerEnvironment): Begun {
  const { assigned, stop } = attempt;
  const span = startSpan(assigned);
  return { attempt, span, execution: new AttemptExecution(assigned, stop, environment) };
}

/** Opens the payloads and calls the executor. Payloads that cannot be opened fail the attempt. */
function run(begun: Begun, { coder }: RunnerEnvironment): Running {
  const { assigned } = begun.attempt;
  try {
    const input = coder.open(assigned.input, 'Input');
    const checkpoint = coder.open(assigned.checkpoint, 'Checkpoint');
    if (isPromised(input) || isPromised(checkpoint)) return runLater(begun, [input, checkpoint]);
    begun.execution.input = input;
    begun.execution.checkpoint = checkpoint;
    return execute(begun);
  } catch (thrown) {
    return runningUntil({ failure: failureOf(thrown) });
  }
}

/** Runs when the codec has opened the payloads. */
function runLater({ attempt, ...begun }: Begun, payloads: readonly Soon<Opened>[]): Running {
  const { stop } = attempt;
  let running: Running | undefined;
  const open = async (): Promise<Settled> => {
    try {
      const [input, checkpoint] = await Promise.all(payloads);
      if (stop.settled) throw new Error('The attempt was over before its input could be read.');
      Object.assign(begun.execution, { input, checkpoint });
      running = execute({ attempt, ...begun });
      if (stop.cause) running.stop(stop.cause);
      return await running.ended;
    } catch (thrown) {
      return { failure: failureOf(thrown) };
    }
  };
  return {
    ended: open(),
    stop: (cause) => running?.stop(cause),
    kill: () => running?.kill(),
  };
}

type Opened = AttemptExecution['input'];

function execute({ attempt: { executor }, span, execution }: Begun): Running {
  return span ? span.run(() => executor.execute(execution)) : executor.execute(execution);
}

/** Waits for the handler, but after a stop no longer than its grace. */
function timeout({ attempt: { stop }, execution }: Begun, running: Running): Soon<End> {
  const { ended } = running;
  const over = (settled: Settled): End => {
    const { cause } = stop;
    stop.settle();
    return { settled, cause };
  };
  if (!isPromised(ended)) return over(ended);
  return new Promise((resolve) => {
    stop.watch(execution.beganAt, {
      asked: (cause) => running.stop(cause),
      outlived: () => {
        running.kill();
        resolve({ settled: undefined, cause: stop.cause });
      },
    });
    ended.then((settled) => resolve(over(settled)));
  });
}

/** What the coordinator is to hear. Undefined: nothing, since the lease has lapsed. */
function normalise(
  begun: Begun,
  end: End,
  environment: RunnerEnvironment,
): Soon<Result | undefined> {
  const { sealing } = begun.execution;
  if (sealing) return sealing.then(() => resultOf(begun, end, environment));
  return resultOf(begun, end, environment);
}

function resultOf(
  { attempt }: Begun,
  { settled, cause }: End,
  { coder }: RunnerEnvironment,
): Soon<Result | undefined> {
  if (cause !== undefined) return stopped(attempt, cause, settled === undefined);
  if (settled === undefined) return undefined;
  if ('failure' in settled)
    return sealFailure(settled.failure, coder).then((failure) => ({ failure }));
  if (settled.output === undefined) return settled;
  const failed = (thrown: unknown): Result => ({ failure: failureOf(thrown) });
  try {
    const output = coder.seal(settled.output, 'Output');
    return isPromised(output) ? output.then((sealed) => ({ output: sealed }), failed) : { output };
  } catch (thrown) {
    return failed(thrown);
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
  begun.span?.end(result);
  if (settled === undefined) begun.attempt.slot.stick();
}

function report(begun: Begun, result: Result | undefined, environment: RunnerEnvironment): void {
  const { assigned, stop } = begun.attempt;
  const runMs = environment.clock.now() - begun.execution.beganAt;
  const lapsed = result === undefined || stop.cause === 'lapsed';
  if (lapsed) environment.reports.forget(assigned.ref);
  else environment.reports.finish(assigned.ref);
  environment.finished(assigned, lapsed ? undefined : { ref: assigned.ref, result, runMs });
}
