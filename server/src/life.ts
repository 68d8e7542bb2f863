/**
 * The lives of one coordinator: its roles and its door under one id, and its rebirth under another.
 *
 * States: alive → (reborn → alive …) → ended. It is reborn when another replica has declared it dead: roles and door are
 * stopped and begun again under a new id, because the old id's leases are fenced.
 */
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Role } from './role.ts';
import { createRoles } from './roles.ts';
import { createIdGenerator } from './rules/ids.ts';
import type { CoordinatorId } from './rules/task.ts';
import type { Time } from './rules/time.ts';
import type { Store } from './store/store.ts';
import type { Events } from './wakeups/events/events.ts';
import type { Wakeups } from './wakeups/wakeups.ts';
import type { Authentication } from './wire/authentication.ts';

/** What outlives a rebirth. */
export type Base = {
  readonly config: Config;
  readonly logger: Logger;
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly dictionaries: Dictionaries;
  readonly authentication: Authentication;
  readonly time: Time;
};

/** Where the roles of one life are called. */
export type Door = {
  /** Under which others reach it. */
  readonly reachable: string;
  /** Calls are refused while it is shut. */
  setOpen(open: boolean): void;
  /** Ends open calls in order, within the grace. */
  close(graceMs: number): Promise<void>;
};

/** Opens a door for the services of these roles; it is shut until all roles have started. */
export type OpenDoor<Own extends Door> = (roles: readonly Role[]) => Promise<Own>;

/** One life of the coordinator under one id. */
export type Life<Own extends Door> = {
  readonly id: CoordinatorId;
  readonly roles: readonly Role[];
  readonly door: Own;
};

/** One life after the other. */
export type Lives<Own extends Door> = {
  /** The newest. */
  current(): Life<Own>;
  /** No other follows; safe to call twice. */
  end(): Promise<void>;
};

type Ending<Own extends Door> = Life<Own> & { end(): Promise<void> };

/** Begins the first life; `failed` hears that another could not begin. Throws what the first one cannot begin for. */
export async function beginLives<Own extends Door>(
  base: Base,
  openDoor: OpenDoor<Own>,
  failed: (error: unknown) => void,
): Promise<Lives<Own>> {
  let ending: Promise<void> | null = null;
  let rebirth: Promise<void> = Promise.resolve();
  let dying: CoordinatorId | null = null;
  let life = await beginLife(base, openDoor, declaredDead);

  /** Told with every beat until the life has ended. */
  function declaredDead(id: CoordinatorId): void {
    if (ending !== null || dying === id) return;
    dying = id;
    base.logger.warn(
      'another coordinator has declared this one dead; it begins again under a new id',
    );
    rebirth = rebirth.then(reborn).catch(failed);
  }

  async function reborn(): Promise<void> {
    await life.end();
    if (ending !== null) return;
    life = await beginLife(base, openDoor, declaredDead);
  }

  async function end(): Promise<void> {
    await rebirth;
    await life.end();
  }

  return {
    current: () => life,
    end() {
      ending ??= end();
      return ending;
    },
  };
}

async function beginLife<Own extends Door>(
  base: Base,
  openDoor: OpenDoor<Own>,
  declaredDead: (id: CoordinatorId) => void,
): Promise<Ending<Own>> {
  const { config, time } = base;
  const id = createIdGenerator({ now: time.calendar, random: time.bytes })() as CoordinatorId;
  const stopping = new AbortController();
  let address = '';
  const logger = base.logger.child({ coordinatorId: id });
  const roles = createRoles({
    ...base,
    logger,
    coordinatorId: id,
    stopping: stopping.signal,
    address: () => address,
    declaredDead: () => declaredDead(id),
  });
  const door = await openDoor(roles);
  address = door.reachable;
  const started: Role[] = [];

  async function end(): Promise<void> {
    door.setOpen(false);
    stopping.abort();
    for (const role of started.splice(0).reverse()) {
      try {
        await role.stop();
      } catch (error) {
        logger.error({ err: error, role: role.name }, 'a role did not stop in order');
      }
    }
    await door.close(config.drainGraceMs);
  }

  try {
    for (const role of roles) {
      started.push(role);
      await role.start();
    }
  } catch (error) {
    await end();
    throw error;
  }
  door.setOpen(true);
  return { id, roles, door, end };
}
