// The handlers of a bench: they do nothing, so that only the way to them is measured.

import { defineHandler } from '@muster/sdk';
import { preciseNow, type TimedStart } from './protocol.ts';

/** Nothing, with a result that is kept. */
export const noop = defineHandler({
  name: 'bench.noop',
  run: (_input: { text: string }) => ({ ok: true }),
});

/** The same, for work that stands in line behind others. */
export const behind = defineHandler({
  name: 'bench.behind',
  run: (_input: { text: string }) => ({ ok: true }),
});

/** Answers when it began. */
export const started = defineHandler({
  name: 'bench.started',
  run: (_input: { text: string }) => ({ startedAt: preciseNow() }),
});

/** Answers with as much as it was given. */
export const echo = defineHandler({
  name: 'bench.echo',
  run: (input: { text: string }) => input,
});

let starts: TimedStart[] = [];

/** The starts that `timed` has noted in this process since they were last taken. */
export function takeStarts(): readonly TimedStart[] {
  const taken = starts;
  starts = [];
  return taken;
}

/** Notes when it began, by the clock that the database reads too; fails as often as it is told, and is then tried again. */
export const timed = defineHandler({
  name: 'bench.timed',
  retry: { maxAttempts: 2, initialDelay: '1s', jitter: 0 },
  run: ({ failures }: { failures: number }, context) => {
    const startedAt = Date.now();
    const { idempotencyKey, taskId, attempt, nominalTime } = context;
    starts.push([idempotencyKey ?? taskId, attempt, nominalTime?.getTime() ?? 0, startedAt]);
    if (attempt <= failures) throw new Error('The bench asked for a failure.');
  },
});
