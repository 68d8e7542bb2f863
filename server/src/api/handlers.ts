/**
 * HandlerService: what can be asked for, and who serves it.
 */
import type {
  GetHandlerRequest__Output,
  GetHandlerResponse,
  ListHandlersRequest__Output,
  ListHandlersResponse,
} from '@muster/proto';
import type { NamespaceId } from '../rules/task.ts';
import type { HandlerRow } from '../store/store.ts';
import { handlerMessage } from '../wire/messages/handler.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import { checkHandlerName, createChecks } from '../wire/validation.ts';
import { type ApiContext, checkPageSize, enterNamespace, handlerNotFound } from './context.ts';
import type { Caller } from './edge.ts';
import { fitPage, messageBytes } from './page-bytes.ts';

const listedAgentsMax = 100;
const namedAgentsMax = 1000;
const pageSizeDefault = 100;

/** Lists the registered handlers of a namespace, by name. */
export async function listHandlers(
  context: ApiContext,
  request: ListHandlersRequest__Output,
  caller: Caller,
): Promise<ListHandlersResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'any');
  const checks = createChecks();
  const limit = checkPageSize(checks, request.pageSize, pageSizeDefault);
  checks.finish();
  const query = ['handlers', namespace.id];
  const after = readPageToken(query, request.pageToken) ?? '';
  const left = context.dictionaries
    .handlers(namespace.id)
    .filter((row) => row.registered && row.name > after);
  const rows = left.slice(0, limit);
  const serving = await servingOf(context, namespace.id, rows);
  const messages = rows.map((row) =>
    handlerMessage({ ...row, serving: serving(row) }, namespace.name, listedAgentsMax),
  );
  const handlers = [...fitPage(messages, messageBytes)];
  const last = rows[handlers.length - 1];
  const isLast = handlers.length === left.length;
  return {
    handlers,
    nextPageToken: isLast || last === undefined ? '' : writePageToken(query, last.name),
  };
}

/** Reads one handler with its schemas. */
export async function getHandler(
  context: ApiContext,
  request: GetHandlerRequest__Output,
  caller: Caller,
): Promise<GetHandlerResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'any');
  const checks = createChecks();
  const name = checkHandlerName(checks, 'name', request.name);
  checks.finish();
  const { dictionaries, store } = context;
  const registered = () => {
    const row = dictionaries.handlerNamed(namespace.id, name);
    return row?.registered ? row : null;
  };
  if (registered() === null) await dictionaries.refresh();
  const row = registered();
  if (row === null) throw handlerNotFound(name, dictionaries.nearestHandler(namespace.id, name));
  const [serving, schemas] = await Promise.all([
    servingOf(context, namespace.id, [row]),
    store.dictionaries.handlerSchemas(row.id),
  ]);
  const facts = { ...row, serving: serving(row) };
  return { handler: { ...handlerMessage(facts, namespace.name, namedAgentsMax), ...schemas } };
}

async function servingOf(
  context: ApiContext,
  namespaceId: NamespaceId,
  rows: readonly HandlerRow[],
) {
  const ids = rows.map(({ id }) => id);
  const all = rows.length === 0 ? [] : await context.store.sessions.serving(namespaceId, ids);
  return (row: HandlerRow) => all.filter(({ handlerId }) => handlerId === row.id);
}
