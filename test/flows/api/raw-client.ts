// The contract's own clients, without the SDK: what is sent is exactly what a test says.

import { type Client, credentials, Metadata, type StatusObject } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import {
  type FleetServiceDefinition,
  type HandlerServiceDefinition,
  type InspectServiceDefinition,
  type LimitServiceDefinition,
  loadContract,
  type NamespaceServiceDefinition,
  type ScheduleServiceDefinition,
  type ServiceConstructor,
  type TaskServiceClient,
  type TaskServiceDefinition,
} from '@muster/proto';

const callTimeoutMs = 20_000;

/** Names of the methods of a definition, which has an index signature besides. */
type NameOf<Definition> = keyof {
  [Name in keyof Definition as string extends Name ? never : Name]: true;
} &
  string;
type RequestOf<Method> =
  Method extends MethodDefinition<infer Request, infer _A, infer _B, infer _C> ? Request : never;
type ResponseOf<Method> =
  Method extends MethodDefinition<infer _A, infer _B, infer _C, infer Response> ? Response : never;

/** The unary methods of one service. */
export type RawService<Definition> = <Name extends NameOf<Definition>>(
  name: Name,
  request: RequestOf<Definition[Name]>,
  headers?: Readonly<Record<string, string>>,
) => Promise<ResponseOf<Definition[Name]>>;

/** All services for users. */
export interface RawClients {
  readonly tasks: RawService<TaskServiceDefinition>;
  readonly handlers: RawService<HandlerServiceDefinition>;
  readonly fleet: RawService<FleetServiceDefinition>;
  readonly namespaces: RawService<NamespaceServiceDefinition>;
  readonly schedules: RawService<ScheduleServiceDefinition>;
  readonly limits: RawService<LimitServiceDefinition>;
  readonly inspect: RawService<InspectServiceDefinition>;
  /** For streams and for bytes. */
  readonly taskClient: TaskServiceClient;
  close(): void;
}

/** Opens clients of all services for users. */
export function openRawClients(address: string): RawClients {
  const { muster } = loadContract();
  const opened: Client[] = [];
  const open = <Of extends Client, Definition extends object>(
    Service: ServiceConstructor<Of, Definition>,
  ): RawService<Definition> => {
    const client = new Service(address, credentials.createInsecure());
    opened.push(client);
    return (name, request, headers = {}) =>
      callUnary(client, Service.service[name], request, headers);
  };
  const taskClient = new muster.TaskService(address, credentials.createInsecure());
  opened.push(taskClient);
  return {
    tasks: open(muster.TaskService),
    handlers: open(muster.HandlerService),
    fleet: open(muster.FleetService),
    namespaces: open(muster.NamespaceService),
    schedules: open(muster.ScheduleService),
    limits: open(muster.LimitService),
    inspect: open(muster.InspectService),
    taskClient,
    close() {
      for (const client of opened) client.close();
    },
  };
}

function callUnary<Method>(
  client: Client,
  definition: Method,
  request: RequestOf<Method>,
  headers: Readonly<Record<string, string>>,
): Promise<ResponseOf<Method>> {
  const method = definition as MethodDefinition<object, object>;
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request as object,
      metadata,
      { deadline: Date.now() + callTimeoutMs },
      (error, response) => (error ? reject(error) : resolve(response as ResponseOf<Method>)),
    );
  });
}

/** What a refused call said. */
export interface Refused {
  readonly code: number;
  readonly message: string;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly { readonly field: string; readonly description: string }[];
  readonly retryDelayMs: number | null;
}

/** Sends bytes as the request of a unary method, whatever they are. */
export function callWithBytes(client: Client, path: string, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (value: Buffer) => value,
      (value: Buffer) => value,
      bytes,
      new Metadata(),
      { deadline: Date.now() + callTimeoutMs },
      (error, response) => (error ? reject(error) : resolve(response as Buffer)),
    );
  });
}

/** What the call was refused with; fails if it was not. */
export async function refusal(calling: Promise<unknown>): Promise<Refused> {
  let answer: unknown;
  try {
    answer = await calling;
  } catch (error) {
    return readRefusal(error as StatusObject);
  }
  throw new Error(`The call was not refused: ${JSON.stringify(answer).slice(0, 500)}`);
}

/** Reads the details of a status. */
export function readRefusal(error: Pick<StatusObject, 'code' | 'details' | 'metadata'>): Refused {
  const { messages } = loadContract();
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) throw new Error(`No details: ${error.code} ${error.details}`);
  const status = messages['google.rpc.Status'].deserialize(bytes);
  const detail = (name: string) =>
    status.details.find(({ type_url }) => type_url.endsWith(`google.rpc.${name}`))?.value;
  const [info, request, retry] = [detail('ErrorInfo'), detail('BadRequest'), detail('RetryInfo')];
  if (!info) throw new Error(`No ErrorInfo: ${error.code} ${error.details}`);
  const { reason, metadata } = messages['google.rpc.ErrorInfo'].deserialize(info);
  const delay = retry && messages['google.rpc.RetryInfo'].deserialize(retry).retryDelay;
  return {
    code: error.code,
    message: error.details,
    reason,
    metadata,
    violations: request
      ? messages['google.rpc.BadRequest'].deserialize(request).fieldViolations
      : [],
    retryDelayMs: delay ? delay.seconds * 1000 + delay.nanos / 1e6 : null,
  };
}
