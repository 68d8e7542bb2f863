/**
 * Gathers single requests into bulk writes: a flush starts as soon as the one before returns.
 *
 * A lone request is written in the same turn of the event loop, and load makes batches grow by itself; callers wait for
 * the commit of their own flush. Everything is bounded, by rows and by bytes. A flush that is refused for its data is cut
 * in halves until the offender stands alone. A flush whose reply was lost is repeated as it was, marked `repeated`, for
 * as long as its `giveUpMs` allows.
 */
import type { Time } from '../rules/time.ts';
import { Overloaded, StoreRefused, StoreUnavailable } from './errors.ts';

/** How requests are gathered and written. */
export type FlushOptions<Item, Result> = {
  /**
   * Writes items and answers each, in order. With `repeated`, an earlier write of exactly these items may have
   * happened. Nothing of it is written if it throws `StoreRefused`; anything may be if it throws `StoreUnavailable`.
   */
  readonly write: (
    items: readonly Item[],
    how: { readonly repeated: boolean },
  ) => Promise<readonly Result[]>;
  /**
   * How many rows the next flush should have, at once or in a moment; `first` will be its first item, and so many rows
   * would fit. Default: as many as fit.
   */
  readonly turn?: (first: Item, rows: number) => number | Promise<number>;
  /** Rows of one item. Default 1. */
  readonly rowsOf?: (item: Item) => number;
  /** Bytes of one item, roughly. */
  readonly bytesOf: (item: Item) => number;
  /** A flush ends before it holds more rows than this, unless one item alone does. */
  readonly rowsMax: number;
  /** A flush ends before it holds more bytes than this, unless one item alone does. */
  readonly bytesMax: number;
  /** Flushes under way at a time. */
  readonly connectionsMax: number;
  /** Rows that may wait. More are answered `Overloaded`. */
  readonly queueRowsMax: number;
  /** Bytes that may wait. More are answered `Overloaded`. */
  readonly queueBytesMax: number;
  /**
   * How long a request is kept while the database is away, from its arrival. 0 (the default): its flush is not
   * repeated. Infinity: until `stop`.
   */
  readonly giveUpMs?: number;
  /** Waits between repetitions grow from 50 ms to this. Default 2,000. */
  readonly backoffMaxMs?: number;
  /** Monotonic milliseconds; tests have their own. */
  readonly now?: () => number;
  /** Chance for the waits; tests have their own. */
  readonly random?: () => number;
  /** Timers for the waits; simulations have their own. */
  readonly after?: Time['after'];
};

/** A gatherer of requests. */
export type Flush<Item, Result> = {
  /** Writes the item with others; settles with its own answer, after the commit. */
  push(item: Item): Promise<Result>;
  /** Rows that wait, those under way not counted. */
  readonly waitingRows: number;
  /** Throws `Overloaded` if the line is full whatever comes: for callers whose requests are not even worth reading. */
  refuseIfFull(): void;
  /** Refuses new items and repeats nothing any more; settles when everything that was taken in is answered. */
  stop(): Promise<void>;
};

const backoffFirstMs = 50;
const backoffMaxDefaultMs = 2_000;
/** When a refused caller should come back. */
const overloadedRetryMs = 500;

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly rows: number;
  readonly bytes: number;
  readonly arrivedAt: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** Makes a gatherer. */
export function createFlush<Item, Result>(
  options: FlushOptions<Item, Result>,
): Flush<Item, Result> {
  const queue = createQueue<Waiting<Item, Result>>(options);
  const now = options.now ?? performance.now.bind(performance);
  const rowsOf = options.rowsOf ?? (() => 1);
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let scheduled = false;
  let begunAt = 0;

  function push(item: Item): Promise<Result> {
    const rows = rowsOf(item);
    const bytes = options.bytesOf(item);
    if (stopping.signal.aborted)
      return Promise.reject(new StoreUnavailable('The coordinator is stopping.'));
    const full = queue.fault(rows, bytes);
    if (full !== null) return Promise.reject(new Overloaded(full, overloadedRetryMs));
    return new Promise((resolve, reject) => {
      queue.add({ item, rows, bytes, arrivedAt: now(), resolve, reject });
      if (scheduled) return;
      scheduled = true;
      // At the end of this turn, so that requests that arrived together are written together.
      queueMicrotask(begin);
    });
  }

  function begin(): void {
    scheduled = false;
    while (
      queue.rows > 0 &&
      mayBegin(underWay.size, now() - begunAt, options.connectionsMax, queue.isFull)
    ) {
      begunAt = now();
      const flush = inTurn(queue, options, (batch) => run(batch, false)).finally(() => {
        underWay.delete(flush);
        begin();
      });
      underWay.add(flush);
    }
  }

  async function run(batch: readonly Waiting<Item, Result>[], wasLost: boolean): Promise<void> {
    let open = batch;
    let repeated = wasLost;
    for (let waitMs = backoffFirstMs; open.length > 0; waitMs *= 2) {
      try {
        const items = open.map(({ item }) => item);
        const results = await options.write(items, { repeated });
        for (const [index, each] of open.entries()) each.resolve(results[index] as Result);
        return;
      } catch (error) {
        if (error instanceof StoreRefused && open.length > 1) return halves(open, repeated);
        if (!(error instanceof StoreUnavailable)) return rejectAll(open, error);
        repeated = true;
        open = giveUp(open, error);
        if (open.length > 0) await pause(waitMs, options, stopping.signal);
      }
    }
  }

  async function halves(batch: readonly Waiting<Item, Result>[], repeated: boolean): Promise<void> {
    const middle = batch.length >> 1;
    await run(batch.slice(0, middle), repeated);
    await run(batch.slice(middle), repeated);
  }

  /** Answers those whose time is over, also among the waiting ones; returns the rest of the batch. */
  function giveUp(
    batch: readonly Waiting<Item, Result>[],
    error: unknown,
  ): readonly Waiting<Item, Result>[] {
    const oldest = stopping.signal.aborted ? Infinity : now() - (options.giveUpMs ?? 0);
    const isOver = (each: Waiting<Item, Result>) => each.arrivedAt <= oldest;
    if ((options.giveUpMs ?? 0) > 0) rejectAll(queue.removeWhile(isOver), error);
    rejectAll(batch.filter(isOver), error);
    return batch.filter((each) => !isOver(each));
  }

  return {
    push,
    get waitingRows() {
      return queue.rows;
    },
    refuseIfFull() {
      const full = queue.fault(1, 1);
      if (full !== null) throw new Overloaded(full, overloadedRetryMs);
    },
    stop: async () => {
      stopping.abort();
      while (underWay.size > 0 || queue.rows > 0) {
        begin();
        await Promise.all(underWay);
      }
    },
  };
}

/** Writes what is in front, when it is its turn; at once where there is nothing to wait for. */
function inTurn<Item, Result>(
  queue: Queue<Waiting<Item, Result>>,
  { turn, rowsMax }: FlushOptions<Item, Result>,
  write: (batch: readonly Waiting<Item, Result>[]) => Promise<void>,
): Promise<void> {
  const first = queue.first();
  if (first === undefined || turn === undefined) return write(queue.take());
  const rows = turn(first.item, Math.min(queue.rows, rowsMax));
  if (typeof rows === 'number') return write(queue.take(rows));
  return rows.then((now) => write(queue.take(now)));
}

/** A flush that takes longer is not waited for by those behind it. */
const slowFlushMs = 100;

/**
 * Whether a flush may begin beside those under way: a full one, or any if the newest of those is slow. Two flushes of 250
 * rows at once cost more than one of 500: 27 µs of the coordinator and 21 of Postgres per task, against 24 and 18.
 */
export function mayBegin(
  underWay: number,
  newestAgeMs: number,
  connectionsMax: number,
  full: boolean,
): boolean {
  if (underWay === 0) return true;
  return underWay < connectionsMax && (full || newestAgeMs > slowFlushMs);
}

const timerOfProcess: Time['after'] = (ms, action) => {
  const timer = setTimeout(action, ms);
  return { cancel: () => clearTimeout(timer) };
};

function pause(
  waitMs: number,
  {
    random = Math.random,
    after = timerOfProcess,
    backoffMaxMs = backoffMaxDefaultMs,
  }: Pick<FlushOptions<never, never>, 'random' | 'after' | 'backoffMaxMs'>,
  signal: AbortSignal,
): Promise<void> {
  const longest = Math.min(waitMs, backoffMaxMs);
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = after(longest * (0.5 + random() / 2), end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

function rejectAll<Item, Result>(batch: readonly Waiting<Item, Result>[], error: unknown): void {
  for (const each of batch) each.reject(error);
}

type Sized = { readonly rows: number; readonly bytes: number };
type QueueLimits = Pick<
  FlushOptions<never, never>,
  'rowsMax' | 'bytesMax' | 'queueRowsMax' | 'queueBytesMax'
>;

type Queue<Each extends Sized> = ReturnType<typeof createQueue<Each>>;

/** A bounded line; items leave from the front, a batch at a time. */
function createQueue<Each extends Sized>(limits: QueueLimits) {
  let line: Each[] = [];
  let first = 0;
  let rows = 0;
  let bytes = 0;

  function shift(): void {
    const each = line[first];
    if (each === undefined) return;
    rows -= each.rows;
    bytes -= each.bytes;
    first += 1;
    // The part that has left is cut off now and then, not item by item.
    if (first === line.length || first > 10_000) {
      line = line.slice(first);
      first = 0;
    }
  }

  return {
    get rows() {
      return rows;
    },
    /** Enough waits for a whole flush. */
    get isFull() {
      return rows >= limits.rowsMax || bytes >= limits.bytesMax;
    },
    /** Why so much more cannot wait, or null. A line that is empty takes anything. */
    fault(moreRows: number, moreBytes: number): string | null {
      if (rows === 0) return null;
      if (rows + moreRows > limits.queueRowsMax)
        return `${rows} rows wait for the database, at most ${limits.queueRowsMax} may.`;
      if (bytes + moreBytes > limits.queueBytesMax)
        return `${bytes} bytes wait for the database, at most ${limits.queueBytesMax} may.`;
      return null;
    },
    add(each: Each): void {
      line.push(each);
      rows += each.rows;
      bytes += each.bytes;
    },
    first: (): Each | undefined => line[first],
    /** As many as fit one flush, of so many rows at most; at least one. */
    take(rowsMax = limits.rowsMax): readonly Each[] {
      const most = Math.min(rowsMax, limits.rowsMax);
      const batch: Each[] = [];
      let batchRows = 0;
      let batchBytes = 0;
      for (;;) {
        const each = line[first];
        if (each === undefined) break;
        batchRows += each.rows;
        batchBytes += each.bytes;
        const fits = batchRows <= most && batchBytes <= limits.bytesMax;
        if (!fits && batch.length > 0) break;
        batch.push(each);
        shift();
      }
      return batch;
    },
    removeWhile(isOver: (each: Each) => boolean): readonly Each[] {
      const removed: Each[] = [];
      for (let each = line[first]; each !== undefined && isOver(each); each = line[first]) {
        removed.push(each);
        shift();
      }
      return removed;
    },
  };
}
