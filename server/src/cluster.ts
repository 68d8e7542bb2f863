/**
 * What ties this coordinator to the others and to those who listen: NATS if it is set, else nothing.
 */
import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Check } from './doors/readiness.ts';
import { type Events, noEvents } from './wakeups/events/events.ts';
import { createEventPublisher } from './wakeups/events/publisher.ts';
import { createStreamedEvents } from './wakeups/events/stream.ts';
import { createInProcessWakeups } from './wakeups/in-process.ts';
import { createIncidents } from './wakeups/incidents.ts';
import { createNatsLink, type NatsLink } from './wakeups/nats.ts';
import type { NatsAccess } from './wakeups/nats-access.ts';
import { createReplicaWakeups } from './wakeups/replicas.ts';
import type { Wakeups } from './wakeups/wakeups.ts';

type Names = Pick<Dictionaries, 'handler' | 'namespace'>;

/** The ties of one coordinator. */
export type Cluster = {
  readonly wakeups: Wakeups;
  /** Events under the names that the dictionaries know. */
  events(dictionaries: Names): Events;
  /** For `/readyz`. */
  readonly checks: readonly Check[];
};

/** Makes the ties; they are begun with the wakeups. */
export function createCluster(config: Config, logger: Logger): Cluster {
  if (config.natsServers.length === 0)
    return { wakeups: createInProcessWakeups(logger), events: () => noEvents, checks: [] };
  const incidents = createIncidents(logger, () => performance.now());
  const link = createNatsLink({
    access: accessOf(config),
    name: 'muster-coordinator',
    incidents,
    logger,
  });
  const prefix = config.natsSubjectPrefix;
  measure(link);
  const publisher = (dictionaries: Names) =>
    createEventPublisher({
      ...{ link, prefix, kinds: config.events, now: Date.now },
      namesOf(handlerId) {
        const handler = dictionaries.handler(handlerId);
        const namespace = handler && dictionaries.namespace(handler.namespaceId);
        return namespace && { namespace: namespace.name, handler: handler.name };
      },
    });
  return {
    wakeups: createReplicaWakeups({ link, prefix, incidents, logger }),
    events(dictionaries) {
      const events = publisher(dictionaries);
      const { eventsStream: name, events: kinds } = config;
      if (name === '') return events;
      const { publishSchedule } = events;
      return createStreamedEvents({ link, prefix, name, kinds, publishSchedule });
    },
    checks: [{ name: 'nats', degrades: true, run: async () => mustBeConnected(link) }],
  };
}

function accessOf(config: Config): NatsAccess {
  return {
    servers: config.natsServers,
    credentialsFile: config.natsCredentialsFile,
    user: config.natsUser,
    passwordFile: config.natsPasswordFile,
    tokenFile: config.natsTokenFile,
    tlsCaFile: config.natsTlsCaFile,
    tlsCertificateFile: config.natsTlsCertificateFile,
    tlsKeyFile: config.natsTlsKeyFile,
  };
}

/** The metric `muster.nats.connected`: 1, or 0 while it is away. */
function measure(link: NatsLink): void {
  metrics
    .getMeter('muster')
    .createObservableGauge('muster.nats.connected', {
      description: '1 while this coordinator is connected to NATS, else 0',
    })
    .addCallback((result) => result.observe(link.isConnected() ? 1 : 0));
}

function mustBeConnected(link: NatsLink): void {
  const problem = link.problem();
  if (problem !== null)
    throw new Error(
      `NATS cannot be used (${problem}); other coordinators hear of things within a safety poll.`,
    );
}
