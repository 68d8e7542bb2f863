// One simulated cluster from one seed: faults and work for a while, then calm, in which everything must come to its end.
//
// Session-hours are summed over sessions, from the first attach to the loss, the close, or the end of the simulation: the
// time in which a session is attached or can be resumed. Of two kinds of seeds, `busy` ones have the default settings
// and a fault every few seconds, half of them as a burst of short work finds agents with more leases than slots; `long` ones
// have heartbeats every 30 s and hundreds of agents, with a fault every few minutes: they give most of the hours, and
// busy ones most of the trouble.

import { type Config, configOf, createIdGenerator, type SessionId } from '@muster/server/internal';
import { AgentPlace, workHandlers } from './cluster/agent.ts';
import { type Bug, tapOf } from './cluster/bugs.ts';
import { CoordinatorPlace } from './cluster/coordinator.ts';
import { type Breakable, breakSomething, mendEverything } from './cluster/faults.ts';
import { Ledger } from './cluster/ledger.ts';
import { Database } from './database/store.ts';
import { Tables } from './database/tables.ts';
import { Chance } from './world/chance.ts';
import { Network } from './world/network.ts';
import { epochMs } from './world/process.ts';
import { World } from './world/world.ts';

/** Kinds of seeds. */
export type Kind = 'busy' | 'long';

/** What a simulation found, and how much it was. */
export interface Report {
  /** Promises that were broken, in words; empty: none. */
  readonly broken: readonly string[];
  readonly sessionHours: number;
  readonly events: number;
  readonly tasks: number;
  readonly runs: number;
  readonly lostSessions: number;
  /** How often agents were asked to move for the sake of the spread. */
  readonly moves: number;
}

const minuteMs = 60_000;
const longestShortRunMs = 60;
/** Clients wait while so much is open: what never ends must be a fault, not a backlog. */
const openMax = 200;

/** What a kind of seed is made of. */
interface Shape {
  readonly faultyMs: number;
  readonly faultEveryMs: number;
  readonly submitEveryMs: number;
  readonly longestFaultMs: number;
  readonly longestRunMs: number;
  /** Faults that find agents with more short work than slots. */
  readonly burstShare: number;
  /** Fewest and most. */
  readonly agents: readonly [number, number];
  readonly config: Partial<Config>;
}

const shapes: Readonly<Record<Kind, Shape>> = {
  busy: {
    ...{ faultyMs: 20 * minuteMs, faultEveryMs: 8000, submitEveryMs: 1500, longestFaultMs: 20_000 },
    ...{ agents: [3, 6], longestRunMs: 30_000, burstShare: 0.5 },
    config: {},
  },
  long: {
    ...{ faultyMs: 900 * minuteMs, faultEveryMs: 4 * minuteMs, submitEveryMs: 3 * minuteMs },
    ...{ longestFaultMs: 10 * minuteMs, agents: [220, 260], longestRunMs: 10 * minuteMs },
    burstShare: 0.05,
    config: {
      ...{ heartbeatIntervalMs: 30_000, silenceTimeoutMs: 60_000, sessionTimeoutMs: 600_000 },
      ...{ coordinatorBeatIntervalMs: 30_000, coordinatorTimeoutMs: 120_000 },
      ...{ safetyPollIntervalMs: 60_000, peekIntervalMs: 60_000 },
    },
  },
};

/** Runs one seed. */
export async function simulate(seed: number, kind: Kind, bug?: Bug): Promise<Report> {
  const { stackTraceLimit } = Error;
  // Most errors of a simulation are expected, and their stacks would be a tenth of its price.
  if (process.env.MUSTER_SIMULATION_LOG === undefined) Error.stackTraceLimit = 0;
  try {
    return await run(seed, kind, bug);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function run(seed: number, kind: Kind, bug: Bug | undefined): Promise<Report> {
  const chance = new Chance(seed);
  const world = new World();
  const network = new Network(world, chance);
  const ledger = new Ledger(world.now);
  const guards = { attachment: bug !== 'no attachment check' };
  const tables = new Tables(world.now, ledger, guards);
  const database = new Database(tables, world, chance);
  const shape = shapes[kind];
  const config = configOf({ database: 'memory', drainGraceMs: 2000, ...shape.config });
  const around = { world, chance, network, database, config };
  const addresses = Array.from({ length: chance.whole(2, 3) }, (_, n) => `coordinator-${n}:1`);
  const coordinators = addresses.map((address) => new CoordinatorPlace(address, around));
  const isOver = (id: string) => (tables.sessions.get(id as SessionId)?.endedAt ?? 0) > 0;
  const [fewest, most] = shape.agents;
  const agents = Array.from(
    { length: chance.whole(fewest, most) },
    (_, n) =>
      new AgentPlace(
        ...([`agent-${n}`, chance.whole(1, 4), addresses, around, ledger] as const),
        tapOf(bug, isOver),
      ),
  );
  const cluster: Breakable = { ...around, agents, coordinators };
  const { faultyMs, longestFaultMs, longestRunMs } = shape;
  const submit = createClient(cluster, ledger);
  every(world, chance, shape.submitEveryMs, faultyMs, () => {
    if (ledger.open.size < openMax) submit('long', chance.whole(1, 6), longestRunMs);
  });
  every(world, chance, shape.faultEveryMs, faultyMs, () => {
    if (chance.happens(shape.burstShare) && ledger.open.size < openMax)
      submit('short', chance.whole(30, 90), longestShortRunMs);
    world.after(chance.between(0, 300), () => breakSomething(cluster, longestFaultMs));
  });
  const isBroken = () => ledger.broken.length > 0;
  await world.run(faultyMs, isBroken);
  if (!isBroken()) await calm(cluster, ledger, shape);
  return report(world, tables, ledger);
}

/** Acts now and then, until a moment. */
function every(world: World, chance: Chance, mean: number, until: number, act: () => void): void {
  world.after(chance.wait(mean), () => {
    if (world.now() > until) return;
    act();
    every(world, chance, mean, until, act);
  });
}

/** Submits a few tasks, and again until they are acknowledged. */
function createClient(cluster: Breakable, ledger: Ledger) {
  const { world, chance, coordinators } = cluster;
  const newId = createIdGenerator({ now: () => epochMs + world.now(), random: chance.bytes });
  return (kind: keyof typeof workHandlers, count: number, longestRunMs: number) => {
    const tasks = Array.from({ length: count }, () => {
      const work = { ms: chance.spread(1, longestRunMs), fails: chance.happens(0.1) };
      const data = Buffer.from(JSON.stringify(work));
      return {
        id: newId(),
        handler: workHandlers[kind],
        input: { mediaType: 'application/json', data },
      };
    });
    let isStored = false;
    const submit = () => {
      if (isStored) return;
      chance.pick(coordinators).submit({ tasks }, (stored) => {
        if (!stored || isStored) return;
        isStored = true;
        for (const { id } of tasks) ledger.acknowledged.add(id);
      });
      world.after(5000, submit);
    };
    submit();
  };
}

/** Nothing goes wrong any more: everything must end within a bounded time. */
async function calm(cluster: Breakable, ledger: Ledger, shape: Shape): Promise<void> {
  const { world, config, database } = cluster;
  await world.run(world.now() + shape.longestFaultMs);
  mendEverything(cluster);
  const patienceMs = 5 * config.sessionTimeoutMs + 10 * shape.longestRunMs + 10 * minuteMs;
  await world.run(
    world.now() + patienceMs,
    () => ledger.open.size === 0 || ledger.broken.length > 0,
  );
  for (const id of ledger.open) {
    const standing = JSON.stringify(database.tables.tasks.get(id as never)?.standing);
    ledger.broken.push(`${id} has not ended ${patienceMs} ms after the last fault: ${standing}`);
  }
  for (const id of ledger.acknowledged)
    if (!database.tables.tasks.has(id as never)) ledger.broken.push(`${id} is lost`);
}

function report(world: World, tables: Tables, ledger: Ledger): Report {
  let sessionMs = 0;
  for (const { createdAt, endedAt } of tables.sessions.values())
    sessionMs += (endedAt || tables.now()) - createdAt;
  return {
    broken: ledger.broken,
    sessionHours: sessionMs / 3_600_000,
    events: world.events,
    tasks: tables.tasks.size,
    runs: ledger.runs,
    lostSessions: ledger.lost,
    moves: ledger.moves,
  };
}
