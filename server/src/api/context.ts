/**
 * What the methods of the api role share.
 */

import type { RoleContext } from '../role.ts';
import { callLimits } from '../rules/limits.ts';
import type { SlotPool } from '../rules/slot-pool.ts';
import type { TaskId } from '../rules/task.ts';
import type { NamespaceRow } from '../store/store.ts';
import { type Right, requireAnyRight, requireRight } from '../wire/authentication.ts';
import { CallRefused } from '../wire/status.ts';
import { type Checks, checkNamespaceName, checkNumber, createChecks } from '../wire/validation.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { Caller } from './edge.ts';
import type { ServedHandlers } from './tasks/served-handlers.ts';
import type { Submissions } from './tasks/submissions.ts';
import type { Waiting } from './waits/waiting.ts';

/** What the methods of the api role share. */
export type ApiContext = RoleContext & {
  /** Free slots of the local agents; always empty without a local dispatch role. */
  readonly pool: SlotPool;
  readonly clock: DatabaseClock;
  /** A new UUIDv7 by the database's clock. */
  readonly newTaskId: () => TaskId;
  readonly submissions: Submissions;
  readonly served: ServedHandlers;
  readonly waiting: Waiting;
};

/** The namespace of a request, if the caller may do this in it. The right comes first: strangers learn no names. */
export async function enterNamespace(
  context: ApiContext,
  caller: Caller,
  name: string,
  right: Right | 'any',
  field = 'namespace',
): Promise<NamespaceRow> {
  const checks = createChecks();
  const checked = checkNamespaceName(checks, field, name);
  checks.finish();
  if (right === 'any') requireAnyRight(caller.principal, checked);
  else requireRight(caller.principal, right, checked);
  return context.dictionaries.resolveNamespace(checked);
}

/** The size of a page, where 0 means the default. */
export function checkPageSize(checks: Checks, value: number, fallback: number): number {
  return checkNumber(checks, 'page_size', value, {
    least: 1,
    most: callLimits.pageSizeMax,
    fallback,
    zero: 'unset',
  });
}

/** The refusal of an unknown handler, with the nearest known name. */
export function handlerNotFound(name: string, nearest: string): CallRefused {
  const hint = nearest === '' ? '' : ` Did you mean "${nearest}"?`;
  return new CallRefused(
    'HANDLER_NOT_FOUND',
    `Handler "${name}" is not registered.${hint} \`muster handlers\` lists them.`,
    { metadata: { handler: name, nearest_handler: nearest } },
  );
}
