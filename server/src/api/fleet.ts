/**
 * FleetService: agents, by their sessions, and coordinators.
 */
import type {
  Agent,
  DrainAgentRequest__Output,
  DrainAgentResponse,
  GetAgentRequest__Output,
  GetAgentResponse,
  GetCoordinatorRequest__Output,
  GetCoordinatorResponse,
  ListAgentsRequest__Output,
  ListAgentsResponse,
  ListCoordinatorsRequest__Output,
  ListCoordinatorsResponse,
} from '@muster/proto';
import { isUuid } from '../rules/ids.ts';
import { agentLimits } from '../rules/limits.ts';
import type { CoordinatorId, NamespaceId, SessionId } from '../rules/task.ts';
import type { NamespaceRow, SessionRow, SessionState } from '../store/store.ts';
import { requireRightSomewhere } from '../wire/authentication.ts';
import { agentMessage, coordinatorMessage } from '../wire/messages/fleet.ts';
import { readIdToken, writePageToken } from '../wire/page-token.ts';
import { CallRefused } from '../wire/status.ts';
import { type Checks, checkDuration, checkText, createChecks, quote } from '../wire/validation.ts';
import { type ApiContext, checkPageSize, enterNamespace } from './context.ts';
import type { Caller } from './edge.ts';
import { fitPage, messageBytes } from './page-bytes.ts';

const pageSizeDefault = 100;
const drainedMax = 1000;
const drainGraceMaxMs = 86_400_000;

/** Lists agents' sessions, newest first. */
export async function listAgents(
  context: ApiContext,
  request: ListAgentsRequest__Output,
  caller: Caller,
): Promise<ListAgentsResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'any');
  const checks = createChecks();
  const limit = checkPageSize(checks, request.pageSize, pageSizeDefault);
  checks.finish();
  const states: readonly SessionState[] =
    request.state === 'SESSION_STATE_UNSPECIFIED'
      ? ['ATTACHED', 'DETACHED']
      : [request.state.slice('SESSION_STATE_'.length) as SessionState];
  const query = ['agents', namespace.id, states];
  const before = readIdToken(query, request.pageToken) as SessionId | null;
  // One more than asked for tells whether there is a next page.
  const rows = await context.store.sessions.list({
    namespaceId: namespace.id,
    states,
    before,
    limit: limit + 1,
  });
  const messages = rows.slice(0, limit).map((row) => message(context, namespace, row));
  const agents = [...fitPage(messages, messageBytes)];
  const last = rows[agents.length - 1];
  const isLast = agents.length === rows.length;
  return {
    agents,
    nextPageToken: isLast || last === undefined ? '' : writePageToken(query, last.id),
  };
}

/** Reads an agent's newest session. */
export async function getAgent(
  context: ApiContext,
  request: GetAgentRequest__Output,
  caller: Caller,
): Promise<GetAgentResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'any');
  const checks = createChecks();
  const id = checkAgentId(checks, request.id);
  checks.finish();
  const [row] = await context.store.sessions.find(namespace.id, id, 1);
  if (row === undefined) throw agentNotFound(id, namespace);
  return { agent: message(context, namespace, row) };
}

/** Asks every live session of an agent, or one session, to drain. */
export async function drainAgent(
  context: ApiContext,
  request: DrainAgentRequest__Output,
  caller: Caller,
): Promise<DrainAgentResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'administer');
  const checks = createChecks();
  const id = checkAgentId(checks, request.id);
  const graceMs = checkDuration(checks, 'drain_grace', request.drainGrace, 0, drainGraceMaxMs);
  checks.finish();
  const sessions = await liveSessions(context, namespace.id, id);
  if (sessions.length === 0) throw agentNotFound(id, namespace);
  for (const session of sessions)
    await context.store.sessions.update(session.id, session.attachment, { draining: true });
  const sessionIds = sessions.map((session) => session.id);
  context.wakeups.publish('drain', { sessionIds, graceMs });
  return { sessionIds };
}

/** Lists coordinators, newest first. */
export async function listCoordinators(
  context: ApiContext,
  request: ListCoordinatorsRequest__Output,
  caller: Caller,
): Promise<ListCoordinatorsResponse> {
  requireRightSomewhere(caller.principal, 'administer');
  const checks = createChecks();
  const limit = checkPageSize(checks, request.pageSize, pageSizeDefault);
  checks.finish();
  const before = readIdToken(['coordinators'], request.pageToken) as CoordinatorId | null;
  const rows = await context.store.coordinators.list(before, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    coordinators: page.map(coordinatorMessage),
    nextPageToken:
      rows.length > limit && last !== undefined ? writePageToken(['coordinators'], last.id) : '',
  };
}

/** Reads one coordinator. */
export async function getCoordinator(
  context: ApiContext,
  request: GetCoordinatorRequest__Output,
  caller: Caller,
): Promise<GetCoordinatorResponse> {
  requireRightSomewhere(caller.principal, 'administer');
  const id = request.id.toLowerCase();
  const row = isUuid(id) ? await context.store.coordinators.find(id as CoordinatorId) : null;
  if (row !== null) return { coordinator: coordinatorMessage(row) };
  throw new CallRefused(
    'COORDINATOR_NOT_FOUND',
    `There is no coordinator ${quote(request.id)}. A coordinator has a new id with every start; ListCoordinators lists them.`,
    { metadata: { id: request.id } },
  );
}

async function liveSessions(
  context: ApiContext,
  namespaceId: NamespaceId,
  id: string,
): Promise<readonly SessionRow[]> {
  const rows = await context.store.sessions.find(namespaceId, id, drainedMax);
  return rows.filter(({ state }) => state === 'ATTACHED' || state === 'DETACHED');
}

function message(context: ApiContext, namespace: NamespaceRow, row: SessionRow): Agent {
  const handlers = row.handlerIds.flatMap((id) => context.dictionaries.handler(id)?.name ?? []);
  return agentMessage(row, namespace.name, handlers);
}

function checkAgentId(checks: Checks, id: string): string {
  if (id === '') checks.fail('id', 'is needed: the id of an agent, or of one of its sessions');
  return checkText(checks, 'id', id, agentLimits.agentIdMaxBytes);
}

function agentNotFound(id: string, namespace: NamespaceRow): CallRefused {
  return new CallRefused(
    'AGENT_NOT_FOUND',
    `There is no agent ${quote(id)} in namespace "${namespace.name}". \`muster agents\` lists them.`,
    { metadata: { id, namespace: namespace.name } },
  );
}
