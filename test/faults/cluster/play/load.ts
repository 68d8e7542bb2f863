// Steady work of all kinds, and what its submitters were told about it: acknowledgements, and how each wait and watch
// ended.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, MusterError, type SubmitOptions, TaskFailedError } from '@muster/sdk';
import { type RecordedInput, recorded } from '../../../handlers/recorded.ts';
import { uuidV7 } from '../../../harness/task-ids.ts';
import type { Chance } from '../../../simulation/world/chance.ts';

/** What a client was told about one task. */
export interface Told {
  readonly id: string;
  /** How many attempts fail as they were told to. */
  readonly failures: number;
  /** True once the submit has returned. */
  acknowledged: boolean;
  /** Somebody asked for its cancellation. */
  cancelled: boolean;
  /** How a wait or a watch ended; undefined: none was begun, or it was not acknowledged. */
  readonly seen: Promise<Seen | undefined> | undefined;
}

/** How a wait or a watch ended. */
export type Seen =
  | { readonly state: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'; readonly output: unknown }
  | { readonly error: string };

/** What is submitted, and by whom. */
export interface LoadSettings {
  /** Submits at first, and waits: it tries again for long. */
  readonly patient: readonly Client[];
  /** Submits once; whether that was stored it may never know. */
  readonly impatient: readonly Client[];
  readonly history: string;
  readonly label: string;
  readonly chance: Chance;
  /** Mean time between two submits of one client, of three tasks on average. Default 300. */
  readonly everyMs?: number;
  /** Without tasks that fail, are cancelled or run for seconds. */
  readonly isPlain?: boolean;
  /** Added to each task. */
  readonly addition?: () => Addition;
}

/** What a task has besides. */
export interface Addition {
  readonly input?: Partial<RecordedInput>;
  readonly options?: SubmitOptions;
}

/** Work that goes on. */
export interface Load {
  readonly told: ReadonlyMap<string, Told>;
  /** Why submits of patient clients failed. */
  readonly refusals: readonly string[];
  /** Submits nothing more; resolves when every submit under way is answered. */
  stop(): Promise<void>;
}

const waitTimeout = '200s';
const cancelAfterMs = 700;

/** Begins to submit. */
export function startLoad(settings: LoadSettings): Load {
  const { patient, impatient, chance, everyMs = 300 } = settings;
  const told = new Map<string, Told>();
  const refusals: string[] = [];
  const stopping = new AbortController();
  const observers = patient;

  async function submitSome(client: Client): Promise<void> {
    const count = chance.whole(1, 5);
    const submits = Array.from({ length: count }, async () => {
      const { input, options, failures, isCancelled } = chooseWork(settings);
      const id = uuidV7();
      const observer = chance.pick(observers);
      const how = chance.number();
      const acknowledged = Promise.withResolvers<boolean>();
      const seen =
        how < 0.8
          ? acknowledged.promise.then((is) => (is ? see(observer, id, how < 0.6) : undefined))
          : undefined;
      const entry: Told = {
        ...{ id, failures, seen },
        acknowledged: false,
        cancelled: isCancelled,
      };
      told.set(id, entry);
      try {
        await client.submit(recorded, input, { ...options, id, labels: { story: settings.label } });
        entry.acknowledged = true;
      } catch (error) {
        if (patient.includes(client)) refusals.push(String(error));
      }
      acknowledged.resolve(entry.acknowledged);
      if (isCancelled) setTimeout(() => cancel(observer, id), cancelAfterMs);
    });
    await Promise.all(submits);
  }

  async function keepSubmitting(client: Client): Promise<void> {
    const open = new Set<Promise<void>>();
    while (!stopping.signal.aborted) {
      const submit = submitSome(client).finally(() => open.delete(submit));
      open.add(submit);
      await sleep(chance.between(0.2, 1.8) * everyMs);
    }
    await Promise.all(open);
  }

  const clients = [...patient, ...impatient].map(keepSubmitting);
  return {
    ...{ told, refusals },
    async stop() {
      stopping.abort();
      await Promise.all(clients);
    },
  };
}

interface Work {
  readonly input: RecordedInput;
  readonly options: SubmitOptions;
  readonly failures: number;
  readonly isCancelled: boolean;
}

function chooseWork(settings: LoadSettings): Work {
  const { chance, history, isPlain = false, addition } = settings;
  const { input: moreInput, options: moreOptions }: Addition = addition?.() ?? {};
  const dice = chance.number() * (isPlain ? 0.75 : 1);
  const work = (runMs: number, rest: Partial<Work> = {}): Work => ({
    ...{ failures: 0, isCancelled: false },
    ...rest,
    input: { history, runMs: Math.round(runMs), ...rest.input, ...moreInput },
    options: { ...rest.options, ...moreOptions },
  });
  if (dice < 0.5) return work(chance.between(2, 60));
  if (dice < 0.75) return work(chance.between(150, 900));
  if (dice < 0.85)
    return work(chance.between(2_000, 9_000), { input: { history, reportEveryMs: 500 } });
  if (dice < 0.9) {
    const retry = { initialDelay: '300ms' } as const;
    return work(100, { failures: 1, input: { history, failures: 1 }, options: { retry } });
  }
  if (dice < 0.95) return work(50, { options: { delay: `${chance.whole(300, 3_000)}ms` } });
  return work(chance.between(200, 3_000), { isCancelled: true });
}

/** Whether a cancel is heard is nobody's promise: the task ends in any case. */
function cancel(client: Client, id: string): void {
  client.cancel({ ids: [id] }).catch(() => {});
}

/** Waits for the end of a task, or watches it; a task that was never stored is not to be seen. */
async function see(client: Client, id: string, byWaiting: boolean): Promise<Seen> {
  const handle = client.handle(id);
  try {
    if (byWaiting)
      return { state: 'SUCCEEDED', output: await handle.result({ timeout: waitTimeout }) };
    let last: { state: string; output: unknown } | undefined;
    for await (const task of handle.watch()) last = task;
    if (last?.state === 'SUCCEEDED' || last?.state === 'FAILED' || last?.state === 'CANCELLED')
      return { state: last.state, output: undefined };
    return { error: `the watch ended at ${last?.state}` };
  } catch (error) {
    if (error instanceof TaskFailedError) return { state: 'FAILED', output: undefined };
    if (error instanceof MusterError && error.reason === 'TASK_CANCELLED')
      return { state: 'CANCELLED', output: undefined };
    return {
      error: error instanceof MusterError ? `${error.reason}: ${error.message}` : String(error),
    };
  }
}
