// Loaded first into the process of an agent: what it dials at one port goes to another, as the variable says. Agents
// learn addresses from coordinators; so each reaches each coordinator over a wire of its own all the same, which can be
// cut without touching anybody else's.

import { Socket } from 'node:net';
import { cablesVariable } from './cable-ports.ts';

const ports = JSON.parse(process.env[cablesVariable] ?? '{}') as Record<string, number>;
const dial = Socket.prototype.connect as (this: Socket, ...words: unknown[]) => Socket;

/** `net.connect` hands its words on as one list, whose first is the options. */
function rewire(words: unknown): unknown {
  if (Array.isArray(words)) return Object.assign(words, { 0: rewire(words[0]) });
  const { port } = (words ?? {}) as { port?: number | string };
  const other = port === undefined ? undefined : ports[port];
  return other === undefined ? words : { ...(words as object), port: other };
}

Socket.prototype.connect = function connect(this: Socket, first: unknown, ...rest: unknown[]) {
  return dial.call(this, rewire(first), ...rest);
} as typeof Socket.prototype.connect;
