/**
 * Why a task is not running: the rules by which it would be handed over, asked about one task.
 */
import { keyRoom, type SharedLimit, sharedLookAt, sharedRoom } from '../lanes/admission.ts';
import { type Bucket, type HandlerLimits, timeOfTokens, wholeTokensAt } from '../lanes/limits.ts';
import { isFinished } from '../lifecycle.ts';
import type { TaskId, TaskState } from '../task.ts';

/** A limit that the task is under with all of its handler, and who runs under it. */
export type HeldLimit = SharedLimit & { readonly holders: readonly TaskId[] };

/** Everything that decides about one task, as it was read at one moment. */
export type TaskFacts = {
  readonly now: number;
  readonly state: TaskState;
  readonly dueAt: number;
  readonly attempt: number;
  /** '' unless it runs or has run. */
  readonly agentId: string;
  readonly key: string;
  readonly handler: {
    readonly name: string;
    readonly paused: boolean;
    readonly pauseNote: string;
    readonly namespacePaused: boolean;
    readonly namespaceNote: string;
    readonly limited: boolean;
    readonly settled: boolean;
    readonly limits: HandlerLimits;
  };
  readonly shared: readonly HeldLimit[];
  /** Its lane: who runs of it, and the bucket of its key. */
  readonly lane: {
    readonly running: number;
    readonly holders: readonly TaskId[];
    readonly bucket: Bucket;
  };
  /** Others that go before it, up to a bound. */
  readonly ahead: number;
  readonly oldestDueAt: number | null;
  /** Agents that serve its handler. */
  readonly agents: {
    readonly count: number;
    readonly slots: number;
    /** Slots that some agent which takes work could give away. */
    readonly free: number;
    readonly holders: readonly TaskId[];
  };
};

/** What keeps a task from running. */
export type Obstacle =
  | { readonly kind: 'NOT_DUE'; readonly until: number }
  | { readonly kind: 'HANDLER_PAUSED' | 'NAMESPACE_PAUSED'; readonly note: string }
  | { readonly kind: 'SETTLING' | 'UNSERVED' }
  | {
      readonly kind: 'CONCURRENCY';
      readonly limit: string;
      readonly slots: number;
      readonly holders: readonly TaskId[];
    }
  | { readonly kind: 'RATE'; readonly limit: string; readonly until: number }
  | {
      readonly kind: 'NO_FREE_SLOT';
      readonly agents: number;
      readonly slots: number;
      readonly holders: readonly TaskId[];
    }
  | { readonly kind: 'IN_LINE'; readonly ahead: number };

/** What a limit of a handler itself is called. */
const ownName = 'handler';
const keyName = 'key';

/** All obstacles, what decides first at the beginning. */
export function obstaclesOf(facts: TaskFacts): readonly Obstacle[] {
  const { state, dueAt, handler, agents, ahead } = facts;
  if (state === 'RUNNING' || isFinished(state)) return [];
  const obstacles: Obstacle[] = [];
  if (state === 'DELAYED') obstacles.push({ kind: 'NOT_DUE', until: dueAt });
  if (handler.paused) obstacles.push({ kind: 'HANDLER_PAUSED', note: handler.pauseNote });
  if (handler.namespacePaused)
    obstacles.push({ kind: 'NAMESPACE_PAUSED', note: handler.namespaceNote });
  if (handler.limited) obstacles.push(...limitsOf(facts));
  if (agents.count === 0) obstacles.push({ kind: 'UNSERVED' });
  else if (agents.free === 0) {
    const { count, slots, holders } = agents;
    obstacles.push({ kind: 'NO_FREE_SLOT', agents: count, slots, holders });
  }
  if (ahead > 0) obstacles.push({ kind: 'IN_LINE', ahead });
  return obstacles;
}

function limitsOf({ handler, shared, lane, now }: TaskFacts): readonly Obstacle[] {
  if (!handler.settled) return [{ kind: 'SETTLING' }];
  const { keyConcurrency, keyRate } = handler.limits;
  const obstacles = shared.flatMap((limit) => limitObstacles(limit, now));
  if (keyRoom({ running: lane.running, bucket: lane.bucket }, handler.limits, now) > 0)
    return obstacles;
  if (keyConcurrency !== null && lane.running >= keyConcurrency)
    obstacles.push({
      ...{ kind: 'CONCURRENCY', limit: keyName, slots: keyConcurrency, holders: lane.holders },
    });
  if (keyRate !== null && wholeTokensAt(keyRate, lane.bucket, now) < 1)
    obstacles.push({ kind: 'RATE', limit: keyName, until: timeOfTokens(keyRate, lane.bucket, 1) });
  return obstacles;
}

function limitObstacles(limit: HeldLimit, now: number): Obstacle[] {
  if (sharedRoom([limit], now) > 0) return [];
  const name = limit.name === '' ? ownName : limit.name;
  const { concurrency, running, holders } = limit;
  const until = sharedLookAt([limit], now);
  return [
    ...(concurrency !== null && running >= concurrency
      ? [{ kind: 'CONCURRENCY', limit: name, slots: concurrency, holders } as const]
      : []),
    ...(until === null ? [] : [{ kind: 'RATE', limit: name, until } as const]),
  ];
}

/** One sentence about the first of them. */
export function sentenceOf(
  facts: TaskFacts,
  obstacles: readonly Obstacle[],
  nearestHandler: string,
): string {
  const { state, agentId, handler, key } = facts;
  if (state === 'RUNNING') return `It runs on agent "${agentId}".`;
  if (isFinished(state)) return `It has ended: ${state}.`;
  const [first] = obstacles;
  if (first === undefined) return 'Nothing keeps it: it is handed over with the next claim.';
  switch (first.kind) {
    case 'NOT_DUE':
      return facts.attempt > 1
        ? `It waits for its attempt ${facts.attempt}, until ${timeText(first.until)}.`
        : `It is not due until ${timeText(first.until)}.`;
    case 'HANDLER_PAUSED':
      return `Handler "${handler.name}" is paused${noteText(first.note)}; resume it.`;
    case 'NAMESPACE_PAUSED':
      return `Its namespace is paused${noteText(first.note)}; resume it.`;
    case 'SETTLING':
      return `Handler "${handler.name}" was given limits just now; its tasks from before are being counted.`;
    case 'CONCURRENCY':
      return `${limitText(first.limit, handler.name, key)} lets ${first.slots} run at once, and as many do: ${listText(first.holders)}.`;
    case 'RATE':
      return `${limitText(first.limit, handler.name, key)} lets none pass before ${timeText(first.until)}.`;
    case 'UNSERVED': {
      const hint = nearestHandler === '' ? '' : ` Is it "${nearestHandler}"?`;
      return `No connected agent serves handler "${handler.name}".${hint}`;
    }
    case 'NO_FREE_SLOT':
      return first.slots === 0 || first.holders.length === 0
        ? `${agentsText(first.agents)} handler "${handler.name}", and none takes work at the moment.`
        : `${agentsText(first.agents)} handler "${handler.name}", and all their ${first.slots} slots are taken: ${listText(first.holders)}.`;
    case 'IN_LINE':
      return `${first.ahead} others go first.`;
  }
}

function noteText(note: string): string {
  return note === '' ? '' : ` ("${note}")`;
}

function agentsText(count: number): string {
  return count === 1 ? 'One agent serves' : `${count} agents serve`;
}

function limitText(limit: string, handler: string, key: string): string {
  if (limit === ownName) return `The limit of handler "${handler}"`;
  if (limit === keyName)
    return key === '' ? `The limit of tasks without a key` : `The limit of key "${key}"`;
  return `Limit "${limit}"`;
}

function listText(ids: readonly TaskId[]): string {
  const [first = 'none'] = ids;
  return ids.length > 1 ? `${first} and others` : first;
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}
