/**
 * Publishes events over NATS, each on the subject that says what it is about.
 *
 * While NATS is away they are dropped and counted, like everything else that is sent there.
 */

import type { ScheduleEvent } from '../../rules/schedule/schedule-events.ts';
import type { HandlerId } from '../../rules/task.ts';
import type { TaskEvent } from '../../rules/task-events.ts';
import type { NatsLink } from '../nats.ts';
import { eventSubject, type ToldKind } from '../subjects.ts';
import { cloudEvent, type EventNames, scheduleCloudEvent } from './cloud-event.ts';
import { type Events, noEvents } from './events.ts';

/** What publishing needs. */
export type EventPublisherOptions = {
  readonly link: Pick<NatsLink, 'publish'>;
  readonly prefix: string;
  /** Kinds that are published; none: events are off. */
  readonly kinds: readonly ToldKind[];
  /** Names of a handler and its namespace; null: not known here, so its event is left out. */
  readonly namesOf: (handlerId: HandlerId) => EventNames | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Events over NATS. */
export function createEventPublisher(options: EventPublisherOptions): Events {
  const { link, prefix, namesOf, now } = options;
  if (options.kinds.length === 0) return noEvents;
  const wanted = new Set<ToldKind>(options.kinds);
  return {
    on: true,
    stream: null,
    publish(event: TaskEvent) {
      if (!wanted.has(event.kind)) return;
      const names = namesOf(event.handlerId);
      if (names === null) return;
      const subject = eventSubject(prefix, names.namespace, event.kind, names.handler);
      link.publish(subject, Buffer.from(cloudEvent(event, names, now())));
    },
    publishSchedule(event: ScheduleEvent) {
      if (!wanted.has(event.kind)) return;
      const names = namesOf(event.handlerId);
      if (names === null) return;
      const subject = eventSubject(prefix, names.namespace, event.kind, names.handler);
      link.publish(subject, Buffer.from(scheduleCloudEvent(event, names, now())));
    },
  };
}
