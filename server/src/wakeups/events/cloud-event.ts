/**
 * One event as CloudEvents 1.0 in JSON. Pure.
 */
import type { ScheduleEvent } from '../../rules/schedule/schedule-events.ts';
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

/** The same for an event of a schedule. */
export function scheduleCloudEvent(event: ScheduleEvent, names: EventNames, atMs: number): string {
  const { kind, scheduleId, schedule, state, at, note, fire } = event;
  return JSON.stringify({
    specversion: '1.0',
    id: `${scheduleId}/${kind}/${at}`,
    source: `/namespaces/${names.namespace}`,
    type: `muster.${kind.replace('-', '.')}`,
    subject: schedule,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    data: {
      ...{ schedule, namespace: names.namespace, handler: names.handler, state, note },
      ...(fire === undefined
        ? {}
        : {
            nominalTime: new Date(fire.nominalAt).toISOString(),
            decision: fire.decision,
            taskId: fire.taskId ?? undefined,
          }),
    },
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
    readonly namespace: string;
    readonly handler: string;
    readonly state: string;
    /** Not given: it is about no task. */
    readonly taskId?: string;
    readonly attempt?: number;
    /** Name of the schedule; not given: it is about none. */
    readonly schedule?: string;
    /** ISO 8601. */
    readonly nominalTime?: string;
    readonly decision?: string;
    readonly note?: string;
  };
};

/** The event of a message; null: it is none of ours. */
export function readCloudEvent(bytes: Uint8Array): ToldEvent | null {
  try {
    const event = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<ToldEvent> | null;
    if (typeof event?.data !== 'object' || event.data === null) return null;
    const { id, type, time, data } = event;
    const { taskId, namespace, handler, state, attempt, schedule, nominalTime, decision, note } =
      data;
    const texts = [id, type, time, namespace, handler, state, schedule ?? taskId];
    const others = [taskId, schedule, nominalTime, decision, note].filter(
      (each) => each !== undefined,
    );
    if ([...texts, ...others].some((text) => typeof text !== 'string')) return null;
    return attempt === undefined || typeof attempt === 'number' ? (event as ToldEvent) : null;
  } catch {
    return null;
  }
}
