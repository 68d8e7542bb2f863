/**
 * Events in a stream of NATS (JetStream), for those who must not miss any.
 *
 * They come out of the outbox, on the same subjects as those that are told at most once: whoever listens hears them as
 * ever. The id of the fact is that of the message, so that the stream leaves out what it was given twice within a while.
 */
import { eventKinds } from '../../rules/task-events.ts';
import type { NatsLink } from '../nats.ts';
import { eventPattern, eventSubject, type ToldKind } from '../subjects.ts';
import { cloudEvent, eventId } from './cloud-event.ts';
import type { Events } from './events.ts';

/** Events that are kept in a stream of this name. What is told of them here only says that there is something to look for. */
export function createStreamedEvents(options: {
  readonly link: Pick<NatsLink, 'keep' | 'isConnected' | 'whenConnected'>;
  readonly prefix: string;
  readonly name: string;
  readonly kinds: readonly ToldKind[];
  /** Where events of schedules are told: no outbox keeps them. */
  readonly publishSchedule: Events['publishSchedule'];
}): Events {
  const { link, prefix, name, publishSchedule } = options;
  const kinds = eventKinds.filter((kind) => options.kinds.includes(kind));
  const stream = { name, subjects: [eventPattern(prefix, {})] };
  let told = () => {};
  // What has waited while NATS was away is worth a look now.
  link.whenConnected(() => told());
  return {
    on: true,
    publish: () => told(),
    publishSchedule,
    stream: {
      kinds,
      isReachable: link.isConnected,
      keep: (events) =>
        link.keep(
          stream,
          events.map((event) => ({
            id: eventId(event),
            subject: eventSubject(prefix, event.namespace, event.kind, event.handler),
            bytes: Buffer.from(cloudEvent(event, event, event.at)),
          })),
        ),
      onTold(listener) {
        told = listener;
      },
    },
  };
}
