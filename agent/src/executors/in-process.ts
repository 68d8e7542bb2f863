// Runs handlers in this process: a plain call. A handler that ignores its signal cannot be
// ended from outside; its slot stays taken until it ends by itself.

import type { AnyHandler } from '@muster/sdk';
import { decodePayload, encodePayload, failureOf, invokeHandler } from '@muster/sdk/internal';
import { type ClientOf, createContext } from '../attempt/context.ts';
import type { Execution, Executor, Running, Settled } from './executor.ts';

/** Runs a handler by calling it. */
export function inProcessExecutor(handler: AnyHandler, clientOf: ClientOf): Executor {
  return {
    execute: (execution): Running => ({
      ended: callHandler(handler, execution, clientOf),
      stop() {},
      kill() {},
    }),
    close: async () => {},
  };
}

/** Calls a handler; whatever it does becomes a value. */
export async function callHandler(
  handler: AnyHandler,
  execution: Execution,
  clientOf: ClientOf,
): Promise<Settled> {
  try {
    const input = decodePayload(execution.input, 'Input');
    const output = await invokeHandler(handler, input, createContext(execution, clientOf));
    return { output: encodePayload(output, 'Output') };
  } catch (thrown) {
    return { failure: failureOf(thrown) };
  }
}
