// The services of the contract as promises and async iterables: typed by the generated
// definitions, called over whichever connection the caller provides.

import {
  type FleetServiceDefinition,
  type HandlerServiceDefinition,
  type InspectServiceDefinition,
  type LimitServiceDefinition,
  loadContract,
  type NamespaceServiceDefinition,
  type ScheduleServiceDefinition,
  type TaskServiceDefinition,
} from '@muster/proto';
import type { Caller, MethodShape } from './calls.ts';

/** Options of one call. */
export interface CallOptions {
  /** Ends the call with ABORTED. */
  readonly signal?: AbortSignal;
  /** Longest time for one try, in milliseconds; then it is tried again, for as long as the client retries. Default 20 s. */
  readonly tryTimeoutMs?: number;
  /** How long the call is tried again, in milliseconds. Default: the client's. */
  readonly retryTimeoutMs?: number;
}

type Method<Definition> = Definition extends {
  requestSerialize: (request: infer Request) => Buffer;
  responseDeserialize: (bytes: Buffer) => infer Response;
}
  ? [Request, Response]
  : never;

type StreamNames = 'WatchTasks';
/** It carries calls of other methods, and is the transport's own business. */
type HiddenNames = 'StreamCalls';

/** The names of a definition's methods; its index signature is none. */
type MethodNames<Definition> = keyof {
  [Name in keyof Definition as string extends Name
    ? never
    : number extends Name
      ? never
      : Name]: true;
} &
  string;

/** A service with one function per method: a promise of the response, or for streams its responses. */
export type ServiceMethods<Definition> = {
  readonly [Name in Exclude<MethodNames<Definition>, HiddenNames> &
    keyof Definition as Uncapitalize<Name>]: Name extends StreamNames
    ? (
        request: Method<Definition[Name]>[0],
        options?: CallOptions,
      ) => AsyncIterable<Method<Definition[Name]>[1]>
    : (
        request: Method<Definition[Name]>[0],
        options?: CallOptions,
      ) => Promise<Method<Definition[Name]>[1]>;
};

/**
 * The contract as it is: requests and responses of `@muster/proto`, namespaces to be filled in by the caller. Unary
 * calls are tried again like those of the client; errors are `MusterError`s.
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
  /** ScheduleService. */
  readonly schedules: ServiceMethods<ScheduleServiceDefinition>;
  /** LimitService. */
  readonly limits: ServiceMethods<LimitServiceDefinition>;
  /** InspectService. */
  readonly inspect: ServiceMethods<InspectServiceDefinition>;
}

/** The services over a caller. */
export function createServices(caller: Caller): Services {
  const { muster } = loadContract();
  const { TaskService, HandlerService, FleetService, NamespaceService } = muster;
  const { ScheduleService, LimitService, InspectService } = muster;
  return Object.freeze({
    tasks: methodsOf(caller, TaskService.service),
    handlers: methodsOf(caller, HandlerService.service),
    fleet: methodsOf(caller, FleetService.service),
    namespaces: methodsOf(caller, NamespaceService.service),
    schedules: methodsOf(caller, ScheduleService.service),
    limits: methodsOf(caller, LimitService.service),
    inspect: methodsOf(caller, InspectService.service),
  });
}

/** What a generated definition holds for each method. */
type Loaded = MethodShape<unknown, unknown> & {
  readonly requestStream: boolean;
  readonly responseStream: boolean;
};

function methodsOf<Definition extends object>(
  caller: Caller,
  definition: Definition,
): ServiceMethods<Definition> {
  const methods = Object.entries(definition as Record<string, Loaded>)
    .filter(([, { requestStream }]) => !requestStream)
    .map(([name, method]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      (request: unknown, options?: CallOptions) =>
        method.responseStream
          ? caller.stream(method, request, options)
          : caller.unary(method, request, options),
    ]);
  // One function per method of the definition, by its name: what the type says.
  return Object.freeze(Object.fromEntries(methods)) as ServiceMethods<Definition>;
}
