/**
 * The role that mends: signs of life, lost sessions, deadlines, retention.
 *
 * Every replica runs it, and every sweep may run twice or at the same time without harm. The sign of life itself is not
 * optional: a process whose `roles` leave monitoring out still beats, because others judge by its beat whether its agents'
 * sessions must be looked after.
 */
import type { RoleName } from '../config.ts';
import { agreedSettings } from '../config.ts';
import { createLoop, type Loop } from '../loop.ts';
import type { Role, RoleContext } from '../role.ts';
import type { AgentLoad } from '../rules/spread.ts';
import { sleep } from '../rules/time.ts';
import type { Store } from '../store/store.ts';
import { programVersion } from '../version.ts';
import { requireAgreement } from './agreement.ts';
import { createDeadlines } from './deadlines.ts';
import { createPassing, unaskedMs } from './event-outbox.ts';
import { createLostSessions } from './lost-sessions.ts';
import { createMembership, type Membership, slowStatementMs } from './membership.ts';
import { makeRoom, prune, sweepFinished } from './retention.ts';

/** The monitoring role, and what the rest of the process learns from it. */
export type Monitoring = {
  readonly role: Role;
  /** Addresses of other coordinators that have a role and do not stop. */
  addresses(role: RoleName): readonly string[];
};

/** What monitoring is given. */
export type MonitoringOptions = RoleContext & {
  /** False: only the sign of life. */
  readonly sweeps: boolean;
  /** Sessions attached to this process. */
  readonly sessionCount: () => number;
  /** The own sign of life has failed for a while: agents should try the others. */
  readonly cutOff: (addresses: readonly string[]) => void;
  /** Every sign of life tells of the others that take agents, and of how many they have. */
  readonly seen: (others: readonly AgentLoad[]) => void;
};

/** The own beat has failed for so long that agents should try another coordinator. */
const cutOffMs = 3000;
/** An agent is sent only to those whose last sign of life is no older than so many beats. */
const livelyBeats = 3;
const hourMs = 3600 * 1000;
/** Events that happen one after the other are passed on together. */
const eventRestMs = 50;

/** Makes the role. */
export function createMonitoring(options: MonitoringOptions): Monitoring {
  const { store, config, wakeups, events, coordinatorId, sweeps, time } = options;
  const logger = options.logger.child({ role: 'monitoring' });
  const clock = time.now;
  const membership = createMembership({
    coordinators: store.coordinators,
    id: coordinatorId,
    address: options.address,
    roles: config.roles,
    version: programVersion(),
    settings: agreedSettings(config),
    sessionCount: options.sessionCount,
    stopping: () => options.stopping.aborted,
    timeoutMs: config.coordinatorTimeoutMs,
    livelyMs: livelyBeats * config.coordinatorBeatIntervalMs,
    logger,
    clock,
    died: () => wakeups.publish('detached', { sessionIds: [] }),
    declaredDead: options.declaredDead,
  });
  const beat = createBeat(options, membership, clock);
  const loops: Loop[] = [beat];
  if (sweeps) {
    const { retentionWindowMs } = config;
    const loop = (name: string, intervalMs: number, runOnce: Loop['runOnce']) =>
      loops.push(createLoop({ name, intervalMs, logger, time, runOnce }));
    const deadlines = createDeadlines({ store, wakeups, events, clock });
    loop('deadlines', config.safetyPollIntervalMs, deadlines);
    loop('partitions', hourMs, () => makeRoom(store.retention, logger));
    loop('retention', config.retentionSweepIntervalMs, () => sweepFinished(store, config, logger));
    loop('prune', hourMs, () => prune(store, retentionWindowMs));
    loops.push(createEventLoop(options));
  }
  return { addresses: membership.addresses, role: createRole(options, membership, beat, loops) };
}

/** Passes events on where a stream is to keep them; elsewhere it ends what nobody wants any more. */
function createEventLoop({ store, config, events, time, ...options }: MonitoringOptions): Loop {
  const { eventOutbox: outbox } = store;
  const { stream } = events;
  const logger = options.logger.child({ role: 'monitoring' });
  if (stream === null)
    return createLoop({
      ...{ name: 'events', intervalMs: hourMs, logger, time },
      runOnce: async () => ({ did: (await outbox.endUnasked(unaskedMs)) ? 1 : 0 }),
    });
  const facts = { outbox, stream, logger, clock: time.now, keptMs: config.retentionWindowMs };
  const loop = createLoop({
    ...{ name: 'events', intervalMs: config.safetyPollIntervalMs, restMs: eventRestMs },
    ...{ logger, time, runOnce: createPassing(facts) },
  });
  stream.onTold(loop.nudge);
  return loop;
}

function createRole(
  { store, wakeups, logger, sweeps, time, config, coordinatorId }: MonitoringOptions,
  membership: Membership,
  beat: Loop,
  loops: readonly Loop[],
): Role {
  let unsubscribe = () => {};
  return {
    name: 'monitoring',
    async start() {
      if (sweeps) await makeRoom(store.retention, logger);
      await membership.register();
      await requireAgreement({
        ...{ coordinators: store.coordinators, id: coordinatorId, logger, time },
        settings: agreedSettings(config),
        timeoutMs: config.coordinatorTimeoutMs,
        mayDiffer: config.changeSettings,
      });
      unsubscribe = wakeups.subscribe('detached', beat.nudge);
      for (const loop of loops) loop.start();
    },
    async stop() {
      unsubscribe();
      await Promise.all(loops.map((loop) => loop.stop()));
      await leave(store, membership, logger, time);
    },
  };
}

/** The row goes, so that nobody has to watch it; without the database others find out by themselves. */
async function leave(
  store: Store,
  membership: Membership,
  logger: MonitoringOptions['logger'],
  time: MonitoringOptions['time'],
): Promise<void> {
  const leaving = membership.leave().catch((error: unknown) => {
    logger.info({ err: error, engine: store.engine }, 'the own row could not be removed');
  });
  await Promise.race([leaving, sleep(time, cutOffMs, 'background')]);
}

/** The loop of the sign of life, and of what it brings to light. */
function createBeat(options: MonitoringOptions, membership: Membership, clock: () => number): Loop {
  const { store, wakeups, events, config, sweeps, time } = options;
  const logger = options.logger.child({ role: 'monitoring' });
  const lostSessions = createLostSessions({ store, wakeups, events, logger, clock });
  let answeredAt = clock();
  let told = false;

  function failed(): void {
    lostSessions.restart();
    if (told || clock() - answeredAt < cutOffMs) return;
    told = true;
    options.cutOff(membership.addresses('dispatch'));
  }

  return createLoop({
    name: 'beat',
    intervalMs: config.coordinatorBeatIntervalMs,
    jitter: 0,
    // Agents may come and go in crowds; the beat is one statement for all of them.
    restMs: Math.min(200, config.coordinatorBeatIntervalMs),
    ...{ logger, time },
    async runOnce() {
      try {
        const begun = clock();
        const { detached, lostLeases } = await membership.beat();
        answeredAt = clock();
        if (answeredAt - begun > slowStatementMs) lostSessions.restart();
        told = false;
        options.seen(membership.takingAgents());
        const nextInMs = sweeps ? await lostSessions.look(detached, lostLeases) : null;
        return nextInMs === null ? { did: 0 } : { did: 0, nextInMs };
      } catch (error) {
        failed();
        throw error;
      }
    },
  });
}
