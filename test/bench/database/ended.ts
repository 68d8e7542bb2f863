// When tasks ended, by their own rows: rates of any stretch of time can be read afterwards, without asking meanwhile.

import type { Observer } from './observer.ts';

/** Tasks that ended between two moments in calendar milliseconds. */
export interface EndedTasks {
  between(fromMs: number, untilMs: number): number;
}

/** Tenths of a second are fine enough. */
const bucketMs = 100;

/** Reads all of them, once. */
export async function endedTasks(observer: Observer): Promise<EndedTasks> {
  const rows = await observer.run<{ bucket: string; count: string }>(
    `SELECT floor(extract(epoch FROM ended_at) * ${1000 / bucketMs}) AS bucket, count(*) AS count
     FROM tasks WHERE ended_at IS NOT NULL GROUP BY 1`,
  );
  const counts = rows.map(({ bucket, count }) => [Number(bucket), Number(count)] as const);
  const bucketOf = (moment: number) => Math.floor(moment / bucketMs);
  return {
    between: (fromMs, untilMs) =>
      counts.reduce(
        (sum, [at, count]) =>
          at >= bucketOf(fromMs) && at < bucketOf(untilMs) ? sum + count : sum,
        0,
      ),
  };
}

/** When so many had ended, in calendar milliseconds. */
export async function momentOf(observer: Observer, count: number): Promise<number> {
  const [row] = await observer.run<{ moment: number }>(
    `SELECT (extract(epoch FROM ended_at) * 1000)::float8 AS moment FROM tasks
     WHERE ended_at IS NOT NULL ORDER BY ended_at OFFSET $1 LIMIT 1`,
    [count - 1],
  );
  return row?.moment ?? Number.NaN;
}
