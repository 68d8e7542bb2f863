/**
 * Every subject on which coordinators speak to each other and to outsiders over NATS.
 *
 *   <prefix>.cluster.<hint>                         wakeups, for coordinators only
 *   <prefix>.events.<namespace>.<kind>.<handler>    lifecycle events, for anyone
 *
 * The prefix keeps clusters apart that share a NATS. Names of namespaces and of handlers consist of characters that
 * subjects may hold. The dots of a handler stay dots, and it comes last, so that `email.>` means what it says.
 */
import type { ScheduleEventKind } from '../rules/schedule/schedule-events.ts';
import type { EventKind } from '../rules/task-events.ts';
import type { HintName } from './wakeups.ts';

/** Where hints of one name travel. */
export function clusterSubject(prefix: string, name: HintName): string {
  return `${prefix}.cluster.${name}`;
}

/** What an event is told about. */
export type ToldKind = EventKind | ScheduleEventKind;

/** Where one event is published. */
export function eventSubject(
  prefix: string,
  namespace: string,
  kind: ToldKind,
  handler: string,
): string {
  return `${prefix}.events.${namespace}.${kind}.${handler}`;
}

/** What to subscribe to for events of a namespace, a kind and a handler; `*` and `>` as NATS knows them. */
export function eventPattern(prefix: string, { namespace, kind, handler }: EventChoice): string {
  return `${prefix}.events.${namespace ?? '*'}.${kind ?? '*'}.${handler ?? '>'}`;
}

/** Which events. */
export type EventChoice = {
  readonly namespace?: string | undefined;
  readonly kind?: ToldKind | undefined;
  /** A name, or the beginning of names: `email.>`. */
  readonly handler?: string | undefined;
};
