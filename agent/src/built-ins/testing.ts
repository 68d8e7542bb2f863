// Runs a built-in handler as an attempt would, for the tests beside it.

import type { AnyHandler, HandlerContext } from '@muster/sdk';
import { invokeHandler } from '@muster/sdk/internal';

/** What the handler gives for this input. */
export async function runBuiltIn<Output>(
  handler: AnyHandler,
  input: unknown,
  signal: AbortSignal = new AbortController().signal,
  deadline?: Date,
): Promise<Output> {
  const context = { signal, deadline } as HandlerContext;
  return (await invokeHandler(handler, input, context)) as Output;
}
