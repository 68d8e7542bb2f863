/**
 * The only place that lists the roles, and ties what one of them hands to another: the slot pool, from dispatch to api and scheduling;
 * the addresses of others, from monitoring to dispatch, and to what stands in for roles that are elsewhere.
 */
import { createApi } from './api/api.ts';
import { createDispatch, type Dispatch } from './dispatch/dispatch.ts';
import { createElsewhere, type ServingRole } from './doors/elsewhere.ts';
import { createMonitoring, type Monitoring } from './monitoring/monitoring.ts';
import type { Role, RoleContext } from './role.ts';
import { emptySlotPool } from './rules/slot-pool.ts';
import { createScheduling } from './scheduling/scheduling.ts';

/** The roles of this process, in the order in which they start; they stop in the opposite one. */
export function createRoles(context: RoleContext): readonly Role[] {
  const { roles } = context.config;
  const others: { addresses: Monitoring['addresses'] } = { addresses: () => [] };
  const addressesOf = (role: ServingRole) => () => others.addresses(role);
  const dispatch = roles.includes('dispatch')
    ? createDispatch({ ...context, addresses: addressesOf('dispatch') })
    : null;
  // Every process gives signs of life, also one that does not monitor others.
  const monitoring = createMonitoring({
    ...context,
    sweeps: roles.includes('monitoring'),
    sessionCount: () => dispatch?.sessionCount() ?? 0,
    cutOff: (addresses) =>
      dispatch?.sendAway(addresses, 'The database cannot be reached from here.'),
    seen: (coordinators) => dispatch?.spread(coordinators),
  });
  others.addresses = monitoring.addresses;
  const elsewhere = (role: ServingRole) =>
    createElsewhere(role, { ...context, addresses: addressesOf(role) });
  const pool = dispatch?.pool ?? emptySlotPool;
  return [
    // The coordinator's row comes first, because sessions refer to it.
    monitoring.role,
    dispatch === null ? elsewhere('dispatch') : withCheck(dispatch),
    roles.includes('api') ? createApi({ ...context, pool }) : elsewhere('api'),
    ...(roles.includes('scheduling') ? [createScheduling({ ...context, pool })] : []),
  ];
}

function withCheck(dispatch: Dispatch): Role {
  return {
    ...dispatch.role,
    async check() {
      if (!dispatch.answering()) throw new Error('The loop of dispatch does not answer.');
    },
  };
}
