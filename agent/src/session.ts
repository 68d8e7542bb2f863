// The session: one stream at a time to some coordinator, and what it says.
//
//   idle ─start─▶ waiting ─dial─▶ greeting ─Welcome─▶ attached ─▶ ended (left or refused for good)
//                    ▲               │                   │
//                    └── stream over, silence, GoAway ───┘
//
// A session outlives its streams: it is resumed with its token and the inventory of all that
// the agent holds. Nothing is taken from a stream once another was opened.

import type {
  ConnectResponse__Output,
  GoAway__Output,
  Hello,
  InventoryItem,
  LeaseState,
  Welcome__Output,
} from '@muster/proto';
import { type CoordinatorReason, MusterError, type MusterReason } from '@muster/sdk';
import { wireToMs } from '@muster/sdk/internal';
import type { LeaseRef } from './attempt/lease.ts';
import type { Reports } from './attempt/reports.ts';
import type { Addresses } from './link/addresses.ts';
import type { Timer } from './link/clock.ts';
import { type Receivers, receive, receiveVerdicts } from './link/incoming.ts';
import { Liveness } from './link/liveness.ts';
import type { Stream, StreamEnd, Transport } from './link/transport.ts';
import { defaultLimits, type Limits, toLimits } from './link/wire.ts';
import type { Slots } from './slots.ts';

/** What a session is made of. */
export interface SessionOptions extends Receivers {
  readonly transport: Transport;
  readonly addresses: Addresses;
  readonly reports: Reports;
  readonly slots: Slots;
  /** Who the agent is and what it can run; the session adds its own fields. */
  readonly hello: Hello;
  /** The session stands, for the first time or again. */
  attached(): void;
  /** No session can be had: the first Hello was refused for a reason that trying again does not mend. */
  refused(error: MusterError): void;
}

/** Reasons for which an agent that never had a session gives up. */
const fatalReasons: readonly CoordinatorReason[] = [
  ...(['INVALID_REQUEST', 'NAMESPACE_NOT_FOUND', 'TOKEN_INVALID'] as const),
  ...(['RIGHT_MISSING', 'PROTOCOL_UNSUPPORTED'] as const),
];

const heartbeatIntervalMsDefault = 1000;
const silenceTimeoutMsDefault = 3000;

/** How long the end of a session waits for its last message to leave. */
const leaveMsMax = 1000;

/** One agent's presence. */
export class Session {
  readonly #options: SessionOptions;
  #state: 'idle' | 'waiting' | 'greeting' | 'attached' | 'ended' = 'idle';
  #session: { readonly id: string; readonly token: string } | undefined;
  #stream: Stream | undefined;
  #liveness: Liveness | undefined;
  #timer: Timer | undefined;
  #limits: Limits = defaultLimits;
  /** Streams so far: a Hello that is late must not count after a later one. */
  #dials = 0;
  #helloSentAt = 0;
  #attachedAt = 0;
  #assignmentSequence = 0;
  #draining: string | undefined;
  #address = '';
  #complained = false;
  #left: Promise<void> | undefined;
  #over: (() => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** What the coordinator asked the agent to keep to. */
  get limits(): Limits {
    return this.#limits;
  }

  /** Id of the session; empty before the first Welcome. */
  get id(): string {
    return this.#session?.id ?? '';
  }

  /** Whether the coordinator is known to count on us: an attempt may begin. */
  get mayStart(): boolean {
    return this.#state === 'attached' && (this.#liveness?.fresh ?? false);
  }

  /** Dials until the session stands, and again whenever it does not. */
  start(): void {
    if (this.#state === 'idle') this.#dialIn(0);
  }

  /** Tells the coordinator, now and after every reconnect, that the agent takes nothing more. */
  drain(reason: string): void {
    this.#draining = reason;
    this.#options.outgoing.draining(reason);
  }

  /** Ends the session in order: its last leases go back at once. */
  leave(reason: string): Promise<void> {
    this.#left ??= this.#leave(reason);
    return this.#left;
  }

  #leave(reason: string): Promise<void> {
    const stream = this.#stream;
    if (this.#state !== 'attached' || !stream) {
      this.close();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(leaveMsMax, () => this.close());
      this.#over = () => {
        timer.cancel();
        resolve();
      };
      this.#options.outgoing.flush();
      this.#liveness?.stop();
      this.#state = 'ended';
      stream.send({ leave: { reason } });
      stream.end();
    });
  }

  /** Drops everything at once; the coordinator will find the session lost. */
  close(): void {
    this.#state = 'ended';
    this.#letGo()?.abort();
    this.#over?.();
  }

  #dialIn(ms: number): void {
    this.#state = 'waiting';
    this.#timer = this.#options.clock.after(ms, () => this.#dial());
  }

  #dial(): void {
    const { transport, clock, addresses, logger } = this.#options;
    const address = addresses.next();
    this.#address = address;
    this.#state = 'greeting';
    this.#timer = clock.after(addresses.greetTimeout(), () => {
      this.#broken({ status: 'DEADLINE_EXCEEDED', reason: '', message: 'no answer to Hello' });
    });
    logger.debug('dialling', { address });
    this.#helloSentAt = clock.now();
    this.#dials += 1;
    const stream: Stream = transport.open(address, {
      received: (message) => {
        if (this.#stream === stream) this.#received(stream, message);
      },
      drained: () => {
        if (this.#stream === stream) this.#options.outgoing.drained();
      },
      ended: (end) => {
        if (this.#stream === stream) this.#broken(end);
      },
    });
    this.#stream = stream;
    stream.send({ hello: this.#hello() });
  }

  #hello(): Hello {
    const { waiting, running, finished } = this.#options.leases.inventory();
    const items = (refs: LeaseRef[], state: LeaseState): InventoryItem[] =>
      refs.map((lease) => ({ lease, state }));
    return {
      ...this.#options.hello,
      slots: Math.max(1, this.#options.slots.total),
      sessionId: this.#session?.id ?? '',
      sessionToken: this.#session?.token ?? '',
      dial: this.#dials,
      inventory: [
        ...items(waiting, 'LEASE_STATE_ACCEPTED'),
        ...items(running, 'LEASE_STATE_RUNNING'),
        ...items(finished, 'LEASE_STATE_FINISHED'),
      ],
    };
  }

  #received(stream: Stream, message: ConnectResponse__Output): void {
    if (this.#state === 'ended') return;
    this.#liveness?.heard();
    const { welcome, goAway, heartbeatAck, assignments, outcomeAcks } = message;
    if (goAway) {
      this.#goAway(goAway);
    } else if (welcome && this.#state === 'greeting') {
      this.#welcomed(stream, welcome);
    } else if (this.#state !== 'attached') {
      this.#options.logger.warn('a message came before the Welcome', { message: message.message });
    } else if (heartbeatAck) {
      this.#liveness?.acknowledged(heartbeatAck.sequence);
      this.#options.leases.startWaiting();
    } else {
      const sequence = (assignments ?? outcomeAcks?.assignments)?.sequence;
      if (sequence) this.#assignmentSequence = sequence;
      receive(message, this.#options);
    }
  }

  #welcomed(stream: Stream, welcome: Welcome__Output): void {
    const { clock, addresses, outgoing, reports, slots, logger } = this.#options;
    this.#timer?.cancel();
    this.#state = 'attached';
    this.#attachedAt = clock.now();
    this.#session = { id: welcome.sessionId, token: welcome.sessionToken };
    this.#limits = toLimits(welcome.limits);
    this.#assignmentSequence = 0;
    this.#complained = false;
    addresses.welcomed(this.#address, welcome.addresses);
    reports.limit(this.#limits);
    outgoing.attach(stream, this.#limits);
    receiveVerdicts(welcome, this.#options);
    if (slots.offered !== slots.total) outgoing.slots(slots.offered);
    if (this.#draining !== undefined) outgoing.draining(this.#draining);
    this.#watch(stream, welcome);
    const { sessionId, resumed, coordinatorId } = welcome;
    logger.info('attached', { address: this.#address, sessionId, resumed, coordinatorId });
    this.#options.attached();
    this.#options.leases.startWaiting();
  }

  #watch(stream: Stream, { heartbeatInterval, silenceTimeout }: Welcome__Output): void {
    const silenceTimeoutMs = wireToMs(silenceTimeout) || silenceTimeoutMsDefault;
    this.#liveness = new Liveness(this.#options.clock, {
      heartbeatIntervalMs: wireToMs(heartbeatInterval) || heartbeatIntervalMsDefault,
      silenceTimeoutMs,
      helloSentAt: this.#helloSentAt,
      beat: (sequence) => {
        stream.send({ heartbeat: { sequence, assignmentSequence: this.#assignmentSequence } });
      },
      silent: () => {
        const message = `nothing was heard for ${silenceTimeoutMs} ms`;
        this.#broken({ status: 'UNAVAILABLE', reason: '', message });
      },
    });
  }

  #goAway({ addresses, reconnectDelay, reason }: GoAway__Output): void {
    this.#options.logger.info('sent away', { address: this.#address, reason, addresses });
    this.#options.addresses.prefer(addresses);
    this.#tally();
    const delay = wireToMs(reconnectDelay);
    this.#letGo()?.end();
    this.#dialIn(delay ?? this.#options.addresses.wait());
  }

  /** The stream is over, or is given up. */
  #broken(end: StreamEnd): void {
    this.#tally();
    this.#letGo()?.abort();
    if (this.#state === 'ended') {
      this.#over?.();
      return;
    }
    if (end.reason === 'SESSION_ENDED') this.#sessionEnded(end);
    else if (this.#isFatal(end)) {
      this.close();
      const refused = new MusterError(end.reason as MusterReason, end.message);
      this.#options.refused(refused);
      return;
    } else this.#complain(end);
    this.#dialIn(this.#options.addresses.wait());
  }

  #sessionEnded({ message }: StreamEnd): void {
    this.#options.logger.warn('the session has ended; a new one begins', { message });
    this.#session = undefined;
    this.#options.leases.forgetAll();
  }

  #isFatal({ reason }: StreamEnd): boolean {
    return this.#session === undefined && fatalReasons.some((fatal) => fatal === reason);
  }

  /** Once per outage: the dials that follow are told only for debugging. */
  #complain(end: StreamEnd): void {
    const { logger } = this.#options;
    const fields = { address: this.#address, ...end };
    if (this.#complained) logger.debug('no connection', fields);
    else logger.warn('no connection; dialling until there is one', fields);
    this.#complained = true;
  }

  #tally(): void {
    const { addresses, clock } = this.#options;
    if (this.#state === 'attached') addresses.lost(clock.now() - this.#attachedAt);
    else if (this.#state === 'greeting') addresses.failed();
  }

  /** Forgets the stream, whose messages are ignored from now on. */
  #letGo(): Stream | undefined {
    const stream = this.#stream;
    this.#stream = undefined;
    this.#timer?.cancel();
    this.#liveness?.stop();
    this.#liveness = undefined;
    this.#options.outgoing.detach();
    return stream;
  }
}
