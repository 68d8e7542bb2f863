// The services of the contract as promises and async iterables: typed by the generated
// definitions, called over whichever connection the caller provides.

import type {
  FleetServiceDefinition,
  HandlerServiceDefinition,
  NamespaceServiceDefinition,
  TaskServiceDefinition,
} from '@muster/proto';

/** Options of one call. */
export interface CallOptions {
  /** Ends the call with ABORTED. */
  readonly signal?: AbortSignal;
  /** Longest time for one try, in milliseconds; then it is tried again, for as long as the client retries. Default 20 s. */
  readonly tryTimeoutMs?: number;
}

type Method<Definition> = Definition extends {
  requestSerialize: (request: infer Request) => Buffer;
  responseDeserialize: (bytes: Buffer) => infer Response;
}
  ? [Request, Response]
  : never;

type StreamNames = 'WatchTasks';

/** A service with one function per method: a promise of the response, or for streams its responses. */
export type ServiceMethods<Definition> = {
  readonly [Name in keyof Definition & string as Uncapitalize<Name>]: (
    request: Method<Definition[Name]>[0],
    options?: CallOptions,
  ) => Name extends StreamNames
    ? AsyncIterable<Method<Definition[Name]>[1]>
    : Promise<Method<Definition[Name]>[1]>;
};

/**
 * The contract as it is: requests and responses of `@muster/proto`, namespaces to be filled in by the caller. Calls are
 * tried again like those of the client; errors are `MusterError`s.
 */
export interface Services {
  /** TaskService. */
  readonly tasks: ServiceMethods<TaskServiceDefinition>;
  /** HandlerService. */
  readonly handlers: ServiceMethods<HandlerServiceDefinition>;
  /** FleetService. */
  readonly fleet: ServiceMethods<FleetServiceDefinition>;
  /** NamespaceService. */
  readonly namespaces: ServiceMethods<NamespaceServiceDefinition>;
}
