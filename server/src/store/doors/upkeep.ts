/**
 * Dictionaries, partitions and the end of what is finished.
 *
 * Part of the door in `store.ts`, which says what holds of every method.
 */
import type { HandlerId, HandlerOptions, NamespaceId } from '../../rules/task.ts';

/** A namespace as it is stored. */
export type NamespaceRow = {
  readonly id: NamespaceId;
  readonly name: string;
  readonly description: string;
  /** null: the coordinator's setting. */
  readonly retentionMs: number | null;
  readonly createdAt: number;
  readonly paused: boolean;
  readonly pauseNote: string;
};

/** A handler as it is stored. */
export type HandlerRow = {
  readonly id: HandlerId;
  readonly namespaceId: NamespaceId;
  readonly name: string;
  /** False: tasks were submitted for it, but no agent has registered it yet. */
  readonly registered: boolean;
  readonly options: HandlerOptions;
  /** Its tasks wait in lanes. As it was when it was read: statements look for themselves. */
  readonly limited: boolean;
  /** Numbers of the limits that it is under; read with it. */
  readonly limitIds: readonly number[];
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What an agent registers of a handler. */
export type HandlerFacts = {
  readonly name: string;
  readonly options: HandlerOptions;
  readonly inputSchema: string;
  readonly outputSchema: string;
  readonly description: string;
};

/** The small dictionaries behind the integers of hot rows. */
export type Dictionaries = {
  namespaces(): Promise<readonly NamespaceRow[]>;
  createNamespace(
    name: string,
    description: string,
    retentionMs: number | null,
  ): Promise<NamespaceRow | 'EXISTS'>;
  updateNamespace(
    name: string,
    change: { readonly description?: string; readonly retentionMs?: number | null },
  ): Promise<NamespaceRow | 'MISSING'>;
  /** NOT_EMPTY: it has unfinished tasks, schedules, or attached or detached sessions. */
  deleteNamespace(name: string): Promise<'DELETED' | 'MISSING' | 'NOT_EMPTY'>;
  /** All handlers, for the in-memory dictionary; small by nature (bounded by names). */
  handlers(): Promise<readonly HandlerRow[]>;
  /** Rows for names, made where missing (unregistered). */
  ensureHandlers(
    namespaceId: NamespaceId,
    names: readonly string[],
  ): Promise<readonly HandlerRow[]>;
  /** Stores registrations; rows for all, in order. Writes only what changed. */
  registerHandlers(
    namespaceId: NamespaceId,
    facts: readonly HandlerFacts[],
  ): Promise<readonly HandlerRow[]>;
  handlerSchemas(
    id: HandlerId,
  ): Promise<{ readonly inputSchema: string; readonly outputSchema: string }>;
};

/** Partitions and the end of what is finished. */
export type Retention = {
  /** Makes the partitions from yesterday to 3 days ahead; CREATE then ATTACH, under a lock timeout. Answers how many it made. */
  ensurePartitions(): Promise<number>;
  /** Drops partitions that hold nothing but finished tasks past retention. Answers their names. */
  dropPartitions(retentionMs: number): Promise<readonly string[]>;
  /** Deletes at most `limit` finished tasks past retention, with what belongs to them. */
  deleteFinished(retentionMs: number, limit: number): Promise<number>;
  /** Deletes at most `limit` expired idempotency keys. */
  deleteExpiredKeys(limit: number): Promise<number>;
  /** Deletes at most `limit` lanes in which nothing waits and whose bucket is full again. */
  deleteIdleLanes(limit: number): Promise<number>;
};
