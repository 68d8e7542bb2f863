// An agent whose coordinator, time and chance are in the hands of a test.

import type { Assignment, ConnectRequest__Output, Welcome } from '@muster/proto';
import { ConnectedAgent } from '../agent.ts';
import { type AgentOptions, resolveOptions } from '../options.ts';
import { type MemoryStream, MemoryTransport } from './memory-transport.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The parts of a scripted agent. */
export interface Scripted {
  readonly agent: ConnectedAgent;
  readonly clock: VirtualClock;
  readonly transport: MemoryTransport;
  /** The newest stream. */
  stream(): MemoryStream;
  /** Answers the Hello of the newest stream, and lets the answer sink in. */
  welcome(more?: Welcome): Promise<MemoryStream>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Lets time pass with a coordinator that answers every heartbeat. */
  pass(ms: number): Promise<void>;
}

/** Makes an agent that has been started and has sent its first Hello. */
export async function scripted(options: AgentOptions): Promise<Scripted> {
  const clock = new VirtualClock();
  const transport = new MemoryTransport();
  const settings = resolveOptions({ logger: false, agentId: 'agent-1', ...options });
  const place = { addresses: ['a:1', 'b:2'], namespace: 'default', wanted: {} };
  const agent = new ConnectedAgent(settings, place, { clock, transport, random: () => 0.5 });
  const stream = () => {
    const newest = transport.streams.at(-1);
    if (!newest) throw new Error('The agent has not dialled.');
    return newest;
  };
  agent.start().catch(() => {});
  await clock.advance(0);
  return {
    ...{ agent, clock, transport, stream },
    settle: () => clock.settle(),
    async welcome(more = {}) {
      stream().say({ welcome: { sessionId: 's-1', sessionToken: 'secret', ...more } });
      await clock.settle();
      return stream();
    },
    async pass(ms) {
      const until = clock.now() + ms;
      while (clock.now() < until) {
        await clock.advance(Math.min(100, until - clock.now()));
        answerHeartbeats(stream());
        await clock.settle();
      }
    },
  };
}

/** Acknowledges the newest heartbeat of a stream. */
export function answerHeartbeats(stream: MemoryStream): void {
  const last = sent(stream, 'heartbeat').at(-1);
  if (last) stream.say({ heartbeatAck: { sequence: last.sequence } });
}

type Kind = NonNullable<ConnectRequest__Output['message']>;

/** What the agent has sent of one kind, oldest first. */
export function sent<K extends Kind>(
  stream: MemoryStream,
  kind: K,
): NonNullable<ConnectRequest__Output[K]>[] {
  return stream.sent.flatMap((message) => {
    const part = message[kind];
    return message.message === kind && part ? [part as NonNullable<ConnectRequest__Output[K]>] : [];
  });
}

/** The kinds of messages that the agent has sent, oldest first. */
export function kinds(stream: MemoryStream): string[] {
  return stream.sent.map(({ message }) => message ?? '');
}

/** An assignment with JSON input. */
export function assignment(taskId: string, handler: string, more: Assignment = {}): Assignment {
  const input = { mediaType: 'application/json', data: Buffer.from('{}') };
  return { taskId, handler, leaseEpoch: 1, attempt: 1, maxAttempts: 3, input, ...more };
}

/** Says Assignments with one or more of them. */
export function assign(stream: MemoryStream, ...assignments: Assignment[]): void {
  stream.say({ assignments: { sequence: 1, assignments } });
}
