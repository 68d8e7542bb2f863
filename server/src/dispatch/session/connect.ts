/**
 * AgentService.Connect: one stream from its Hello to its end.
 *
 *   awaiting Hello ─▶ attaching (reading is paused) ─▶ attached ─▶ over
 *
 * However a stream ends, its session leaves the book of attached sessions in the same turn: what was never sent goes back
 * at once, what was sent waits for the agent to attach again or to be lost.
 */
import type { ConnectRequest__Output } from '@muster/proto';
import type { Logger } from 'pino';
import { refusalOf } from '../../refusals.ts';
import type { Time } from '../../rules/time.ts';
import { welcomeMessage } from '../../wire/agent-answers.ts';
import { readHello } from '../../wire/agent-messages.ts';
import type { Authentication, Principal } from '../../wire/authentication.ts';
import { CallRefused } from '../../wire/status.ts';
import type { Counters } from '../counters.ts';
import { type Inbox, violation } from './inbox.ts';
import { type AgentStream, createLink, type Link } from './link.ts';
import { unreadFor } from './outbox.ts';
import type { Presence } from './presence.ts';
import type { Admitted, Registration } from './registration.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Streams of agents. */
export type Connections = {
  /** Serves one stream. */
  connect(stream: AgentStream): void;
  /** Ends a session's stream here: `refusal` null: in order. `keepRow`: its row is not to be detached. */
  end(session: Session, refusal: CallRefused | null, keepRow?: 'keepRow'): void;
  linkOf(session: Session): Link | null;
  /** Ends streams that have not said Hello in time. */
  sweep(now: number): void;
  /** Lets nobody in from now on. */
  close(): void;
};

/** What streams need of the rest. */
export type ConnectionsOptions = {
  readonly authentication: Authentication;
  readonly registration: Registration;
  readonly sessions: Sessions;
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly time: Time;
  readonly helloTimeoutMs: number;
  readonly streamsMax: number;
  /** The session has just attached: what it holds is expected to go on. */
  readonly attached: (session: Session, link: Link) => void;
  /** The session has just left the book. */
  readonly ended: (session: Session) => void;
};

/** An agent says once per heartbeat what it has read; what is unread for longer did not reach it. */
const unreadUsualMs = 1500;

/** A stream without a session. */
type Stranger = { readonly link: Link; readonly since: number; phase: 'HELLO' | 'ATTACHING' };

/** What all streams share. */
type Desk = {
  readonly options: ConnectionsOptions;
  readonly strangers: Map<AgentStream, Stranger>;
  readonly links: Map<Session, Link>;
  closed: boolean;
};

/** Serves streams. */
export function createConnections(options: ConnectionsOptions): Connections {
  const desk: Desk = { options, strangers: new Map(), links: new Map(), closed: false };
  const { strangers, links } = desk;
  return {
    end: (session, refusal, keepRow) => end(desk, session, refusal, keepRow),
    linkOf: (session) => links.get(session) ?? null,
    connect(stream) {
      const link = createLink(stream, options.time);
      try {
        if (desk.closed) throw stopping();
        if (strangers.size >= options.streamsMax) throw crowded();
        serve(desk, stream, link, options.authentication.authenticate(stream.metadata));
      } catch (error) {
        refuse(desk, stream, link, error);
      }
    },
    sweep(now) {
      for (const [stream, { link, since, phase }] of strangers) {
        if (phase !== 'HELLO' || since + options.helloTimeoutMs > now) continue;
        strangers.delete(stream);
        refuse(desk, stream, link, violation(`No Hello came within ${options.helloTimeoutMs} ms.`));
      }
    },
    close() {
      desk.closed = true;
      for (const { link } of strangers.values()) link.close(stopping());
    },
  };
}

function end(desk: Desk, session: Session, refusal: CallRefused | null, keepRow?: 'keepRow'): void {
  const { links, options } = desk;
  const link = links.get(session);
  if (link === undefined) return;
  links.delete(session);
  const wasLeaving = session.stage === 'LEAVING';
  session.stage = 'ENDED';
  options.sessions.remove(session);
  link.close(refusal);
  options.ended(session);
  if (keepRow === undefined && !wasLeaving)
    options.presence.detach(session, lastSoundAt(session, options.clock()));
}

/** An agent that has not read for longer than usual was cut off then, whatever it went on saying. */
function lastSoundAt(session: Session, now: number): number {
  const unreadMs = unreadFor(session, now);
  return unreadMs < unreadUsualMs ? session.heardAt : Math.min(session.heardAt, now - unreadMs);
}

/** Ends a stream without a session, and says so once in the log. */
function refuse({ options }: Desk, stream: AgentStream, link: Link, error: unknown): void {
  const refusal = refusalOf(error, options.logger, 'AgentService.Connect');
  const { reason, message } = refusal;
  options.logger.info({ peer: stream.getPeer(), reason }, `an agent was refused: ${message}`);
  link.close(refusal);
}

function serve(desk: Desk, stream: AgentStream, link: Link, principal: Principal): void {
  const { strangers, options } = desk;
  const stranger: Stranger = { link, since: options.clock(), phase: 'HELLO' };
  let session: Session | null = null;
  strangers.set(stream, stranger);
  stream.on('data', (message: ConnectRequest__Output) => {
    if (session !== null) return take(desk, stream, session, message);
    if (stranger.phase !== 'HELLO') return;
    stranger.phase = 'ATTACHING';
    stream.pause();
    attach(desk, stream, link, principal, message)
      .then((attached) => {
        session = attached;
        stream.resume();
      })
      .catch((error: unknown) => refuse(desk, stream, link, error))
      .finally(() => strangers.delete(stream));
  });
  const over = () => {
    strangers.delete(stream);
    if (session === null) link.close(null);
    else if (session.stage !== 'LEAVING') end(desk, session, null);
  };
  for (const event of ['end', 'cancelled', 'close', 'error']) stream.on(event, over);
}

async function attach(
  desk: Desk,
  stream: AgentStream,
  link: Link,
  principal: Principal,
  message: ConnectRequest__Output,
): Promise<Session | null> {
  const { options } = desk;
  if (!message.hello) throw violation('The first message of a stream must be Hello.');
  const requireStream = () => {
    if (stream.destroyed || stream.cancelled) throw gone();
  };
  const hello = readHello(message.hello);
  const admitted = await options.registration.attach(hello, principal, requireStream);
  const { session } = admitted;
  try {
    if (desk.closed) throw stopping();
    requireStream();
    welcome(desk, stream, link, admitted);
    return session;
  } catch (error) {
    options.presence.detach(session, options.clock());
    throw error;
  }
}

function welcome(
  desk: Desk,
  stream: AgentStream,
  link: Link,
  { session, welcome: facts }: Admitted,
): void {
  const { sessions, attached, logger } = desk.options;
  const { id: sessionId, agentId, attachment, slots } = session;
  const older = sessions.get(sessionId);
  if (older !== null && older.attachment > attachment) throw moved();
  if (older !== null) end(desk, older, moved(), 'keepRow');
  desk.links.set(session, link);
  sessions.add(session);
  session.wake = link.wake;
  stream.write(welcomeMessage(facts));
  attached(session, link);
  const told = facts.resumed ? 'an agent is back' : 'an agent has come';
  logger.info({ sessionId, agentId, attachment, slots, leases: session.leases.size }, told);
}

function take(
  desk: Desk,
  stream: AgentStream,
  session: Session,
  message: ConnectRequest__Output,
): void {
  if (session.stage !== 'ATTACHED') return;
  const { inbox, counters, logger } = desk.options;
  try {
    inbox.take(session, message);
  } catch (error) {
    counters.count('violation');
    const refusal = refusalOf(error, logger, 'AgentService.Connect');
    const { id: sessionId, agentId } = session;
    const peer = stream.getPeer();
    logger.warn({ sessionId, agentId, peer }, `an agent's stream was ended: ${refusal.message}`);
    end(desk, session, refusal);
  }
}

/** The session has another stream. */
export function moved(): CallRefused {
  return new CallRefused(
    'SESSION_MOVED',
    'The session has attached on another stream; this one is over.',
  );
}

/** The coordinator stops. */
export function stopping(): CallRefused {
  return new CallRefused(
    'STOPPING',
    'This coordinator stops. Connect to another one, or again in a moment.',
    {
      retryDelayMs: 1000,
    },
  );
}

function crowded(): CallRefused {
  const message = 'Too many agents are connecting at this moment.';
  return new CallRefused('OVERLOADED', message, { retryDelayMs: 1000 });
}

function gone(): CallRefused {
  return new CallRefused('SESSION_MOVED', 'The stream was over before the session had attached.');
}
