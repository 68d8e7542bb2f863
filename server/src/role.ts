/**
 * What a role is, and what it is given. Roles never import each other: they meet in the store, in wakeups, and in what
 * stands here. Which roles there are, only `roles.ts` knows.
 */
import type { Server } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Config, RoleName } from './config.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { CoordinatorId } from './rules/task.ts';
import type { Store } from './store/store.ts';
import type { Wakeups } from './wakeups/wakeups.ts';
import type { Authentication } from './wire/authentication.ts';

/** A separable part of the coordinator. */
export type Role = {
  readonly name: RoleName;
  /** Adds its services before the server listens. */
  routes?(server: Server): void;
  /** Begins its work; may rely on the store. */
  start(): Promise<void>;
  /** Ends its work in order. Its calls have been asked to end before. Never throws. */
  stop(): Promise<void>;
};

/** What every role is given. */
export type RoleContext = {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly config: Config;
  readonly logger: Logger;
  readonly coordinatorId: CoordinatorId;
  readonly dictionaries: Dictionaries;
  readonly authentication: Authentication;
};
