// An agent that says exactly what a test makes it say: the session protocol without the agent's own
// code, for misbehaviour and for moments that a real agent would not choose.

import { type ClientDuplexStream, credentials, type StatusObject } from '@grpc/grpc-js';
import {
  type Assignment__Output,
  type ConnectRequest,
  type ConnectResponse__Output,
  type Hello,
  type LeaseRef,
  loadContract,
  type Welcome__Output,
} from '@muster/proto';
import { uuidV7 } from '../harness/task-ids.ts';

/** What the coordinator may send. */
export type AnswerKind = NonNullable<ConnectResponse__Output['message']>;

/** How a stream ended. */
export interface StreamEnd {
  readonly code: number;
  /** Reason of the ErrorInfo; empty: none. */
  readonly reason: string;
  readonly details: string;
}

/** One stream to a coordinator. */
export interface RawStream {
  /** Everything that arrived, in order. */
  readonly received: readonly ConnectResponse__Output[];
  /** Settles when the stream is over; never rejects. */
  readonly ended: Promise<StreamEnd>;
  readonly isOver: boolean;
  send(message: ConnectRequest): void;
  /** Bytes that need be no message of the contract. */
  sendBytes(bytes: Buffer): void;
  /** The next message of a kind, in order of arrival; fails when the stream ends or after `timeoutMs` (default 20,000). */
  next<Kind extends AnswerKind>(
    kind: Kind,
    timeoutMs?: number,
  ): Promise<NonNullable<ConnectResponse__Output[Kind]>>;
  /** Hears everything as it arrives. */
  onMessage(listener: (message: ConnectResponse__Output) => void): void;
  /** Stops reading, so that the coordinator's bytes pile up. */
  stopReading(): void;
  /** Resets the stream. */
  cancel(): void;
  /** Ends its own side in order. */
  endWriting(): void;
  /** Closes the connection too. */
  close(): void;
}

/** Opens a stream on a connection of its own; nothing is said yet. */
export function openRawStream(address: string): RawStream {
  const { muster } = loadContract();
  const client = new muster.AgentService(address, credentials.createInsecure(), {
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  const { Connect } = muster.AgentService.service;
  const stream: ClientDuplexStream<ConnectRequest | Buffer, ConnectResponse__Output> =
    client.makeBidiStreamRequest(
      Connect.path,
      (message) => (Buffer.isBuffer(message) ? message : Connect.requestSerialize(message)),
      Connect.responseDeserialize,
    );
  return follow(stream, () => client.close());
}

function follow(
  stream: ClientDuplexStream<ConnectRequest | Buffer, ConnectResponse__Output>,
  closeClient: () => void,
): RawStream {
  const received: ConnectResponse__Output[] = [];
  const taken = new Set<ConnectResponse__Output>();
  const listeners = new Set<(message: ConnectResponse__Output) => void>();
  const changed = new Set<() => void>();
  const ended = Promise.withResolvers<StreamEnd>();
  let isOver = false;
  stream.on('data', (message: ConnectResponse__Output) => {
    received.push(message);
    for (const listener of listeners) listener(message);
    for (const look of [...changed]) look();
  });
  stream.on('error', () => {});
  stream.on('status', (status: StatusObject) => {
    isOver = true;
    ended.resolve({ code: status.code, reason: reasonOf(status), details: status.details });
    for (const look of [...changed]) look();
    closeClient();
  });
  return {
    received,
    ended: ended.promise,
    get isOver() {
      return isOver;
    },
    send: (message) => void stream.write(message),
    sendBytes: (bytes) => void stream.write(bytes),
    next: (kind, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          changed.delete(look);
          clearTimeout(timer);
          act();
        };
        const look = () => {
          const found = received.find((message) => !taken.has(message) && message[kind]);
          if (found) {
            taken.add(found);
            settle(() => resolve(found[kind] as never));
          } else if (isOver) settle(() => reject(new Error(`The stream ended without ${kind}.`)));
        };
        const timer = setTimeout(
          () => settle(() => reject(new Error(`No ${kind} came within ${timeoutMs} ms.`))),
          timeoutMs,
        );
        changed.add(look);
        look();
      }),
    onMessage: (listener) => void listeners.add(listener),
    stopReading: () => void stream.pause(),
    cancel: () => stream.cancel(),
    endWriting: () => stream.end(),
    close() {
      stream.cancel();
      closeClient();
    },
  };
}

function reasonOf({ metadata }: StatusObject): string {
  const [details] = metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(details)) return '';
  const { messages } = loadContract();
  const status = messages['google.rpc.Status'].deserialize(details);
  const info = status.details.find(({ type_url }) => type_url?.endsWith('google.rpc.ErrorInfo'));
  return info ? messages['google.rpc.ErrorInfo'].deserialize(info.value as Buffer).reason : '';
}

/** A session that attached. */
export interface RawAgent {
  readonly stream: RawStream;
  readonly welcome: Welcome__Output;
  readonly hello: Hello;
}

/** What a raw agent does by itself. */
export interface RawAgentOptions {
  /** Sends heartbeats, with the last assignment that it read. Default true. */
  readonly beats?: boolean;
  /** Accepts assignments as they come. Default false. */
  readonly accepts?: boolean;
}

/** Opens a stream, says Hello, and waits for the Welcome. What is missing in the Hello has a default. */
export async function startRawAgent(
  address: string,
  hello: Hello,
  options: RawAgentOptions = {},
): Promise<RawAgent> {
  const stream = openRawStream(address);
  const full: Hello = { agentId: 'raw', slots: 1, sdk: 'raw', protocolVersion: 1, ...hello };
  behave(stream, options);
  stream.send({ hello: full });
  return { stream, welcome: await stream.next('welcome'), hello: full };
}

/** Attaches the session of an agent again on a new stream; `inventory` empty unless given. */
export function resumeRawAgent(
  address: string,
  { hello, welcome }: RawAgent,
  inventory: Hello['inventory'] = [],
  options: RawAgentOptions = {},
): Promise<RawAgent> {
  const { sessionId, sessionToken } = welcome;
  return startRawAgent(address, { ...hello, sessionId, sessionToken, inventory }, options);
}

function behave(stream: RawStream, { beats = true, accepts = false }: RawAgentOptions): void {
  let read = 0;
  let sequence = 0;
  stream.onMessage((message) => {
    const assignments = assignmentsIn(message);
    read = Math.max(read, sequenceIn(message));
    if (accepts && assignments.length > 0)
      stream.send({ accepted: { leases: assignments.map(refOf) } });
  });
  stream.onMessage(({ welcome }) => {
    if (!welcome || !beats) return;
    const { seconds = 1, nanos = 0 } = welcome.heartbeatInterval ?? {};
    const beat = () => {
      sequence += 1;
      stream.send({ heartbeat: { sequence, assignmentSequence: read } });
    };
    const timer = setInterval(beat, seconds * 1000 + nanos / 1e6);
    stream.ended.then(() => clearInterval(timer));
  });
}

/** A Hello with an inventory of so many equal items, as bytes: building as many objects would block this process. */
export function helloBytes(hello: Hello, items: number): Buffer {
  const { messages } = loadContract();
  const lease = { taskId: uuidV7(), leaseEpoch: 1 };
  const item = messages['muster.v1.InventoryItem'].serialize({
    lease,
    state: 'LEASE_STATE_RUNNING',
  });
  const inventoryTag = 0x4a;
  const field = Buffer.concat([Buffer.from([inventoryTag, item.length]), item]);
  const inventory = Buffer.alloc(field.length * items, field);
  const body = Buffer.concat([messages['muster.v1.Hello'].serialize(hello), inventory]);
  const length: number[] = [];
  for (let rest = body.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) break;
  }
  const helloTag = 0x0a;
  return Buffer.concat([Buffer.from([helloTag, ...length]), body]);
}

/** The assignments of any message that may carry some. */
export function assignmentsIn(message: ConnectResponse__Output): readonly Assignment__Output[] {
  return (message.assignments ?? message.outcomeAcks?.assignments)?.assignments ?? [];
}

function sequenceIn(message: ConnectResponse__Output): number {
  return (message.assignments ?? message.outcomeAcks?.assignments)?.sequence ?? 0;
}

/** The lease of an assignment. */
export function refOf({ taskId, leaseEpoch }: Assignment__Output): LeaseRef {
  return { taskId, leaseEpoch };
}

/** The next assignments that come, whichever message carries them. */
export async function nextAssignments(
  stream: RawStream,
  timeoutMs = 20_000,
): Promise<readonly Assignment__Output[]> {
  const message = await Promise.race([
    stream.next('assignments', timeoutMs),
    stream.next('outcomeAcks', timeoutMs).then(({ assignments }) => assignments),
  ]);
  return message?.assignments ?? [];
}

/** An outcome that returns a text as JSON. */
export function success(lease: LeaseRef, output: string): ConnectRequest {
  const data = Buffer.from(JSON.stringify(output));
  return { outcomes: { outcomes: [{ lease, output: { mediaType: 'application/json', data } }] } };
}
