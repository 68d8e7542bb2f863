/**
 * What a role is, and what it is given. Roles never import each other: they meet in the store, in wakeups, and in what
 * stands here. Which roles there are, only `roles.ts` knows.
 */
import type { Server } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Config, RoleName } from './config.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { CoordinatorId } from './rules/task.ts';
import type { Time } from './rules/time.ts';
import type { Store } from './store/store.ts';
import type { Events } from './wakeups/events/events.ts';
import type { Wakeups } from './wakeups/wakeups.ts';
import type { Authentication } from './wire/authentication.ts';

/** Where a role adds its services. Their calls are refused until all roles have started, and once they are to stop. */
export type Routes = Pick<Server, 'addService'>;

/** A separable part of the coordinator. */
export type Role = {
  readonly name: RoleName;
  /** True if it only tells where the role is served; health says nothing of its services. */
  readonly isElsewhere?: true;
  /** Adds its services before the server listens. */
  routes?(routes: Routes): void;
  /** Begins its work; may rely on the store, and on `address()` of its context. */
  start(): Promise<void>;
  /** Ends its work in order: what is under way is finished, open calls are ended. Never throws. */
  stop(): Promise<void>;
  /** For readiness: settles when its innermost loop has really answered; throws if it cannot. */
  check?(): Promise<void>;
};

/** What every role is given. */
export type RoleContext = {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly config: Config;
  readonly logger: Logger;
  readonly coordinatorId: CoordinatorId;
  readonly dictionaries: Dictionaries;
  readonly authentication: Authentication;
  readonly time: Time;
  /** Address under which others reach this coordinator. Known from `start()` on. */
  address(): string;
  /** Aborted when the coordinator stops: whatever only waits ends now. */
  readonly stopping: AbortSignal;
  /** Another replica has declared this one dead: everything is stopped, and begun again under a new id. */
  declaredDead(): void;
};
