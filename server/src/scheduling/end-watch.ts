/**
 * Which tasks have ended whose schedules must know.
 *
 * Those that were made here, or by hand, are listened for; the others, and whatever was not heard of, are found by walking over
 * all of them, a page at a time. Nothing of this is done while no end matters to any schedule.
 */
import type { RoleContext } from '../role.ts';
import type { TaskId } from '../rules/task.ts';

/** Remembers whose ends matter, and notes them. */
export type EndWatch = {
  /** Their ends matter. */
  follow(tasks: readonly TaskId[]): void;
  /** Whether ends of any tasks matter. Answers whether it is time to look for those that were not heard of. */
  watch(watching: boolean): boolean;
  /** Notes the ends that are known of. */
  note(): Promise<void>;
  stop(): void;
};

/** Those beyond are found by walking. */
const followedMax = 100_000;
/** Ends that one transaction notes. */
const notedMax = 1_000;
/** How long it goes on listening after the last of them: the next may end before listening has begun anew everywhere. */
const lingerMs = 60_000;
/** Tasks of one page of the walk. */
const pageMax = 2_000;

/** Makes a watch; `onEnd` is called when it has something to note. */
export function createEndWatch(
  context: Pick<RoleContext, 'store' | 'wakeups' | 'config' | 'time'> & {
    readonly onEnd: () => void;
  },
): EndWatch {
  const { schedules } = context.store;
  const { wakeups, config, time, onEnd } = context;
  let followed = new Set<TaskId>();
  /** Those that this walk has met so far; in its end the others are forgotten: somebody else has noted their ends. */
  let met = new Set<TaskId>();
  const ended = new Set<TaskId>();
  let unsubscribe: (() => void) | null = null;
  let cursor: TaskId | null = null;
  let walkAt = Number.NEGATIVE_INFINITY;
  let walking = false;
  let neededAt = Number.NEGATIVE_INFINITY;

  function follow(tasks: readonly TaskId[]): void {
    if (tasks.length === 0) return;
    for (const id of tasks) {
      if (followed.size < followedMax) followed.add(id);
      if (met.size < followedMax) met.add(id);
    }
    neededAt = time.now();
    unsubscribe ??= wakeups.subscribe('moved', hear);
  }

  function hear({
    tasks,
  }: {
    readonly tasks: readonly { taskId: TaskId; finished: boolean }[];
  }): void {
    const before = ended.size;
    for (const { taskId, finished } of tasks)
      if (finished && followed.delete(taskId)) ended.add(taskId);
    if (ended.size > before) onEnd();
  }

  function stop(): void {
    unsubscribe?.();
    unsubscribe = null;
  }

  async function walk(): Promise<void> {
    const found = await schedules.findEnds(cursor, pageMax);
    cursor = found.last;
    follow(found.unfinished);
    for (const id of found.ended) ended.add(id);
    // The pages of one walk follow each other; the next walk comes with the safety poll.
    if (cursor !== null) return onEnd();
    walkAt = time.now() + config.safetyPollIntervalMs * 0.8;
    followed = met;
    met = new Set();
  }

  return {
    follow,
    watch: (watching) => {
      walking = watching;
      if (watching) return time.now() >= walkAt;
      followed.clear();
      met.clear();
      if (time.now() > neededAt + lingerMs) stop();
      return false;
    },
    async note() {
      if (walking && time.now() >= walkAt) await walk();
      const ids = [...ended].slice(0, notedMax);
      if (ids.length === 0) return;
      await schedules.noteEnds(ids);
      for (const id of ids) ended.delete(id);
      if (ended.size > 0) onEnd();
    },
    stop,
  };
}
