/**
 * Outcomes on their way into the store, in bulk.
 *
 * A flush starts as soon as the one before returns, so batches grow with load and a lone outcome waits for nobody. A
 * flush is tried until the database answers. One that is refused for its data is halved until the offender stands alone;
 * that one is recorded as a failure of kind REFUSED, so that 499 others do not wait for it.
 */
import { judgeOutcome, type ReportedOutcome, refusedOutcome } from '../../rules/outcome.ts';
import type { LeaseRef, OutcomeWrite } from '../../rules/task.ts';
import { StoreRefused } from '../../store/errors.ts';
import { mayBegin } from '../../store/flush.ts';
import type { RecordedOutcome } from '../../store/store.ts';
import { announceRecorded } from '../../wakeups/announcements.ts';
import { tellOutcomes } from '../../wakeups/events/events.ts';
import { insist, isPassing } from '../pace.ts';
import { forgetLease, type OpenLease, type Session } from '../session/session.ts';
import type { OutcomesOptions } from './outcomes.ts';

/** Flushes of outcomes. */
export type OutcomeFlushes = {
  /** The attempt of a lease has ended like this. */
  add(lease: OpenLease, reported: ReportedOutcome): void;
  /** Outcomes that wait for their flush. */
  waiting(): number;
  /** Settles when nothing is under way. */
  idle(): Promise<void>;
};

/** An end on its way. */
type Pending = {
  readonly lease: OpenLease;
  readonly write: OutcomeWrite;
  readonly bytes: number;
  readonly tries: number;
};

/** An error that nobody expects is taken for one of the data after so many tries. */
const triesMax = 5;
const retryMs = 1000;

/** Outcomes of a flush that answers their tasks too. */
const toldMax = 64;

/** Makes flushes. */
export function createOutcomeFlushes(options: OutcomesOptions): OutcomeFlushes {
  const { wakeups, events, counters } = options;
  const logger = options.logger.child({ part: 'outcomes' });
  let waiting: Pending[] = [];
  let begunAt = 0;
  let scheduled = false;
  const underWay = new Set<Promise<void>>();

  function add(lease: OpenLease, reported: ReportedOutcome): void {
    const write = judgeOutcome(lease, options.optionsOf(lease), reported, options.time.random());
    enqueue({ lease, write, bytes: bytesOf(write), tries: 0 });
  }

  function enqueue(pending: Pending): void {
    waiting.push(pending);
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(begin);
  }

  function begin(): void {
    scheduled = false;
    const { flushRowsMax, flushesMax } = options;
    while (waiting.length > 0) {
      const full = waiting.length >= flushRowsMax;
      if (!mayBegin(underWay.size, options.clock() - begunAt, flushesMax, full)) return;
      begunAt = options.clock();
      const flush = record(takeBatch()).finally(() => {
        underWay.delete(flush);
        begin();
      });
      underWay.add(flush);
    }
  }

  function takeBatch(): readonly Pending[] {
    const { batch, rest } = splitBatch(waiting, options.flushRowsMax, options.flushBytesMax);
    waiting = rest;
    return batch;
  }

  /** Records a batch, whatever it takes. */
  async function record(batch: readonly Pending[]): Promise<void> {
    try {
      const results = await write(options, batch);
      for (const [index, pending] of batch.entries()) settle(pending, results[index]);
      options.settled();
      announceRecorded(wakeups, results);
      if (events.on) tellOutcomes(events, batch.map(endedAttempt), results);
    } catch (error) {
      if (isPassing(error)) return;
      await recordApart(batch, error);
    }
  }

  /** Halves a flush that was refused until the offender stands alone. */
  async function recordApart(batch: readonly Pending[], error: unknown): Promise<void> {
    const [only] = batch;
    if (only !== undefined && batch.length === 1) return recordOffender(only, error);
    const middle = Math.ceil(batch.length / 2);
    await record(batch.slice(0, middle));
    await record(batch.slice(middle));
  }

  async function recordOffender(only: Pending, error: unknown): Promise<void> {
    const { lease, tries } = only;
    const isData = error instanceof StoreRefused || tries >= triesMax;
    if (isData && only.write.failure?.kind !== 'REFUSED') {
      counters.count('outcome_refused');
      const why = 'an outcome was refused by the database';
      logger.warn({ err: error, taskId: lease.taskId }, why);
      const reason = error instanceof Error ? error.message : String(error);
      return record([{ ...only, write: refusedOutcome(lease, reason) }]);
    }
    // Not its data, then: it is tried again and again, beside the others.
    logger.error({ err: error, taskId: lease.taskId, tries }, 'an outcome could not be recorded');
    options.time.after(retryMs, () => enqueue({ ...only, tries: tries + 1 }), 'background');
  }

  function settle({ lease }: Pending, result: RecordedOutcome | undefined): void {
    const status = result?.status ?? 'STALE';
    if (status === 'STALE') counters.count('outcome_stale');
    forgetLease(lease);
    answerOutcome(lease.session, lease, status);
    options.recorded(lease);
  }

  return {
    add,
    waiting: () => waiting.length,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Writes a batch until the database answers; tells those who wait here. */
async function write(
  { store, pace, awaiting }: OutcomesOptions,
  batch: readonly Pending[],
): Promise<readonly RecordedOutcome[]> {
  const { wants, ended } = awaiting();
  // In busy moments those who wait read their tasks together, beside the outcomes.
  const tasks = batch.length <= toldMax && batch.every(({ lease }) => wants(lease.taskId));
  const results = await insist(pace, () =>
    store.leases.record(
      batch.map((pending) => pending.write),
      { tasks },
    ),
  );
  for (const { task } of results) if (task !== null) ended(task);
  return results;
}

function endedAttempt({ lease, write }: Pending) {
  return { lease, interrupted: write.result === 'INTERRUPTED' };
}

function bytesOf({ output, failure }: OutcomeWrite): number {
  if (output !== null) return 100 + output.data.length;
  if (failure === null) return 100;
  const { message, stack, details } = failure;
  return 200 + message.length + stack.length + (details?.data.length ?? 0);
}

/** The next batch: bounded, and no task twice, so that each write has one answer. */
export function splitBatch<Item extends Pick<Pending, 'bytes'> & { lease: { taskId: string } }>(
  waiting: readonly Item[],
  rowsMax: number,
  bytesMax: number,
): { readonly batch: readonly Item[]; readonly rest: Item[] } {
  const batch: Item[] = [];
  const rest: Item[] = [];
  const taskIds = new Set<string>();
  let bytes = 0;
  for (const [index, pending] of waiting.entries()) {
    if (batch.length >= rowsMax || (batch.length > 0 && bytes + pending.bytes > bytesMax)) {
      // Not spread into a push: as arguments, a hundred thousand of them overflow the stack.
      return { batch, rest: rest.concat(waiting.slice(index)) };
    }
    if (taskIds.has(pending.lease.taskId)) {
      rest.push(pending);
      continue;
    }
    taskIds.add(pending.lease.taskId);
    batch.push(pending);
    bytes += pending.bytes;
  }
  return { batch, rest };
}

/** Tells an agent what became of an outcome. */
export function answerOutcome(
  session: Session,
  lease: LeaseRef,
  status: RecordedOutcome['status'],
): void {
  if (session.stage === 'ENDED') return;
  session.outbox.acks.push({ lease, status });
  session.wake();
}
