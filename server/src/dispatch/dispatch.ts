/**
 * The role that brings tasks and agents together: claims for free slots, assigns, records how attempts ended.
 *
 * Here its parts are made and tied; each part is one file, named after what it does to a lease or a session. One tick
 * drives everything that time drives.
 */
import { loadContract } from '@muster/proto';
import { createLoop, type Loop } from '../loop.ts';
import type { Role, RoleContext } from '../role.ts';
import { createIdGenerator } from '../rules/ids.ts';
import type { SlotPool } from '../rules/slot-pool.ts';
import { type AgentLoad, shuffled } from '../rules/spread.ts';
import type { SessionId } from '../rules/task.ts';
import { sleep, type Time, type Timer } from '../rules/time.ts';
import { createParts, type Parts } from './parts.ts';
import { stopping } from './session/connect.ts';

/** The dispatch role, and what the rest of the process sees of it. */
export type Dispatch = {
  readonly role: Role;
  /** Free slots, for eager inserts. */
  readonly pool: SlotPool;
  /** True while the loop that drives everything is alive. */
  answering(): boolean;
  /** Sessions attached here. */
  sessionCount(): number;
  /** Asks all agents to connect elsewhere; without other addresses they stay. */
  sendAway(addresses: readonly string[], reason: string): void;
  /** Looks whether agents are spread evenly; `others`: coordinators that take agents too. */
  spread(others: readonly AgentLoad[]): void;
};

/** What dispatch is given. */
export type DispatchOptions = RoleContext & {
  /** Addresses of other coordinators, for agents. */
  readonly addresses?: () => readonly string[];
};

const tickMs = 250;
const answeringWithinMs = 2000;

/** Makes the role. */
export function createDispatch(options: DispatchOptions): Dispatch {
  const { time } = options;
  const clock = time.now;
  const newId = createIdGenerator({ now: time.calendar, random: time.bytes });
  const parts = createParts({
    ...options,
    newSessionId: () => newId() as SessionId,
    addresses: options.addresses ?? (() => []),
  });
  const loops = createLoops(options, parts);
  const unsubscribe: (() => void)[] = [];
  let ticker: Timer | undefined;

  const role: Role = {
    name: 'dispatch',
    routes(server) {
      server.addService(loadContract().muster.AgentService.service, {
        Connect: parts.connections.connect,
      });
    },
    async start() {
      const { wakeups } = options;
      unsubscribe.push(
        wakeups.subscribe('ready', ({ handlerIds, newest }) =>
          parts.claims.announced(handlerIds, newest === true),
        ),
        wakeups.subscribe('cancel', ({ orders }) => parts.cancellation.order(orders)),
        wakeups.subscribe('drain', ({ sessionIds, graceMs }) => drain(parts, sessionIds, graceMs)),
      );
      parts.sweep.runOnce(clock());
      ticker = every(time, tickMs, () => parts.sweep.runOnce(clock()));
      for (const loop of loops) loop.start();
    },
    async stop() {
      for (const stop of unsubscribe) stop();
      await leave(parts, loops, options);
      ticker?.cancel();
    },
  };

  return {
    role,
    pool: parts.pool,
    answering: () => ticker !== undefined && clock() - parts.sweep.lastRunAt() < answeringWithinMs,
    sessionCount: () => parts.sessions.count(),
    sendAway(addresses, reason) {
      if (addresses.length > 0) sendAway(parts, addresses, reason, time);
    },
    spread(others) {
      if (!options.stopping.aborted) parts.spread.look(others);
    },
  };
}

/** Acts every so many milliseconds. */
function every(time: Time, ms: number, action: () => void): Timer {
  let timer = time.after(ms, tick);
  function tick(): void {
    timer = time.after(ms, tick);
    action();
  }
  return { cancel: () => timer.cancel() };
}

function createLoops({ config, logger, time }: DispatchOptions, parts: Parts): readonly Loop[] {
  let looks = 0;
  const looksPerPoll = Math.max(1, Math.round(config.safetyPollIntervalMs / config.peekIntervalMs));
  return [
    createLoop({
      name: 'peek',
      intervalMs: config.peekIntervalMs,
      ...{ logger, time },
      async runOnce() {
        const asked = parts.pool.takeAsked();
        const groups = looks % looksPerPoll === 0 ? parts.sessions.groups() : asked;
        looks += 1;
        const handlerIds = new Set([...groups].flatMap((group) => group.handlerIds));
        return { did: await parts.claims.look([...handlerIds]) };
      },
    }),
    createLoop({
      name: 'reconciliation',
      intervalMs: config.safetyPollIntervalMs,
      ...{ logger, time },
      runOnce: async () => ({ did: await parts.reconciliation.runOnce() }),
    }),
  ];
}

function drain(parts: Parts, sessionIds: readonly SessionId[], graceMs: number | null): void {
  for (const id of sessionIds) {
    const session = parts.sessions.get(id);
    if (session === null) continue;
    session.outbox.notices.push({ kind: 'DRAIN', graceMs, reason: 'An operator asked for it.' });
    session.wake();
  }
}

/** Each is told of the others in another order: they must not all go to the first. */
function sendAway(parts: Parts, others: readonly string[], reason: string, { random }: Time): void {
  for (const session of parts.sessions.all()) {
    const addresses = shuffled(others, random);
    session.outbox.notices.push({ kind: 'GO_AWAY', addresses, delayMs: null, reason });
    session.wake();
  }
}

/** Ends everything in order, within the grace: what agents hold goes on without this coordinator. */
async function leave(
  parts: Parts,
  loops: readonly Loop[],
  { config, addresses, logger, time }: DispatchOptions,
): Promise<void> {
  const late = sleep(time, config.drainGraceMs, 'background').then(() => 'late' as const);
  parts.pool.close();
  parts.connections.close();
  const idle = [parts.claims.stop(), ...loops.map((loop) => loop.stop())];
  await Promise.race([Promise.all(idle), late]);
  for (const session of parts.sessions.all())
    parts.returns.unqueue([...session.outbox.assignments]);
  sendAway(parts, addresses?.() ?? [], 'This coordinator stops.', time);
  if ((await Promise.race([parts.idle(), late])) === 'late')
    logger.warn('the grace is over before everything was written; others will find what is left');
  for (const session of [...parts.sessions.all()]) parts.connections.end(session, stopping());
  await Promise.race([parts.presence.idle(), late]);
  parts.pace.stop();
}
