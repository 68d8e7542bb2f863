/**
 * Listens to lifecycle events, for programs that are no coordinator: `muster events` is one.
 */
import { pino } from 'pino';
import { scheduleEventKinds } from '../../rules/schedule/schedule-events.ts';
import { eventKinds as taskEventKinds } from '../../rules/task-events.ts';
import { createIncidents } from '../incidents.ts';
import { createNatsLink } from '../nats.ts';
import { type NatsAccess, wayOut } from '../nats-access.ts';
import { eventPattern, type ToldKind } from '../subjects.ts';
import { readCloudEvent, type ToldEvent } from './cloud-event.ts';

export type { NatsAccess, ToldEvent, ToldKind };

/** Everything that can be told of tasks and schedules. */
export const eventKinds = [...taskEventKinds, ...scheduleEventKinds] as const;

/** What to listen to, and who hears it. */
export type FollowOptions = {
  readonly access: NatsAccess;
  readonly prefix: string;
  /** `*` for all of them. */
  readonly namespace: string;
  /** None: all of them. */
  readonly kinds: readonly ToldKind[];
  /** A name, or the beginning of names: `email.>`; `>` for all of them. */
  readonly handler: string;
  readonly heard: (event: ToldEvent) => void;
  /** Called whenever it listens. */
  readonly connected: () => void;
  /** Called whenever NATS cannot be reached; it goes on trying. */
  readonly failed: (problem: string) => void;
};

/** Listening that goes on until it is stopped. */
export type Following = {
  /** Subjects that are listened to. */
  readonly subjects: readonly string[];
  stop(): Promise<void>;
};

/** Begins to listen. What is published while NATS cannot be reached is not heard later. */
export function followEvents(options: FollowOptions): Following {
  const { prefix, namespace, handler } = options;
  const logger = pino({ level: 'silent' });
  const link = createNatsLink({
    access: options.access,
    name: 'muster-events',
    incidents: createIncidents(logger, () => performance.now()),
    logger,
    failed: (problem) => options.failed(`NATS cannot be used: ${problem}. ${wayOut(problem)}`),
  });
  const kinds = options.kinds.length === 0 ? [undefined] : options.kinds;
  const subjects = kinds.map((kind) => eventPattern(prefix, { namespace, kind, handler }));
  for (const subject of subjects)
    link.subscribe(subject, (bytes) => {
      const event = readCloudEvent(bytes);
      if (event !== null) options.heard(event);
    });
  link.whenConnected(options.connected);
  link.start();
  return { subjects, stop: link.stop };
}
