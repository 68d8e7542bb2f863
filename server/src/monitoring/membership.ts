/**
 * Signs of life between coordinators: each raises a counter every second, and watches the others' counters.
 *
 * Nobody compares clocks. Another is declared dead when its counter was seen unchanged for the whole timeout on the own
 * monotonic clock, without one failed or slow statement of one's own in between: an outage of the database, during which
 * nobody can beat, kills nobody. Whoever finds itself declared dead begins again under a new id.
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { RoleName } from '../config.ts';
import type { AgreedSettings } from '../rules/agreement.ts';
import type { CoordinatorId } from '../rules/task.ts';
import type { CoordinatorRow, Coordinators } from '../store/store.ts';
import { createObservations } from './observations.ts';

/** What one beat brought to light. */
export type Beat = Awaited<ReturnType<Coordinators['beat']>>;

/** The own row, and what is known of the others. */
export type Membership = {
  register(): Promise<void>;
  /** One sign of life. Throws what the database throws. */
  beat(): Promise<Beat>;
  /** Addresses of the others that have a role and do not stop. */
  addresses(role: RoleName): readonly string[];
  /** Others that take agents and gave a sign of life a moment ago, as the newest beat saw them. */
  takingAgents(): readonly CoordinatorRow[];
  leave(): Promise<void>;
};

/** What membership needs of the rest. */
export type MembershipOptions = {
  readonly coordinators: Coordinators;
  readonly id: CoordinatorId;
  readonly address: () => string;
  readonly roles: readonly string[];
  readonly version: string;
  readonly settings: AgreedSettings;
  readonly sessionCount: () => number;
  readonly stopping: () => boolean;
  readonly timeoutMs: number;
  /** Whoever was silent for so long may be on the way out: no agent is sent there. */
  readonly livelyMs: number;
  readonly logger: Logger;
  readonly clock: () => number;
  /** Another coordinator was declared dead here. */
  readonly died: (id: CoordinatorId) => void;
  /** Another one has declared this one dead. */
  readonly declaredDead: () => void;
};

/** Makes membership. */
export function createMembership(options: MembershipOptions): Membership {
  const { coordinators, id, logger, clock } = options;
  const counters = createObservations<CoordinatorId, number>();
  let others: readonly CoordinatorRow[] = [];
  let lively: readonly CoordinatorRow[] = [];

  async function declareDead(row: CoordinatorRow): Promise<void> {
    if (!(await coordinators.declareDead(row.id, row.counter))) return;
    logger.warn(
      { dead: row.id, host: row.host },
      'a coordinator gave no sign of life and is declared dead',
    );
    options.died(row.id);
  }

  return {
    async register() {
      const { roles, version, settings } = options;
      const host = `${hostname()}/${process.pid}`;
      const address = options.address();
      await coordinators.register({ id, address, roles, version, host, settings });
    },
    async beat() {
      const begun = clock();
      let beat: Beat;
      try {
        beat = await coordinators.beat(id, options.sessionCount(), options.stopping());
      } catch (error) {
        counters.clear();
        throw error;
      }
      const now = clock();
      if (now - begun > slowStatementMs) counters.clear();
      others = beat.others;
      if (!beat.alive && !options.stopping()) options.declaredDead();
      counters.keepOnly(new Set(others.map((other) => other.id)));
      const silentMs = (other: CoordinatorRow) =>
        counters.unchangedFor(other.id, other.counter, now);
      lively = others.filter((other) => silentMs(other) < options.livelyMs);
      for (const other of others)
        if (silentMs(other) >= options.timeoutMs) await declareDead(other);
      return beat;
    },
    addresses: (role) =>
      others.filter((other) => serves(other, role)).map(({ address }) => address),
    takingAgents: () => lively.filter((other) => serves(other, 'dispatch')),
    leave: () => coordinators.leave(id),
  };
}

function serves({ draining, roles, address }: CoordinatorRow, role: RoleName): boolean {
  return !draining && roles.includes(role) && address !== '';
}

/** While the database is this slow others cannot beat either. */
export const slowStatementMs = 2000;
