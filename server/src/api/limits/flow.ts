/**
 * LimitService: the limits of one handler, and pauses.
 */
import type {
  GetHandlerFlowRequest__Output,
  GetHandlerFlowResponse,
  PauseHandlerRequest__Output,
  PauseHandlerResponse,
  PauseNamespaceRequest__Output,
  PauseNamespaceResponse,
  ResumeHandlerRequest__Output,
  ResumeHandlerResponse,
  ResumeNamespaceRequest__Output,
  ResumeNamespaceResponse,
  SetHandlerLimitsRequest__Output,
  SetHandlerLimitsResponse,
} from '@muster/proto';
import { flowLimits } from '../../rules/limits.ts';
import type { HandlerRow, NamespaceRow } from '../../store/store.ts';
import { checkHandlerLimits, flowMessage } from '../../wire/messages/limits.ts';
import { checkHandlerName, checkText, createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace, handlerNotFound } from '../context.ts';
import type { Caller } from '../edge.ts';
import { limitNotFound } from './named-limits.ts';

/** Sets all limits of a handler. */
export async function setHandlerLimits(
  context: ApiContext,
  request: SetHandlerLimitsRequest__Output,
  caller: Caller,
): Promise<SetHandlerLimitsResponse> {
  const { namespace, name } = await enterHandler(context, request, caller);
  const checks = createChecks();
  const limits = checkHandlerLimits(checks.within('limits'), request.limits);
  checks.finish();
  const row = await handlerOf(context, namespace, name);
  const set = await context.store.lanes.setHandlerLimits(row.id, limits);
  if (set !== 'SET') throw await limitNotFound(context, namespace, set.missing[0] ?? '');
  await tellAll(context, [row]);
  return { flow: await flowOf(context, namespace, row) };
}

/** Tells how a handler's work stands. */
export async function getHandlerFlow(
  context: ApiContext,
  request: GetHandlerFlowRequest__Output,
  caller: Caller,
): Promise<GetHandlerFlowResponse> {
  const { namespace, row } = await enterKnown(context, request, caller);
  return { flow: await flowOf(context, namespace, row) };
}

/** Stops hand-overs of a handler. */
export async function pauseHandler(
  context: ApiContext,
  request: PauseHandlerRequest__Output,
  caller: Caller,
): Promise<PauseHandlerResponse> {
  const note = checkNote(request.note);
  const { namespace, name } = await enterHandler(context, request, caller);
  const row = await handlerOf(context, namespace, name);
  await context.store.lanes.pauseHandler(row.id, true, note);
  return { flow: await flowOf(context, namespace, row) };
}

/** Lets them go on. */
export async function resumeHandler(
  context: ApiContext,
  request: ResumeHandlerRequest__Output,
  caller: Caller,
): Promise<ResumeHandlerResponse> {
  const { namespace, row } = await enterKnown(context, request, caller);
  await context.store.lanes.pauseHandler(row.id, false, '');
  context.wakeups.publish('ready', { handlerIds: [row.id] });
  return { flow: await flowOf(context, namespace, row) };
}

/** Stops hand-overs of a whole namespace. */
export async function pauseNamespace(
  context: ApiContext,
  request: PauseNamespaceRequest__Output,
  caller: Caller,
): Promise<PauseNamespaceResponse> {
  const note = checkNote(request.note);
  const namespace = await enterNamespace(context, caller, request.namespace, 'administer');
  await context.store.lanes.pauseNamespace(namespace.id, true, note);
  await tellAll(context, []);
  return {};
}

/** Lets them go on. */
export async function resumeNamespace(
  context: ApiContext,
  request: ResumeNamespaceRequest__Output,
  caller: Caller,
): Promise<ResumeNamespaceResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'administer');
  await context.store.lanes.pauseNamespace(namespace.id, false, '');
  await tellAll(context, context.dictionaries.handlers(namespace.id));
  return {};
}

function checkNote(note: string): string {
  const checks = createChecks();
  checkText(checks, 'note', note, flowLimits.textMaxBytes);
  checks.finish();
  return note;
}

/** A handler may be limited or paused before any agent registers it. */
async function handlerOf(
  { dictionaries }: ApiContext,
  namespace: NamespaceRow,
  name: string,
): Promise<HandlerRow> {
  const row = (await dictionaries.ensureHandlers(namespace.id, [name])).get(name);
  if (row === undefined) throw new Error(`Handler "${name}" was not stored.`);
  return row;
}

async function enterHandler(
  context: ApiContext,
  request: { readonly namespace: string; readonly handler: string },
  caller: Caller,
): Promise<{ readonly namespace: NamespaceRow; readonly name: string }> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const name = checkHandlerName(checks, 'handler', request.handler);
  checks.finish();
  return { namespace, name };
}

/** A handler that somebody has named before. */
async function enterKnown(
  context: ApiContext,
  request: { readonly namespace: string; readonly handler: string },
  caller: Caller,
): Promise<{ readonly namespace: NamespaceRow; readonly row: HandlerRow }> {
  const { namespace, name } = await enterHandler(context, request, caller);
  const { dictionaries } = context;
  if (dictionaries.handlerNamed(namespace.id, name) === null) await dictionaries.refresh();
  const row = dictionaries.handlerNamed(namespace.id, name);
  if (row === null) throw handlerNotFound(name, dictionaries.nearestHandler(namespace.id, name));
  return { namespace, row };
}

async function flowOf({ store }: ApiContext, { name }: NamespaceRow, row: HandlerRow) {
  const standing = await store.lanes.handlerStanding(row.id);
  if (standing === null) throw new Error(`Handler "${row.name}" is gone.`);
  return flowMessage(row, standing, name);
}

/** Coordinators look at handlers anew, and at what may be handed over. */
async function tellAll(context: ApiContext, rows: readonly HandlerRow[]): Promise<void> {
  context.wakeups.publish('dictionaries', {});
  await context.dictionaries.refresh();
  if (rows.length > 0) context.wakeups.publish('ready', { handlerIds: rows.map(({ id }) => id) });
}
