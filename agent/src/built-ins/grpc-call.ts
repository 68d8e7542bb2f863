// `grpc.call`: any unary method of an existing gRPC service as a durable task, without an SDK
// on its side. The status decides about retries: what the request itself caused is final.

import {
  type ChannelCredentials,
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { type AnyHandler, defineHandler, type HandlerContext } from '@muster/sdk';
import {
  checkFields,
  methodOf,
  schemaByReflection,
  schemaOfDescriptorSet,
  schemaOfText,
  type UnaryMethod,
} from './grpc-schema.ts';
import { checkKeys, InputError, optionalText, requiredText, texts } from './input.ts';

/** Input of `grpc.call`. */
export interface GrpcCallInput {
  /** `host:port`. */
  readonly address: string;
  /** `package.Service/Method`. */
  readonly method: string;
  /**
   * The request as JSON: fields in camelCase, enums by name, 64-bit integers as text or number, bytes as base64,
   * `google.protobuf.Timestamp` as `{ seconds, nanos }`. Default: an empty message.
   */
  readonly request?: object;
  /** Metadata of the call. Names that end in `-bin` carry base64. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** True: TLS with the system's authorities. Default: plain text. */
  readonly tls?: boolean;
  /** Text of the .proto file that defines the service. Default: the server is asked by reflection. */
  readonly proto?: string;
  /** A base64 `FileDescriptorSet` instead. */
  readonly descriptorSet?: string;
}

const inputKeys = ['address', 'method', 'request', 'metadata', 'tls', 'proto', 'descriptorSet'];

/** Statuses that the same request would meet again. */
const finalStatuses: readonly number[] = [
  ...[status.INVALID_ARGUMENT, status.NOT_FOUND, status.ALREADY_EXISTS, status.PERMISSION_DENIED],
  ...[status.UNAUTHENTICATED, status.FAILED_PRECONDITION, status.OUT_OF_RANGE],
  ...[status.UNIMPLEMENTED],
];

/** Connections and schemas that are kept between tasks; the oldest goes first. */
const keptMax = 50;
const schemaMsMax = 5 * 60_000;

/** The definition of `grpc.call`. */
export const grpcCall: AnyHandler = defineHandler({
  name: 'grpc.call',
  description: 'Calls a unary method of a gRPC service; JSON in, JSON out.',
  run: (input: GrpcCallInput, context) => callMethod(checkInput(input), context),
}) as AnyHandler;

type Checked = ReturnType<typeof checkInput>;

function checkInput(given: unknown) {
  const input = checkKeys(given, inputKeys);
  const [, service, method] = /^\/?([\w.]+)\/(\w+)$/.exec(requiredText(input, 'method')) ?? [];
  if (!service || !method) throw new InputError('"method" must be like "package.Service/Method".');
  const request = input.request ?? {};
  if (typeof request !== 'object' || Array.isArray(request)) {
    throw new InputError('"request" must be an object.');
  }
  return {
    address: requiredText(input, 'address'),
    service,
    method,
    request,
    metadata: texts(input, 'metadata'),
    tls: input.tls === true,
    proto: optionalText(input, 'proto'),
    descriptorSet: optionalText(input, 'descriptorSet'),
  };
}

async function callMethod(input: Checked, context: HandlerContext): Promise<object> {
  const { signal } = context;
  signal.throwIfAborted();
  const client = clientTo(input.address, input.tls);
  const call = { metadata: toMetadata(input.metadata), deadline: deadlineOf(context), signal };
  try {
    const schema = await schemaOf(input, client, call);
    const method = methodOf(schema, input);
    checkFields(schema, input);
    return await unary(client, method, input.request, call);
  } catch (thrown) {
    signal.throwIfAborted();
    throw isServiceError(thrown) ? new StatusError(thrown, input) : thrown;
  }
}

interface Call {
  readonly metadata: Metadata;
  readonly deadline: Date | number;
  readonly signal: AbortSignal;
}

function unary(client: Client, method: UnaryMethod, request: object, call: Call): Promise<object> {
  return new Promise((resolve, reject) => {
    const stop = () => sent.cancel();
    const sent = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      call.metadata,
      { deadline: call.deadline },
      (error, response) => {
        call.signal.removeEventListener('abort', stop);
        if (error) reject(error);
        else resolve(response ?? {});
      },
    );
    call.signal.addEventListener('abort', stop, { once: true });
  });
}

const schemas = new Map<string, { readonly schema: PackageDefinition; readonly at: number }>();

async function schemaOf(input: Checked, client: Client, call: Call): Promise<PackageDefinition> {
  if (input.proto !== undefined) return schemaOfText(input.proto);
  if (input.descriptorSet !== undefined) return schemaOfDescriptorSet(input.descriptorSet);
  const key = `${input.tls} ${input.address} ${input.service}`;
  const kept = schemas.get(key);
  if (kept && performance.now() - kept.at < schemaMsMax) return kept.schema;
  const schema = await schemaByReflection(client, input.service, call);
  keep(schemas, key, { schema, at: performance.now() });
  return schema;
}

const clients = new Map<string, Client>();

/** Idle connections do not keep the process alive. */
function clientTo(address: string, tls: boolean): Client {
  const key = `${tls} ${address}`;
  let client = clients.get(key);
  if (!client) {
    const how: ChannelCredentials = tls ? credentials.createSsl() : credentials.createInsecure();
    client = new Client(address, how, { 'grpc.enable_retries': 0 });
    keep(clients, key, client)?.close();
  }
  return client;
}

/** Adds an entry; gives back the one that had to go. */
function keep<Value>(kept: Map<string, Value>, key: string, value: Value): Value | undefined {
  kept.set(key, value);
  if (kept.size <= keptMax) return undefined;
  const [oldest, gone] = [...kept][0] ?? [];
  if (oldest !== undefined) kept.delete(oldest);
  return gone;
}

function toMetadata(texts: Record<string, string>): Metadata {
  const metadata = new Metadata();
  try {
    for (const [name, text] of Object.entries(texts)) {
      metadata.add(name, name.endsWith('-bin') ? Buffer.from(text, 'base64') : text);
    }
  } catch (thrown) {
    throw new InputError(`"metadata" is refused: ${(thrown as Error).message}`);
  }
  return metadata;
}

/** Without a timeout of the attempt, the call has none. */
function deadlineOf({ deadline }: HandlerContext): Date | number {
  return deadline ?? Number.POSITIVE_INFINITY;
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && typeof (thrown as { code?: unknown }).code === 'number';
}

/** The service answered with a status that is not OK. */
class StatusError extends Error {
  override readonly name: string;
  readonly nonRetryable: boolean;
  readonly details: object;

  constructor(error: ServiceError, { service, method }: Checked) {
    const code = status[error.code] ?? String(error.code);
    super(`${service}/${method}: ${code}: ${error.details}`, { cause: error });
    this.name = `GRPC_${code}`;
    this.nonRetryable = finalStatuses.includes(error.code);
    this.details = { code, message: error.details };
  }
}
