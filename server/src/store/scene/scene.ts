/**
 * A beginning for tests and measurements of the store: a handler, a coordinator, sessions, tasks with plain values.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createIdGenerator } from '../../rules/ids.ts';
import type {
  CoordinatorId,
  HandlerId,
  HandlerOptions,
  Lease,
  LeaseRef,
  NamespaceId,
  NewTask,
  OutcomeWrite,
  SessionId,
  TaskId,
} from '../../rules/task.ts';
import type { SessionFacts, Store, StoredTask } from '../store.ts';

/** The namespace that every database begins with. */
export const defaultNamespace = 1 as NamespaceId;

/** The secret of every session of a scene. */
export const sceneToken = Buffer.from('a token');

const plainOptions: HandlerOptions = {
  retry: null,
  attemptTimeoutMs: null,
  atMostOnce: false,
  lostAttemptsMax: 3,
  cancelGraceMs: 5_000,
};

/** A session of a scene, with the attachment that it has now. */
export type SceneSession = {
  readonly id: SessionId;
  readonly facts: SessionFacts;
  attachment: number;
};

/** See `createScene`. */
export type Scene = {
  readonly store: Store;
  readonly handlerId: HandlerId;
  readonly coordinatorId: CoordinatorId;
  newId(): TaskId;
  newTask(changes?: Partial<NewTask>): NewTask;
  /** Registers another handler. */
  handler(options?: Partial<HandlerOptions>): Promise<HandlerId>;
  session(): Promise<SceneSession>;
  /** Attaches the session again and remembers its new attachment; `dial` is 0 unless given. */
  attach(
    session: SceneSession,
    inventory: readonly LeaseRef[],
    dial?: number,
  ): ReturnType<Store['sessions']['attach']>;
  /** Stores tasks in one call. */
  submit(...tasks: readonly NewTask[]): Promise<readonly StoredTask[]>;
  /** Claims up to `count` tasks of the scene's handler. */
  claim(session: SceneSession, count: number, handlerId?: HandlerId): Promise<readonly Lease[]>;
};

/** Makes a scene with a handler of its own, so that scenes in one database do not disturb each other. */
export async function createScene(
  store: Store,
  options: Partial<HandlerOptions> = {},
): Promise<Scene> {
  const next = createIdGenerator({ now: Date.now, random: randomBytes });
  const newId = () => next() as TaskId;
  const coordinatorId = next() as CoordinatorId;
  const handler = (changes: Partial<HandlerOptions> = {}) => registerOne(store, next(), changes);
  const handlerId = await handler(options);

  const scene: Scene = {
    store,
    handlerId,
    coordinatorId,
    newId,
    handler,
    newTask: (changes = {}) => plainTask(newId(), handlerId, changes),
    session: async () => {
      const session = { id: next() as SessionId, facts: factsOf(handlerId, coordinatorId) };
      const { attachment } = await store.sessions.create(session.id, sceneToken, session.facts, {});
      return { ...session, attachment };
    },
    attach: async (session, inventory, dial = 0) => {
      const attached = await store.sessions.attach(
        session.id,
        sceneToken,
        { ...session.facts, dial },
        {},
        inventory,
      );
      if (attached.kind === 'ATTACHED') session.attachment = attached.attachment;
      return attached;
    },
    submit: async (...tasks) => (await store.submissions.insert([tasks], false))[0] ?? [],
    claim: (session, count, other = handlerId) =>
      store.leases.claim({
        handlers: [{ handlerId: other, limit: count }],
        slots: Array.from({ length: count }, () => ({
          sessionId: session.id,
          attachment: session.attachment,
        })),
        bytesMax: 8 * 1024 * 1024,
      }),
  };
  return scene;
}

/** An outcome with nothing in it but its result. */
export function outcomeOf(
  { taskId, leaseEpoch }: LeaseRef,
  result: OutcomeWrite['result'],
  retryDelayMs: number | null = null,
): OutcomeWrite {
  const failed = result === 'FAILED';
  const failure = failed
    ? ({
        kind: 'ERROR',
        name: 'Error',
        message: 'no',
        stack: '',
        details: null,
        nonRetryable: false,
      } as const)
    : null;
  return {
    taskId,
    leaseEpoch,
    result,
    output: null,
    failure,
    retryDelayMs: failed ? retryDelayMs : null,
  };
}

async function registerOne(
  store: Store,
  id: string,
  changes: Partial<HandlerOptions>,
): Promise<HandlerId> {
  const [row] = await store.dictionaries.registerHandlers(defaultNamespace, [
    {
      name: `scene.${id}`,
      options: { ...plainOptions, ...changes },
      inputSchema: '',
      outputSchema: '',
      description: '',
    },
  ]);
  if (row === undefined) throw new Error('The handler was not stored.');
  return row.id;
}

function factsOf(handlerId: HandlerId, coordinatorId: CoordinatorId): SessionFacts {
  return {
    namespaceId: defaultNamespace,
    agentId: 'agent',
    coordinatorId,
    handlerIds: [handlerId],
    slots: 100,
    weight: 100,
    labels: {},
    sdk: 'scene',
    host: 'host',
    lostAfterMs: 7_000,
    dial: 0,
  };
}

function plainTask(id: TaskId, handlerId: HandlerId, changes: Partial<NewTask>): NewTask {
  return {
    id,
    namespaceId: defaultNamespace,
    handlerId,
    priority: 0,
    key: null,
    labels: null,
    input: { mediaType: 'application/json', data: Buffer.from('{"a":1}') },
    options: null,
    contentHash: createHash('md5').update(id).digest(),
    idempotency: null,
    dueAt: null,
    startDelayMs: 0,
    totalTimeoutMs: null,
    startTtlMs: null,
    origin: {
      traceparent: null,
      tracestate: null,
      parentId: null,
      rootId: null,
      retryOf: null,
      nominalAt: null,
    },
    offer: null,
    ...changes,
  };
}
