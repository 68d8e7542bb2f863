// Runs handlers in this process: a plain call. A handler that ignores its signal cannot be
// ended from outside; its slot stays taken until it ends by itself.

import type { AnyHandler } from '@muster/sdk';
import {
  decodePayload,
  encodePayload,
  failureOf,
  invokeHandler,
  isPromised,
  type Soon,
} from '@muster/sdk/internal';
import { type ClientOf, createContext } from '../attempt/context.ts';
import { type Execution, type Executor, runningUntil, type Settled } from './executor.ts';

/** Runs a handler by calling it. */
export function inProcessExecutor(handler: AnyHandler, clientOf: ClientOf): Executor {
  return {
    execute: (execution) => runningUntil(callHandler(handler, execution, clientOf)),
    close: async () => {},
  };
}

/** Calls a handler; whatever it does becomes a value, at once if it promises nothing. */
export function callHandler(
  handler: AnyHandler,
  execution: Execution,
  clientOf: ClientOf,
): Soon<Settled> {
  try {
    const input = decodePayload(execution.input, 'Input');
    const returned = invokeHandler(handler, input, createContext(execution, clientOf));
    return isPromised(returned) ? settledLater(returned) : outputOf(returned);
  } catch (thrown) {
    return { failure: failureOf(thrown) };
  }
}

async function settledLater(returned: PromiseLike<unknown>): Promise<Settled> {
  try {
    return outputOf(await returned);
  } catch (thrown) {
    return { failure: failureOf(thrown) };
  }
}

function outputOf(returned: unknown): Settled {
  return { output: encodePayload(returned, 'Output') };
}
