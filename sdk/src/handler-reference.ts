// What a submitter needs to know of a handler: its name, and the types of its input and output.
// A definition is one; `import type` of a definition is enough for the types.

/**
 * A handler as a submitter sees it. `Input` is what is submitted, `Output` what `result()` gives.
 * `'~types'` exists for the compiler only and is never set.
 */
export interface HandlerReference<Input, Output, Name extends string = string> {
  /** Name of the handler. */
  readonly name: Name;
  /** Carries the types. Never set. */
  readonly '~types'?: (input: Input) => Output;
}

/** Any handler, whatever its types. */
export type AnyHandlerReference = HandlerReference<never, unknown>;

/** What is submitted to a handler: `InputOf<typeof sendEmail>`. */
export type InputOf<Handler> =
  Handler extends HandlerReference<infer Input, infer _Output> ? Input : never;

/** What the result of a handler is: `OutputOf<typeof sendEmail>`. */
export type OutputOf<Handler> =
  Handler extends HandlerReference<infer _Input, infer Output> ? Output : never;
