// A machine of the cluster and the one process on it, which is started again whenever it should run: what a
// supervisor does. Each start begins another life.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProcess } from '../../../harness/processes.ts';

/** Where one coordinator or one agent runs. */
export interface Place {
  /** Such as `agent-2`. */
  readonly name: string;
  /** Where it serves, `host:port`; empty: nowhere. */
  readonly address: string;
  /** Counted from 1; 0 before the first. */
  readonly life: number;
  /** Of its process; undefined: none runs. */
  readonly pid: number | undefined;
  /** Whether its process serves and is not frozen, as far as its supervisor knows. */
  readonly isUp: boolean;
  /** Lives that were asked to stop. */
  readonly askedToStop: ReadonlySet<number>;
  /** Lines that the processes of all lives have printed. */
  readonly lines: readonly string[];
  /** What was not in order: ends by themselves, exit codes, errors in logs. */
  readonly complaints: readonly string[];
  /** Begins a life and waits until it serves; tries again while it does not, for a minute. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM; waits for the end, which must be in order. */
  terminate(): Promise<void>;
  /** SIGSTOP. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
}

/** How the process of a place is started and judged. */
export interface PlaceSettings {
  readonly name: string;
  /** Where it serves; default: nowhere. */
  readonly address?: string;
  /** Resolves when it serves; `started` is told of the process as soon as there is one. */
  launch(life: number, started: (process: RunningProcess) => void): Promise<void>;
  /** Lines that should not be in its log. */
  errorsIn(lines: readonly string[]): readonly string[];
}

const startTimeoutMs = 60_000;
const againMs = 200;
const terminateTimeoutMs = 40_000;

/** Makes a place; nothing runs there yet. */
export function createPlace({ name, address = '', launch, errorsIn }: PlaceSettings): Place {
  const state = { life: 0, isUp: false };
  const askedToStop = new Set<number>();
  const lines: string[] = [];
  const complaints: string[] = [];
  let current: RunningProcess | undefined;

  /** Keeps what the ended process has printed. */
  function bury(): void {
    if (current === undefined) return;
    lines.push(`--- ${name}, life ${state.life} ---`, ...current.lines);
    complaints.push(...errorsIn(current.lines).map((line) => `${name} logged ${line}`));
    current = undefined;
  }

  async function begin(): Promise<void> {
    state.life += 1;
    await launch(state.life, (process) => {
      current = process;
    });
    state.isUp = true;
    const process = current;
    void process?.exit.then(({ code, signal }) => {
      if (process === current && state.isUp)
        complaints.push(`${name} ended by itself: ${signal ?? `exit code ${String(code)}`}`);
    });
  }

  return {
    ...{ name, address },
    ...{ askedToStop, lines, complaints },
    get life() {
      return state.life;
    },
    get pid() {
      return current?.pid;
    },
    get isUp() {
      return state.isUp;
    },
    async start() {
      for (const deadline = performance.now() + startTimeoutMs; ; await sleep(againMs)) {
        try {
          return await begin();
        } catch (cause) {
          await current?.end('SIGKILL');
          lines.push(
            `--- ${name}, life ${state.life}, did not start ---`,
            ...(current?.lines ?? []),
          );
          current = undefined;
          if (performance.now() > deadline) throw new Error(`${name} did not start`, { cause });
        }
      }
    },
    async kill() {
      state.isUp = false;
      await current?.end('SIGKILL');
      bury();
    },
    async terminate() {
      state.isUp = false;
      askedToStop.add(state.life);
      const timer = setTimeout(() => current?.signal('SIGKILL'), terminateTimeoutMs);
      const exit = await current?.end('SIGTERM');
      clearTimeout(timer);
      if (exit !== undefined && exit.code !== 0)
        complaints.push(`${name} ended by ${exit.signal ?? exit.code} when it was asked to stop`);
      bury();
    },
    freeze() {
      state.isUp = false;
      current?.signal('SIGSTOP');
    },
    thaw() {
      current?.signal('SIGCONT');
      state.isUp = current !== undefined;
    },
  };
}
