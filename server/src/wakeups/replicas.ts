/**
 * Wakeups between replicas: what is published here is heard here at once, as within one process, and by all others over
 * NATS.
 *
 *   publish ─▶ gathered per turn ─┬▶ listeners here
 *                                 └▶ NATS ─▶ other replicas: gathered again ─▶ their listeners
 *
 * Two wakeups within the process do the gathering: one for what is published here, one for what others sent. The link
 * itself is a listener of the first, and nobody publishes what came through the second, so nothing goes round. NATS does
 * not send a coordinator its own messages.
 *
 * `moved` is the one hint that every task causes. It is subscribed to only while somebody here listens for it, and a
 * little longer, so that waits that follow each other cause no traffic of their own.
 */
import type { Logger } from 'pino';
import { decodeHint, encodeHint, messageBytesMax } from './hint-codec.ts';
import { createInProcessWakeups } from './in-process.ts';
import type { Incidents } from './incidents.ts';
import type { NatsLink } from './nats.ts';
import { clusterSubject } from './subjects.ts';
import type { HintName, Hints, Wakeups } from './wakeups.ts';

/** What wakeups between replicas are made of. */
export type ReplicaWakeupsOptions = {
  readonly link: NatsLink;
  readonly prefix: string;
  readonly incidents: Incidents;
  readonly logger: Logger;
  /** How long `moved` of others is still heard after the last listener here has gone. Default 30 s. */
  readonly movedLingerMs?: number;
};

/** Hints that go to everybody, always. */
const alwaysHeard = [
  ...(['ready', 'delayed', 'scheduled', 'cancel'] as const),
  ...(['drain', 'detached', 'dictionaries'] as const),
] as const;

/** Wakeups that other replicas hear too. */
export function createReplicaWakeups(options: ReplicaWakeupsOptions): Wakeups {
  const { link, prefix, incidents, logger } = options;
  const own = createInProcessWakeups(logger);
  const others = createInProcessWakeups(logger);
  const stops: (() => void)[] = [];
  const moved = createDemand(() => hear('moved'), options.movedLingerMs ?? 30_000);

  function send<Name extends HintName>(name: Name, hint: Hints[Name]): void {
    const subject = clusterSubject(prefix, name);
    if (!link.isConnected()) {
      incidents.count('dropped', subject);
      return;
    }
    const bytesMax = Math.min(messageBytesMax, link.payloadBytesMax());
    const messages = encodeHint(name, hint, bytesMax);
    if (messages.length === 0) incidents.count('dropped', subject);
    for (const message of messages) link.publish(subject, message);
  }

  function hear(name: HintName): () => void {
    return link.subscribe(clusterSubject(prefix, name), (bytes, subject) => {
      const hint = decodeHint(name, bytes);
      if (hint === null) incidents.count('malformed', subject);
      else others.publish(name, hint);
    });
  }

  /** What was sent while NATS was away is lost. The looks that are cheap are taken at once; polls do the rest. */
  function lookNow(): void {
    others.publish('dictionaries', {});
    others.publish('detached', { sessionIds: [] });
    others.publish('delayed', { dueInMs: 0 });
    others.publish('scheduled', { lookInMs: 0 });
  }

  return {
    publish: own.publish,
    subscribe(name, listener) {
      const ends = [own.subscribe(name, listener), others.subscribe(name, listener)];
      if (name === 'moved') ends.push(moved.want());
      return () => {
        for (const end of ends.splice(0)) end();
      };
    },
    hearsOthers: link.isConnected,
    async start() {
      await own.start();
      await others.start();
      for (const name of [...alwaysHeard, 'moved'] as const)
        stops.push(own.subscribe(name, (hint) => send(name, hint)));
      for (const name of alwaysHeard) stops.push(hear(name));
      stops.push(link.whenConnected(lookNow));
      link.start();
    },
    async stop() {
      moved.end();
      for (const stop of stops.splice(0)) stop();
      await own.stop();
      await others.stop();
      await link.stop();
    },
  };
}

/** Something that is held while anybody wants it, and a little longer. */
function createDemand(begin: () => () => void, lingerMs: number) {
  let wanted = 0;
  let timer: NodeJS.Timeout | undefined;
  let release: (() => void) | null = null;

  function end(): void {
    clearTimeout(timer);
    release?.();
    release = null;
  }

  return {
    end,
    /** Returns how to want it no longer. */
    want(): () => void {
      wanted += 1;
      clearTimeout(timer);
      release ??= begin();
      return () => {
        wanted -= 1;
        if (wanted === 0) timer = setTimeout(end, lingerMs).unref();
      };
    },
  };
}
