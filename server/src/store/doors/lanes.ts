/**
 * Lanes: the tasks of limited handlers, and what limits them.
 *
 * Part of the door in `store.ts`, which says what holds of every method.
 */
import type { HandlerLimits } from '../../rules/lanes/limits.ts';
import type { HandlerStanding, NamedLimit, WrittenLimit } from '../../rules/lanes/standing.ts';
import type { HandlerId, LaneId, Lease, NamespaceId, SlotOffer } from '../../rules/task.ts';

/** What to claim of a limited handler's lanes, and for whom. */
export type LaneClaimRequest = {
  readonly handlerId: HandlerId;
  /** One entry per free slot. */
  readonly slots: readonly SlotOffer[];
  /** Lanes of which a task has ended, so that one which was full may have room. */
  readonly freed: readonly LaneId[];
  /** A claim stops once its inputs hold so many bytes. */
  readonly bytesMax: number;
};

/** What a claim of lanes took. */
export type LaneClaim = {
  /** False: the handler is not limited, or not any more. */
  readonly limited: boolean;
  readonly leases: readonly Lease[];
  /** There is more to be had at once. */
  readonly more: boolean;
  /** When time alone lets more pass, in milliseconds from now; null: it does not. */
  readonly nextInMs: number | null;
};

/** Limited handlers. */
export type Lanes = {
  /** WAITING → RUNNING for slots that are free now, as far as every limit allows, in one transaction. */
  claim(request: LaneClaimRequest): Promise<LaneClaim>;
  /**
   * Moves what a handler had before its limits came or went: to its lanes, or out of them. At most `limit` tasks; answers of
   * which handlers some were moved, and whether there is more to do.
   */
  settle(
    limit: number,
  ): Promise<{ readonly handlerIds: readonly HandlerId[]; readonly more: boolean }>;
  /** MISSING: a name is of no limit. */
  setHandlerLimits(
    handlerId: HandlerId,
    limits: HandlerLimits,
  ): Promise<'SET' | { readonly missing: readonly string[] }>;
  handlerStanding(handlerId: HandlerId): Promise<HandlerStanding | null>;
  setLimit(namespaceId: NamespaceId, limit: WrittenLimit): Promise<NamedLimit>;
  limit(namespaceId: NamespaceId, name: string): Promise<NamedLimit | null>;
  limits(
    namespaceId: NamespaceId,
    after: string,
    most: number,
  ): Promise<{ readonly limits: readonly NamedLimit[]; readonly more: boolean }>;
  /** USED: handlers are under it. */
  deleteLimit(
    namespaceId: NamespaceId,
    name: string,
  ): Promise<'DELETED' | 'MISSING' | { readonly usedBy: readonly string[] }>;
  /** Stops hand-overs of a handler, or lets them go on. */
  pauseHandler(handlerId: HandlerId, paused: boolean, note: string): Promise<void>;
  /** The same of all handlers of a namespace. */
  pauseNamespace(namespaceId: NamespaceId, paused: boolean, note: string): Promise<void>;
};
