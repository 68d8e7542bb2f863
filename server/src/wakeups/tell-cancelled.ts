/**
 * What others are told when tasks were cancelled: waiters and watchers, listeners to events, and the agents that run them.
 */
import type { HandlerId, LeaseRef, SessionId, TaskId } from '../rules/task.ts';
import { type Events, tellUnstarted } from './events/events.ts';
import type { Wakeups } from './wakeups.ts';

/** Tasks that were ended, and leases that should stop. */
export type Cancelled = {
  readonly cancelled: readonly TaskId[];
  /** Of those that are cancelled, in their order. */
  readonly cancelledHandlerIds: readonly HandlerId[];
  readonly requested: readonly (LeaseRef & { readonly sessionId: SessionId })[];
};

/** Tells of cancellations after their commit. */
export function tellCancelled(
  { wakeups, events }: { readonly wakeups: Wakeups; readonly events: Events },
  result: Cancelled,
  reason: string,
): void {
  if (result.cancelled.length > 0)
    wakeups.publish('moved', {
      tasks: result.cancelled.map((taskId) => ({ taskId, finished: true })),
    });
  if (events.on) tellUnstarted(events, 'CANCELLED', cancelledTasks(result));
  if (result.requested.length === 0) return;
  wakeups.publish('cancel', {
    orders: result.requested.map((lease) => ({ ...lease, cause: 'REQUESTED', reason })),
  });
  wakeups.publish('moved', {
    tasks: result.requested.map(({ taskId }) => ({ taskId, finished: false })),
  });
}

function cancelledTasks({ cancelled, cancelledHandlerIds }: Cancelled) {
  return cancelled.flatMap((taskId, index) => {
    const handlerId = cancelledHandlerIds[index];
    return handlerId === undefined ? [] : [{ taskId, handlerId }];
  });
}
