/**
 * The changes of some tasks as one call hears of them: ids that are worth another look.
 *
 * It remembers what it has told by the version of each task, so that the safety poll adds nothing where no wakeup was
 * lost. An id may be told without a change, never the other way round.
 */

import { isFinished } from '../../rules/lifecycle.ts';
import type { NamespaceId, Task, TaskId } from '../../rules/task.ts';
import type { States, Waiting } from './waiting.ts';

/** An id that is worth another look; `finished`: somebody has committed its end; `task`: what it is since then, if known. */
export type Change = {
  readonly id: TaskId;
  readonly finished: boolean;
  readonly task: Task | null;
};

/** What a call would like to be told beside ids. */
export type Wanted = {
  /** Moves that end nothing are not told. */
  readonly endsOnly: boolean;
  /** Tasks that end here are told whole. */
  readonly tasks: boolean;
};

/** Changes of some tasks. */
export type TaskChanges = {
  /** Notes what the caller has read, before it reads anything that it will answer with. */
  noteVersions(states: States): void;
  /** Ids that may have changed since the last call, at once if there are any; none after `timeoutMs` or an abort. */
  next(timeoutMs: number, signal: AbortSignal): Promise<readonly Change[]>;
  /** Must be called in the end. */
  close(): void;
};

/** Begins to listen. */
export function openTaskChanges(
  waiting: Waiting,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
  { endsOnly, tasks }: Wanted,
): TaskChanges {
  const versions = new Map<TaskId, string>();
  let changed = new Map<TaskId, Change>();
  let wake = () => {};

  function tell(id: TaskId, finished: boolean, task: Task | null = null): void {
    const before = changed.get(id);
    changed.set(id, {
      id,
      finished: finished || before?.finished === true,
      task: task ?? before?.task ?? null,
    });
    wake();
  }

  const own = new Set(ids);
  const close = waiting.open({
    namespaceId,
    ids,
    moved({ taskId, finished }) {
      if (finished || !endsOnly) tell(taskId, finished);
    },
    ...(tasks && { ended: (task: Task) => tell(task.id, true, task) }),
    polled(asked, states) {
      for (const id of asked) {
        if (!own.has(id)) continue;
        const now = states.get(id);
        const version = now?.version ?? 'missing';
        if (versions.get(id) === version) continue;
        versions.set(id, version);
        if (!endsOnly || now === undefined || isFinished(now.state)) tell(id, false);
      }
    },
  });

  return {
    noteVersions(states) {
      for (const [id, { version }] of states) versions.set(id, version);
    },
    async next(timeoutMs, signal) {
      if (changed.size === 0) await sleep(timeoutMs, signal, (resume) => (wake = resume));
      wake = () => {};
      const told = [...changed.values()];
      changed = new Map();
      return told;
    },
    close,
  };
}

/** Ends after the time, by an abort, or by the function that is handed out. */
export function sleep(
  timeoutMs: number,
  signal: AbortSignal,
  handOut: (resume: () => void) => void = () => {},
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    handOut(end);
    if (signal.aborted) end();
  });
}
