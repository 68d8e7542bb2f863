// The parts that a client's methods, handles and groups work with.

import type { Client } from '../client.ts';
import { MusterError } from '../errors.ts';
import type { PayloadCoder } from '../payload/payload.ts';
import type { Time } from '../wire/calls.ts';
import type { Services } from '../wire/services.ts';
import type { SendTasks, Submissions } from './submissions.ts';
import type { Waits } from './waits.ts';

/** One client's parts: made once by `createClient`, passed to what works with them. */
export interface ClientCore {
  /** Namespace of every call. */
  readonly namespace: string;
  /** The contract's methods. */
  readonly services: Services;
  /** Values to payloads and back. */
  readonly coder: PayloadCoder;
  /** Gathers single submits. */
  readonly submissions: Submissions;
  /** Sends one call's worth of tasks by itself. */
  readonly send: SendTasks;
  /** Gathers waits. */
  readonly waits: Waits;
  /** Time and chance. */
  readonly time: Time;
  /** Closes everything, once. */
  close(): Promise<void>;
}

const cores = new WeakMap<Client, ClientCore>();

/** Remembers the parts of a client that was made. */
export function keepCore(client: Client, core: ClientCore): void {
  cores.set(client, core);
}

/** The parts of a client; OPTION_INVALID, in the name of `what`, if nobody of us made it. */
export function coreOf(client: Client, what: string): ClientCore {
  const core = cores.get(client);
  if (core !== undefined) return core;
  throw new MusterError('OPTION_INVALID', `${what} needs what createClient returned.`);
}
