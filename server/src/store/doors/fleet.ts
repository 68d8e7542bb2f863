/**
 * Sessions of agents, and membership of coordinators.
 *
 * Part of the door in `store.ts`, which says what holds of every method.
 */
import type { AgreedSettings } from '../../rules/agreement.ts';
import type {
  CoordinatorId,
  HandlerId,
  Labels,
  Lease,
  LeaseRef,
  NamespaceId,
  SessionId,
} from '../../rules/task.ts';
import type { EndedLease } from './leases.ts';

/** How a session stands. */
export type SessionState = 'ATTACHED' | 'DETACHED' | 'LOST' | 'CLOSED';

/** What an agent says of itself when it connects. */
export type SessionFacts = {
  readonly namespaceId: NamespaceId;
  readonly agentId: string;
  readonly coordinatorId: CoordinatorId;
  readonly handlerIds: readonly HandlerId[];
  readonly slots: number;
  readonly weight: number;
  readonly labels: Labels;
  readonly sdk: string;
  readonly host: string;
  /** Silence after the last sign of life before it may be declared lost. */
  readonly lostAfterMs: number;
  /** Number of the agent's dial; 0: it numbers none. */
  readonly dial: number;
};

/** An agent's session as it is stored. */
export type SessionRow = SessionFacts & {
  readonly id: SessionId;
  readonly state: SessionState;
  readonly draining: boolean;
  readonly attachment: number;
  readonly handlerVersions: Readonly<Record<string, string>>;
  readonly running: number;
  readonly createdAt: number;
  readonly attachedAt: number;
  readonly detachedAt: number | null;
};

/** Answer to an attach. */
export type Attached =
  | { readonly kind: 'ENDED' }
  /** A later dial of the same agent has attached it. */
  | { readonly kind: 'OUTDIALLED' }
  | {
      readonly kind: 'ATTACHED';
      readonly attachment: number;
      /**
       * Leases of the inventory that hold (also READY ones with an unchanged epoch, taken back into their lease).
       * Without input and checkpoint: the agent has them.
       */
      readonly kept: readonly Lease[];
      /** Items of the inventory whose outcome is recorded already: acknowledge them as RECORDED. */
      readonly recorded: readonly LeaseRef[];
      /** Items of the inventory whose lease is void. */
      readonly abandoned: readonly LeaseRef[];
      /** RUNNING rows that the agent did not list: they went back to READY (CANCELLED if that was asked for). */
      readonly returned: readonly EndedLease[];
    };

/** Presence of agents. */
export type Sessions = {
  /** Begins a session, attached for the first time. */
  create(
    id: SessionId,
    tokenHash: Buffer,
    facts: SessionFacts,
    handlerVersions: Readonly<Record<string, string>>,
  ): Promise<{ readonly attachment: number }>;
  /**
   * Attaches a session again, under `FOR UPDATE` of its row: raises `attachment`, settles the inventory, gives back
   * what is not in it. ENDED: unknown, lost, closed, another namespace, or another token. OUTDIALLED: this Hello is late.
   */
  attach(
    id: SessionId,
    tokenHash: Buffer,
    facts: SessionFacts,
    handlerVersions: Readonly<Record<string, string>>,
    inventory: readonly LeaseRef[],
  ): Promise<Attached>;
  /** Stores new slots, handlers, labels or draining, if the attachment is still this one. */
  update(
    id: SessionId,
    attachment: number,
    change: Partial<Pick<SessionFacts, 'slots' | 'handlerIds'>> & {
      readonly draining?: boolean;
      readonly handlerVersions?: Readonly<Record<string, string>>;
    },
  ): Promise<void>;
  /** ATTACHED → DETACHED if the attachment is still this one; `silentMs`: how long it had not been heard already. */
  detach(id: SessionId, attachment: number, silentMs: number): Promise<void>;
  /** → CLOSED if the attachment is still this one. Leases that are left go back as INTERRUPTED. */
  close(id: SessionId, attachment: number): Promise<readonly EndedLease[]>;
  /**
   * DETACHED → LOST under `FOR UPDATE`, if `attachment` is unchanged; false if it attached meanwhile or is gone.
   * Its leases are ended by `loseLeases`.
   */
  lose(id: SessionId, attachment: number): Promise<boolean>;
  /** Ends at most `limit` leases of LOST sessions (any of them): READY again, FAILED or CANCELLED by the rules. */
  loseLeases(limit: number): Promise<readonly EndedLease[]>;
  /** Pages of sessions, newest first, in the states given. */
  list(query: {
    readonly namespaceId: NamespaceId;
    readonly states: readonly SessionState[];
    readonly before: SessionId | null;
    readonly limit: number;
  }): Promise<readonly SessionRow[]>;
  /** By session id or agent id, newest first, at most `limit`. */
  find(namespaceId: NamespaceId, id: string, limit: number): Promise<readonly SessionRow[]>;
  /** Attached sessions that serve each handler: handler → agents and versions. */
  serving(namespaceId: NamespaceId, handlerIds: readonly HandlerId[]): Promise<readonly Serving[]>;
  /** Deletes LOST and CLOSED sessions that ended more than `olderThanMs` ago. */
  prune(olderThanMs: number): Promise<number>;
};

/** Who serves a handler. */
export type Serving = {
  readonly handlerId: HandlerId;
  readonly agentId: string;
  readonly version: string;
};

/** A detached session, as monitoring observes it on its own monotonic clock. */
export type DetachedSession = {
  readonly id: SessionId;
  readonly attachment: number;
  /** How long it may stay detached before it is lost. */
  readonly lostInMs: number;
};

/** Another coordinator, as monitoring observes it. */
export type CoordinatorRow = {
  readonly id: CoordinatorId;
  readonly address: string;
  readonly roles: readonly string[];
  readonly version: string;
  readonly host: string;
  readonly alive: boolean;
  readonly draining: boolean;
  readonly counter: number;
  readonly sessions: number;
  /** Those on which all coordinators must agree; empty if it is of an earlier version. */
  readonly settings: AgreedSettings;
  readonly startedAt: number;
  readonly beatAt: number;
};

/** Membership by counters: nobody compares clocks. */
export type Coordinators = {
  register(
    row: Pick<CoordinatorRow, 'id' | 'address' | 'roles' | 'version' | 'host' | 'settings'>,
  ): Promise<void>;
  /** Raises the own counter and answers everything that monitoring observes, in one statement. `alive` false: declared dead. */
  beat(
    id: CoordinatorId,
    sessions: number,
    draining: boolean,
  ): Promise<{
    readonly alive: boolean;
    readonly others: readonly CoordinatorRow[];
    readonly detached: readonly DetachedSession[];
    /** True if LOST sessions still have RUNNING rows. */
    readonly lostLeases: boolean;
  }>;
  /** Declares a coordinator dead if its counter is still this one, and detaches its sessions. */
  declareDead(id: CoordinatorId, counter: number): Promise<boolean>;
  /** Leaves in order: the row goes, its sessions are detached. */
  leave(id: CoordinatorId): Promise<void>;
  list(before: CoordinatorId | null, limit: number): Promise<readonly CoordinatorRow[]>;
  find(id: CoordinatorId): Promise<CoordinatorRow | null>;
  /** Deletes dead rows older than `olderThanMs`. */
  prune(olderThanMs: number): Promise<number>;
};
