// Makes clients: the one that an application opens, and the ones that handlers are given, which
// share its connection and submit on behalf of a task.

import type {
  Client,
  ClientOptions,
  ManyOptions,
  SubmitOptions,
  TaskGroup,
  TaskHandle,
} from '../client.ts';
import { durationToMs } from '../duration.ts';
import { checkHandlerName, isHandlerDefinition, validate } from '../handler.ts';
import type { HandlerReference } from '../handler-reference.ts';
import { createLimits } from '../limits/create-limits.ts';
import { checkNumber, checkOptionKeys } from '../options.ts';
import { createPayloadCoder, type Payload, payloadBytesMaxDefault } from '../payload/payload.ts';
import { isPromised, type Soon } from '../payload/soon.ts';
import { createSchedules } from '../schedules/create-schedules.ts';
import { createCaller, realTime, type Time } from '../wire/calls.ts';
import { connectionOptionKeys, resolveConnection } from '../wire/connection.ts';
import { createServices } from '../wire/services.ts';
import { type ClientCore, coreOf, keepCore } from './core.ts';
import { explainTask } from './explain.ts';
import { cancelTasks, listTasks, retryTasks } from './selection.ts';
import {
  buildSpec,
  checkSubmitOptions,
  type ReadySpec,
  specBytes,
  type TaskOrigin,
} from './spec.ts';
import { Submissions, type Submitted, sendThrough } from './submissions.ts';
import { createTaskGroup } from './task-group.ts';
import { checkTaskId, createTaskHandle, getTask, watchDecoded } from './task-handle.ts';
import { activeTrace, inSubmitSpan } from './trace.ts';
import { Waits } from './waits.ts';

/** Tasks and bytes of one call: the contract allows 10,000 and 4 MiB. */
const callTasksMax = 10_000;
const callBytesMax = 3.5 * 1_048_576;

const clientKeys = [...connectionOptionKeys, 'codec', 'payloadBytesMax', 'retryTimeout'];

/**
 * Opens a client; it connects with the first call. Throws OPTION_UNKNOWN or OPTION_INVALID. Close it when the
 * application ends.
 *
 *     const client = createClient();
 *     const task = await client.submit(sendEmail, { to: 'a@b.c' });
 *     console.log(await task.result());
 */
export function createClient(options: ClientOptions = {}): Client {
  checkOptionKeys('createClient', options, clientKeys);
  return createTimedClient(options, realTime);
}

/** `createClient` with a time of its own, for tests. */
export function createTimedClient(options: ClientOptions, time: Time): Client {
  const core = createCore(options, time);
  return clientOf(core, undefined);
}

/**
 * A client that submits on behalf of a task: what it submits names the task as its parent, and belongs to its trace.
 * It shares the connection of `client`, and closing it does nothing.
 */
export function clientForTask(client: Client, origin: TaskOrigin): Client {
  return clientOf(coreOf(client, 'clientForTask'), origin);
}

function createCore(options: ClientOptions, time: Time): ClientCore {
  const { codec, payloadBytesMax = payloadBytesMaxDefault, retryTimeout = '30s' } = options;
  checkNumber('createClient', 'payloadBytesMax', payloadBytesMax, { min: 1, max: 2 ** 30 });
  const retryTimeoutMs = durationToMs(retryTimeout, 'retryTimeout');
  const connection = resolveConnection(options);
  const caller = createCaller(connection, { retryTimeoutMs, time });
  const services = createServices(caller);
  const { namespace } = connection;
  const send = sendThrough(services, namespace);
  const submissions = new Submissions(send);
  const waits = new Waits(services, namespace, time);
  const coder = createPayloadCoder({ codec, bytesMax: () => payloadBytesMax });
  const close = async () => {
    waits.close();
    await submissions.close();
    caller.close();
  };
  return Object.freeze({ namespace, services, coder, submissions, send, waits, time, close });
}

function clientOf(core: ClientCore, origin: TaskOrigin | undefined): Client {
  const client: Client = Object.freeze<Client>({
    namespace: core.namespace,
    submit: <Input, Output>(
      handler: HandlerReference<Input, Output> | string,
      input?: unknown,
      options: SubmitOptions = {},
    ): Promise<TaskHandle<Output>> => submitOne<Output>(core, origin, { handler, input, options }),
    submitMany: <Input, Output>(
      handler: HandlerReference<Input, Output> | string,
      inputs: Iterable<Input>,
      options: ManyOptions<Input> = {},
    ): Promise<TaskGroup<Output>> =>
      submitMany<Input, Output>(core, origin, { handler, inputs, options }),
    handle: (id) =>
      createTaskHandle(core, checkTaskId(id), { duplicate: false, unserved: undefined }),
    group: (ids) =>
      createTaskGroup(
        core,
        ids.map((id) => client.handle(id)),
      ),
    get: (id, view) => getTask(core, id, view),
    explain: async (id) => explainTask(core, checkTaskId(id)),
    list: (options = {}) => listTasks(core, options),
    watch: (ids, options = {}) => watchDecoded(core, ids, options),
    cancel: (selection, reason) => cancelTasks(core, selection, reason),
    retry: (selection) => retryTasks(core, selection),
    schedules: createSchedules(core),
    limits: createLimits(core),
    services: core.services,
    close: async () => (origin === undefined ? core.close() : undefined),
  });
  keepCore(client, core);
  return client;
}

type HandlerOrName = HandlerReference<never, unknown> | string;

async function submitOne<Output>(
  core: ClientCore,
  origin: TaskOrigin | undefined,
  { handler, input, options }: { handler: HandlerOrName; input: unknown; options: SubmitOptions },
): Promise<TaskHandle<Output>> {
  const name = nameOf(handler);
  checkSubmitOptions(options);
  return inSubmitSpan(name, 1, async () => {
    const made = specOf(core, origin, { handler, name, input, options });
    const spec = isPromised(made) ? await made : made;
    const submitted = await core.submissions.submit(spec, options.requireHandler ?? false);
    return handleOf<Output>(core, spec, options, submitted);
  });
}

async function submitMany<Input, Output>(
  core: ClientCore,
  origin: TaskOrigin | undefined,
  many: { handler: HandlerOrName; inputs: Iterable<Input>; options: ManyOptions<Input> },
): Promise<TaskGroup<Output>> {
  const { handler, options } = many;
  const inputs = [...many.inputs];
  const name = nameOf(handler);
  return inSubmitSpan(name, inputs.length, async () => {
    const specs: ReadySpec[] = [];
    const optionsOf: SubmitOptions[] = [];
    if (typeof options !== 'function') checkSubmitOptions(options);
    for (let index = 0; index < inputs.length; index += 1) {
      const input = inputs[index] as Input;
      const own = typeof options === 'function' ? options(input, index) : options;
      if (own !== options) checkSubmitOptions(own);
      optionsOf.push(own);
      const made = specOf(core, origin, { handler, name, input, options: own });
      specs.push(isPromised(made) ? await made : made);
    }
    const requireHandler = optionsOf.some((each) => each.requireHandler === true);
    const handles: TaskHandle<Output>[] = [];
    for (const part of callsOf(specs)) {
      const stored = await core.send(part, requireHandler);
      stored.forEach((submitted, at) => {
        const spec = part[at];
        const own = optionsOf[handles.length];
        if (spec && own) handles.push(handleOf<Output>(core, spec, own, submitted));
      });
    }
    return createTaskGroup(core, handles);
  });
}

function nameOf(handler: HandlerOrName): string {
  const name = typeof handler === 'string' ? handler : handler.name;
  checkHandlerName(name);
  return name;
}

/** One task to be submitted, its handler and options checked. */
interface Wanted {
  readonly handler: HandlerOrName;
  readonly name: string;
  readonly input: unknown;
  readonly options: SubmitOptions;
}

/** Checks the input by the definition's schema, if there is one at hand, and encodes it as it was given. */
function specOf(core: ClientCore, origin: TaskOrigin | undefined, wanted: Wanted): Soon<ReadySpec> {
  const { handler, name, input } = wanted;
  const what = `Input of ${name}`;
  const schema = isHandlerDefinition(handler) ? handler.input : undefined;
  if (schema === undefined) return encodedSpec(core, origin, wanted, what);
  return validate(schema, input, 'INPUT_INVALID', what).then(() =>
    encodedSpec(core, origin, wanted, what),
  );
}

function encodedSpec(
  core: ClientCore,
  origin: TaskOrigin | undefined,
  { name, input, options }: Wanted,
  what: string,
): Soon<ReadySpec> {
  const build = (payload: Payload | undefined): ReadySpec => {
    const trace = activeTrace({
      traceparent: origin?.traceparent ?? '',
      tracestate: origin?.tracestate ?? '',
    });
    return buildSpec({ handler: name, input: payload, trace }, options, origin);
  };
  const payload = core.coder.encode(input, what);
  return isPromised(payload) ? payload.then(build) : build(payload);
}

/** A repeated call of our own makes a coordinator say "duplicate" too: only what the caller repeated is told. */
function handleOf<Output>(
  core: ClientCore,
  spec: ReadySpec,
  options: SubmitOptions,
  submitted: Submitted,
): TaskHandle<Output> {
  const { id, unserved } = submitted;
  const isOurs = id === spec.id && options.id === undefined;
  const duplicate = submitted.duplicate && !isOurs;
  return createTaskHandle<Output>(core, id, { duplicate, unserved });
}

/** Cuts a list of specs into calls. */
function callsOf(specs: readonly ReadySpec[]): ReadySpec[][] {
  const calls: ReadySpec[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const spec of specs) {
    const own = specBytes(spec);
    const last = calls.at(-1);
    if (last === undefined || last.length >= callTasksMax || bytes + own > callBytesMax) {
      calls.push([spec]);
      bytes = own;
    } else {
      last.push(spec);
      bytes += own;
    }
  }
  return calls;
}
