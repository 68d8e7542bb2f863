// The client in a handler's `ctx`: made when first asked for, one connection for all attempts
// of the process, each attempt's tasks naming it as their parent.

import {
  type Client,
  type ConnectionOptions,
  createClient,
  MusterError,
  type PayloadCodec,
} from '@muster/sdk';
import { clientForTask } from '@muster/sdk/internal';
import type { ClientOf } from './context.ts';

/** The clients of all attempts in this process. */
export interface TaskClients {
  /** The client of one attempt. */
  readonly of: ClientOf;
  /** Closes the connection, if one was made. */
  close(): Promise<void>;
}

/** Clients that connect as the agent does. Undefined: handlers may have none, since a codec cannot cross to a child. */
export function taskClients(
  connection: ConnectionOptions | undefined,
  codec?: PayloadCodec | undefined,
): TaskClients {
  let base: Client | undefined;
  return {
    of({ assigned }) {
      if (!connection) throw noClient();
      base ??= createClient(codec ? { ...connection, codec } : connection);
      return clientForTask(base, {
        taskId: assigned.ref.taskId,
        rootId: assigned.rootId || undefined,
        traceparent: assigned.traceparent || undefined,
        tracestate: assigned.tracestate || undefined,
      });
    },
    close: async () => base?.close(),
  };
}

function noClient(): MusterError {
  const message =
    'ctx.client cannot be used with isolation "process" on an agent with a payload codec: the codec cannot be passed to the child. Make a client with createClient({ codec }).';
  return new MusterError('OPTION_INVALID', message);
}
