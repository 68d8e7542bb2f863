/**
 * One event as CloudEvents 1.0 in JSON. Pure.
 */
import type { TaskEvent } from '../../rules/task-events.ts';

/** Names of what an event is about. */
export type EventNames = { readonly namespace: string; readonly handler: string };

/** The body of the message. `atMs`: milliseconds since 1970 by the publisher's clock. */
export function cloudEvent(
  event: Omit<TaskEvent, 'handlerId'>,
  names: EventNames,
  atMs: number,
): string {
  const { kind, taskId, state, attempt } = event;
  return JSON.stringify({
    specversion: '1.0',
    id: eventId(event),
    source: `/namespaces/${names.namespace}`,
    type: `muster.task.${kind}`,
    subject: taskId,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    // JSON leaves out what is not given.
    data: { taskId, namespace: names.namespace, handler: names.handler, state, attempt },
  });
}

/** The same fact has the same id, whoever tells it, and however often. */
export function eventId({ kind, taskId, leaseEpoch }: Omit<TaskEvent, 'handlerId'>): string {
  return leaseEpoch === undefined ? `${taskId}/${kind}` : `${taskId}/${kind}/${leaseEpoch}`;
}

/** An event as a listener reads it. */
export type ToldEvent = {
  readonly id: string;
  readonly type: string;
  /** ISO 8601. */
  readonly time: string;
  readonly data: {
    readonly taskId: string;
    readonly namespace: string;
    readonly handler: string;
    readonly state: string;
    readonly attempt?: number;
  };
};

/** The event of a message; null: it is none of ours. */
export function readCloudEvent(bytes: Uint8Array): ToldEvent | null {
  try {
    const event = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<ToldEvent> | null;
    if (typeof event?.data !== 'object' || event.data === null) return null;
    const { id, type, time, data } = event;
    const { taskId, namespace, handler, state, attempt } = data;
    const texts = [id, type, time, taskId, namespace, handler, state];
    if (texts.some((text) => typeof text !== 'string')) return null;
    return attempt === undefined || typeof attempt === 'number' ? (event as ToldEvent) : null;
  } catch {
    return null;
  }
}
