/**
 * LimitService: limits that handlers share.
 */
import type {
  DeleteLimitRequest__Output,
  DeleteLimitResponse,
  GetLimitRequest__Output,
  GetLimitResponse,
  ListLimitsRequest__Output,
  ListLimitsResponse,
  SetLimitRequest__Output,
  SetLimitResponse,
} from '@muster/proto';
import type { NamespaceRow } from '../../store/store.ts';
import { checkLimit, checkLimitName, limitMessage } from '../../wire/messages/limits.ts';
import { nearestName } from '../../wire/nearest-name.ts';
import { readPageToken, writePageToken } from '../../wire/page-token.ts';
import { CallRefused } from '../../wire/status.ts';
import { createChecks } from '../../wire/validation.ts';
import { type ApiContext, checkPageSize, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';

const pageSizeDefault = 100;
/** Names that are compared for a hint. */
const namesMax = 1_000;

/** Makes a shared limit, or changes it. */
export async function setLimit(
  context: ApiContext,
  request: SetLimitRequest__Output,
  caller: Caller,
): Promise<SetLimitResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  if (request.limit === null) checks.fail('limit', 'is not set');
  const written = request.limit === null ? null : checkLimit(checks.within('limit'), request.limit);
  checks.finish();
  if (written === null) throw new Error('A limit without faults is no limit.');
  const limit = await context.store.lanes.setLimit(namespace.id, written);
  announce(context, namespace, limit.handlers);
  return { limit: limitMessage(limit, namespace.name) };
}

/** Reads a shared limit. */
export async function getLimit(
  context: ApiContext,
  request: GetLimitRequest__Output,
  caller: Caller,
): Promise<GetLimitResponse> {
  const { namespace, name } = await enterLimit(context, request, caller);
  const limit = await context.store.lanes.limit(namespace.id, name);
  if (limit === null) throw await limitNotFound(context, namespace, name);
  return { limit: limitMessage(limit, namespace.name) };
}

/** Lists shared limits, by name. */
export async function listLimits(
  context: ApiContext,
  request: ListLimitsRequest__Output,
  caller: Caller,
): Promise<ListLimitsResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const size = checkPageSize(checks, request.pageSize, pageSizeDefault);
  checks.finish();
  const query = ['limits', namespace.id];
  const after = readPageToken(query, request.pageToken) ?? '';
  const page = await context.store.lanes.limits(namespace.id, after, size);
  const last = page.limits.at(-1);
  return {
    limits: page.limits.map((limit) => limitMessage(limit, namespace.name)),
    nextPageToken: page.more && last !== undefined ? writePageToken(query, last.name) : '',
  };
}

/** Deletes a shared limit that no handler is under. */
export async function deleteLimit(
  context: ApiContext,
  request: DeleteLimitRequest__Output,
  caller: Caller,
): Promise<DeleteLimitResponse> {
  const { namespace, name } = await enterLimit(context, request, caller);
  const deleted = await context.store.lanes.deleteLimit(namespace.id, name);
  if (deleted === 'MISSING') throw await limitNotFound(context, namespace, name);
  if (deleted === 'DELETED') return {};
  const handlers = deleted.usedBy.join(', ');
  throw new CallRefused(
    'LIMIT_USED',
    `Limit "${name}" bounds ${handlers}. Take it from their limits first, by SetHandlerLimits.`,
    { metadata: { handlers: deleted.usedBy.join(',') } },
  );
}

/** The refusal of an unknown limit, with the nearest known name. */
export async function limitNotFound(
  { store }: ApiContext,
  namespace: NamespaceRow,
  name: string,
): Promise<CallRefused> {
  const { limits } = await store.lanes.limits(namespace.id, '', namesMax);
  const nearest = nearestName(
    name,
    limits.map((limit) => limit.name),
  );
  const hint = nearest === '' ? '' : ` Did you mean "${nearest}"?`;
  return new CallRefused(
    'LIMIT_NOT_FOUND',
    `There is no limit "${name}" in namespace "${namespace.name}".${hint} SetLimit makes one.`,
    { metadata: { limit: name, nearest_limit: nearest } },
  );
}

async function enterLimit(
  context: ApiContext,
  request: { readonly namespace: string; readonly name: string },
  caller: Caller,
): Promise<{ readonly namespace: NamespaceRow; readonly name: string }> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const name = checkLimitName(checks, 'name', request.name);
  checks.finish();
  return { namespace, name };
}

/** More may be handed over now. */
function announce(context: ApiContext, { id }: NamespaceRow, handlers: readonly string[]): void {
  const rows = handlers.flatMap((name) => context.dictionaries.handlerNamed(id, name) ?? []);
  if (rows.length > 0) context.wakeups.publish('ready', { handlerIds: rows.map((row) => row.id) });
}
