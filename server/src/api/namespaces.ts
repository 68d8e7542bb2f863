/**
 * NamespaceService: the boundaries of tenants.
 */
import type {
  CreateNamespaceRequest__Output,
  CreateNamespaceResponse,
  DeleteNamespaceRequest__Output,
  DeleteNamespaceResponse,
  GetNamespaceRequest__Output,
  GetNamespaceResponse,
  ListNamespacesRequest__Output,
  ListNamespacesResponse,
  UpdateNamespaceRequest__Output,
  UpdateNamespaceResponse,
} from '@muster/proto';
import { namespaceNotFound } from '../dictionaries.ts';
import { mayEnter, requireRight } from '../wire/authentication.ts';
import { checkNamespace, namespaceMessage } from '../wire/messages/namespace.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import { CallRefused } from '../wire/status.ts';
import { checkMask, checkNamespaceName, createChecks } from '../wire/validation.ts';
import { type ApiContext, checkPageSize, enterNamespace } from './context.ts';
import type { Caller } from './edge.ts';

const pageSizeDefault = 100;
const changeable = ['description', 'retention_window'] as const;

/** Makes a namespace. */
export async function createNamespace(
  context: ApiContext,
  request: CreateNamespaceRequest__Output,
  caller: Caller,
): Promise<CreateNamespaceResponse> {
  requireRight(caller.principal, 'administer', '*');
  const checks = createChecks();
  const asked = checkNamespace(checks, request.namespace);
  if (request.namespace?.createTime)
    checks.fail('namespace.create_time', 'is set by the database; leave it unset');
  if (request.namespace?.paused)
    checks.fail('namespace.paused', 'is set by LimitService.PauseNamespace; leave it unset');
  checks.finish();
  const { dictionaries } = context.store;
  const row = await dictionaries.createNamespace(asked.name, asked.description, asked.retentionMs);
  if (row === 'EXISTS')
    throw new CallRefused(
      'NAMESPACE_EXISTS',
      `There is a namespace "${asked.name}" already. UpdateNamespace changes it.`,
      {
        metadata: { namespace: asked.name },
      },
    );
  await tellAll(context);
  return { namespace: namespaceMessage(row) };
}

/** Reads one namespace. */
export async function getNamespace(
  context: ApiContext,
  request: GetNamespaceRequest__Output,
  caller: Caller,
): Promise<GetNamespaceResponse> {
  return {
    namespace: namespaceMessage(await enterNamespace(context, caller, request.name, 'any', 'name')),
  };
}

/** Lists the namespaces that the caller may enter, by name. */
export async function listNamespaces(
  context: ApiContext,
  request: ListNamespacesRequest__Output,
  caller: Caller,
): Promise<ListNamespacesResponse> {
  const checks = createChecks();
  const limit = checkPageSize(checks, request.pageSize, pageSizeDefault);
  checks.finish();
  const after = readPageToken(['namespaces'], request.pageToken) ?? '';
  await context.dictionaries.refresh();
  const left = context.dictionaries
    .namespaces()
    .filter(({ name }) => name > after && mayEnter(caller.principal, name));
  const page = left.slice(0, limit);
  const last = page.at(-1);
  return {
    namespaces: page.map(namespaceMessage),
    nextPageToken:
      left.length > limit && last !== undefined ? writePageToken(['namespaces'], last.name) : '',
  };
}

/** Changes the fields that the mask names. */
export async function updateNamespace(
  context: ApiContext,
  request: UpdateNamespaceRequest__Output,
  caller: Caller,
): Promise<UpdateNamespaceResponse> {
  requireRight(caller.principal, 'administer', '*');
  const checks = createChecks();
  const asked = checkNamespace(checks, request.namespace);
  const paths = checkMask(checks, request.updateMask?.paths ?? [], changeable);
  checks.finish();
  const row = await context.store.dictionaries.updateNamespace(asked.name, {
    ...(paths.includes('description') ? { description: asked.description } : {}),
    ...(paths.includes('retention_window') ? { retentionMs: asked.retentionMs } : {}),
  });
  if (row === 'MISSING') throw await notFound(context, asked.name);
  await tellAll(context);
  return { namespace: namespaceMessage(row) };
}

/** Deletes an empty namespace. */
export async function deleteNamespace(
  context: ApiContext,
  request: DeleteNamespaceRequest__Output,
  caller: Caller,
): Promise<DeleteNamespaceResponse> {
  requireRight(caller.principal, 'administer', '*');
  const checks = createChecks();
  if (request.name === '') checks.fail('name', 'is needed');
  else checkNamespaceName(checks, 'name', request.name);
  if (request.name === 'default') checks.fail('name', 'is "default", which cannot be deleted');
  checks.finish();
  const result = await context.store.dictionaries.deleteNamespace(request.name);
  if (result === 'MISSING') throw await notFound(context, request.name);
  if (result === 'NOT_EMPTY')
    throw new CallRefused(
      'NAMESPACE_NOT_EMPTY',
      `Namespace "${request.name}" has schedules, unfinished tasks or connected agents. Delete the schedules, cancel the tasks, stop the agents, and try again.`,
      { metadata: { namespace: request.name } },
    );
  await tellAll(context);
  return {};
}

async function notFound(context: ApiContext, name: string): Promise<CallRefused> {
  await context.dictionaries.refresh();
  return namespaceNotFound(name, context.dictionaries.namespaces());
}

/** The answer must hold for the caller's next call at this coordinator; the others hear of it by wakeup. */
async function tellAll(context: ApiContext): Promise<void> {
  context.wakeups.publish('dictionaries', {});
  await context.dictionaries.refresh();
}
