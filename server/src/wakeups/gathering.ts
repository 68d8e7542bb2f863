/**
 * Several hints of one name as one: pure, and the same for every way in which wakeups travel.
 *
 * Gathering loses nothing: lists are joined (of a task that moved twice the later move is kept), of delays the shortest
 * is kept. Only hints that differ in more than their list stay apart.
 */
import type { HintName, Hints, TaskMoved } from './wakeups.ts';

/** How many things a hint is about. */
export function hintSize(hint: Hints[HintName]): number {
  for (const list of Object.values(hint)) if (Array.isArray(list)) return list.length;
  return 1;
}

/** As few hints as say the same. */
export function gatherHint(
  name: HintName,
  hints: readonly Hints[HintName][],
): readonly Hints[HintName][] {
  if (hints.length < 2) return hints;
  return gatherers[name](hints as never);
}

const gatherers: { readonly [Name in HintName]: (hints: readonly Hints[Name][]) => Hints[Name][] } =
  {
    ready: (hints) => [
      {
        handlerIds: [...new Set(hints.flatMap((hint) => hint.handlerIds))],
        newest: hints.every((hint) => hint.newest === true),
      },
    ],
    delayed: (hints) => [{ dueInMs: Math.min(...hints.map((hint) => hint.dueInMs)) }],
    scheduled: (hints) => [
      {
        lookInMs: Math.min(...hints.map((hint) => hint.lookInMs)),
        watched: hints.flatMap((hint) => hint.watched ?? []),
      },
    ],
    moved: (hints) => [{ tasks: lastMoves(hints) }],
    cancel: (hints) => [{ orders: hints.flatMap((hint) => hint.orders) }],
    drain: (hints) => [...hints],
    detached: (hints) => [{ sessionIds: [...new Set(hints.flatMap((hint) => hint.sessionIds))] }],
    dictionaries: () => [{}],
  };

function lastMoves(hints: readonly Hints['moved'][]): TaskMoved[] {
  const moves = new Map<string, TaskMoved>();
  for (const hint of hints) for (const move of hint.tasks) moves.set(move.taskId, move);
  return [...moves.values()];
}
