/**
 * The schedule that a request names.
 */
import type { NamespaceRow } from '../../store/store.ts';
import { checkScheduleName } from '../../wire/messages/schedule/spec.ts';
import { nearestName } from '../../wire/nearest-name.ts';
import { CallRefused } from '../../wire/status.ts';
import { createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';

/** Names that are compared for a hint. */
const namesMax = 5_000;

/** Namespace and name of a request about one schedule, if the caller may. */
export async function enterSchedule(
  context: ApiContext,
  request: { readonly namespace: string; readonly name: string },
  caller: Caller,
): Promise<{ readonly namespace: NamespaceRow; readonly name: string }> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const name = checkScheduleName(checks, 'name', request.name);
  checks.finish();
  return { namespace, name };
}

/** The refusal of an unknown schedule, with the nearest known name. */
export async function scheduleNotFound(
  { store }: ApiContext,
  namespace: NamespaceRow,
  name: string,
): Promise<CallRefused> {
  const nearest = nearestName(name, await store.schedules.names(namespace.id, namesMax));
  const hint = nearest === '' ? '' : ` Did you mean "${nearest}"?`;
  return new CallRefused(
    'SCHEDULE_NOT_FOUND',
    `There is no schedule "${name}" in namespace "${namespace.name}".${hint} \`muster schedule list\` shows all.`,
    { metadata: { schedule: name, nearest_schedule: nearest } },
  );
}
