// What the stories about schedules share: handlers that can be held, and readings of what became of each time.

import { defineHandler, type Fire, type FireDecision, MusterError } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { collect, type Stage } from '../../harness/flow.ts';

/** Schedules may ask this often here, so that a story of many times is short. */
export const quick = { flags: ['--schedule-interval-min', '10ms'] };

/** A rate whose next time nobody lives to see: such a schedule is triggered by hand. */
export const seldom = '300d';

/** Says what it was given. */
export const echo = defineHandler({
  name: 'schedules.echo',
  run: (input: unknown, { nominalTime, idempotencyKey }) => ({
    ...{ input, key: idempotencyKey, nominalTime: nominalTime?.toISOString() },
  }),
});

/** Fails each time. */
export const fail = defineHandler({
  name: 'schedules.fail',
  retry: { maxAttempts: 1 },
  run(_: unknown): never {
    throw new Error('no');
  },
});

const gates = new Map<string, { begun: number; aborted: number; open: (() => void)[] }>();

/** A gate at which runs of `hold` wait; its name is that of a test and an engine. */
export function gateOf(name: string) {
  const gate = gates.get(name) ?? { begun: 0, aborted: 0, open: [] };
  gates.set(name, gate);
  return gate;
}

/** Runs until its gate lets it go, oldest first, or until it is told to stop. */
export const hold = defineHandler({
  name: 'schedules.hold',
  run: (name: string, { signal }) =>
    new Promise<void>((resolve, reject) => {
      const gate = gateOf(name);
      gate.begun += 1;
      gate.open.push(() => resolve());
      signal.addEventListener('abort', () => {
        gate.aborted += 1;
        reject(signal.reason);
      });
    }),
});

/** Lets the oldest run at a gate end. */
export function letGo(name: string): void {
  gateOf(name).open.shift()?.();
}

/** Records of a schedule, oldest first. */
export async function firesOf(
  { client }: Pick<Stage, 'client'>,
  name: string,
  ...decisions: readonly FireDecision[]
): Promise<Fire[]> {
  return (await collect(client.schedules.fires(name, { decisions }))).reverse();
}

/** Waits until the records of a schedule, oldest first, hold. */
export function firesWhen(
  stage: Pick<Stage, 'client'>,
  name: string,
  check: (fires: readonly Fire[]) => unknown,
): Promise<readonly Fire[]> {
  return eventually(() => firesOf(stage, name), check, { what: `the fires of ${name}` });
}

/** Waits until these are the decisions of a schedule and, where there is a task, the states of its tasks. */
export function standsAt(
  stage: Pick<Stage, 'client'>,
  name: string,
  ...expected: readonly string[]
): Promise<readonly Fire[]> {
  return firesWhen(stage, name, (fires) => {
    const words = fires.map(({ decision, taskState }) => `${decision} ${taskState ?? '-'}`);
    return JSON.stringify(words) === JSON.stringify(expected);
  });
}

/** Output of the task of a record, once it has succeeded. */
export async function outputOf(stage: Pick<Stage, 'client'>, fire: Fire | undefined) {
  const { output } = await eventually(
    () => stage.client.get(fire?.taskId ?? '', 'payloads'),
    ({ state }) => state === 'SUCCEEDED',
  );
  // What `echo` says.
  return output as { input: unknown; key: string; nominalTime: string };
}

/** Makes what has to be made before a moment; a machine that was too slow for that gets more time. */
export async function inTime<Made>(make: (awayMs: number) => Promise<Made>): Promise<Made> {
  for (let awayMs = 900; ; awayMs *= 2) {
    try {
      return await make(awayMs);
    } catch (error) {
      const isLate = error instanceof MusterError && error.reason === 'INVALID_REQUEST';
      if (!isLate || awayMs > 10_000) throw error;
    }
  }
}

/** Lets a schedule ask at some moments soon, so many milliseconds apart; what comes too late for that is tried again. */
export async function askSoon(
  { client }: Pick<Stage, 'client'>,
  name: string,
  apartMs: readonly number[] = [0],
): Promise<void> {
  for (let awayMs = 1_000; awayMs < 20_000; awayMs *= 2) {
    const first = Date.now() + awayMs;
    const at = apartMs.map((apart) => new Date(first + apart));
    const { nextTime } = await client.schedules.update(name, { at, every: seldom });
    if (nextTime?.getTime() === at[0]?.getTime()) return;
    const newest = await firesOf({ client }, name);
    if (newest.some(({ nominalTime }) => nominalTime.getTime() === first)) return;
  }
  throw new Error(`${name} cannot be asked in time.`);
}
