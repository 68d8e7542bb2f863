/**
 * What went wrong between this coordinator and NATS: counted always, logged now and then.
 */
import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** Kinds of incidents: a message that was not sent; one that was read and is none of ours. */
export type IncidentKind = 'dropped' | 'malformed';

/** Counts incidents; also the metrics `muster.nats.dropped` and `muster.nats.malformed`. */
export type Incidents = {
  count(kind: IncidentKind, subject: string): void;
  /** So many so far. */
  total(kind: IncidentKind): number;
};

/** At most one line of each kind in this time; it says how many it stands for. */
const logIntervalMs = 60_000;

const texts: Readonly<Record<IncidentKind, string>> = {
  dropped: 'messages were not sent, because NATS is away or slow; safety polls catch up',
  malformed:
    'messages on subjects of this cluster are none of ours and were ignored; does somebody else use nats-subject-prefix?',
};

/** Nothing has happened yet. */
export function createIncidents(logger: Logger, clock: () => number): Incidents {
  const meter = metrics.getMeter('muster');
  const kinds = {
    dropped: {
      counter: meter.createCounter('muster.nats.dropped', {
        description: 'Messages that were not sent, because NATS was away or slow',
      }),
      total: 0,
      logged: 0,
      loggedAt: Number.NEGATIVE_INFINITY,
    },
    malformed: {
      counter: meter.createCounter('muster.nats.malformed', {
        description: 'Messages that were read and could not be understood',
      }),
      total: 0,
      logged: 0,
      loggedAt: Number.NEGATIVE_INFINITY,
    },
  };
  return {
    count(kind, subject) {
      const entry = kinds[kind];
      entry.counter.add(1);
      entry.total += 1;
      const now = clock();
      if (now - entry.loggedAt < logIntervalMs) return;
      const messages = entry.total - entry.logged;
      entry.loggedAt = now;
      entry.logged = entry.total;
      logger.warn({ subject, messages, total: entry.total }, texts[kind]);
    },
    total: (kind) => kinds[kind].total,
  };
}
