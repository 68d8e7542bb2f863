// What each message of the coordinator on a standing session means for the agent's leases.

import type { Assignments__Output, ConnectResponse__Output, Welcome__Output } from '@muster/proto';
import { wireToMs } from '@muster/sdk/internal';
import { keyOf } from '../attempt/lease.ts';
import type { Leases } from '../leases.ts';
import type { AgentLogger } from '../options.ts';
import type { Outbox } from '../outbox.ts';
import type { Clock } from './clock.ts';
import type { Outgoing } from './outgoing.ts';
import { toAssigned, toRef, toVerdicts } from './wire.ts';

/** What messages act upon. */
export interface Receivers {
  readonly clock: Clock;
  readonly logger: AgentLogger;
  readonly leases: Leases;
  readonly outbox: Outbox;
  readonly outgoing: Outgoing;
  /** Outcomes were answered. */
  acknowledged(): void;
  /** The coordinator asks for a drain. Undefined grace: the agent's own. */
  drainAsked(graceMs: number | undefined, reason: string): void;
}

/** A Welcome: what the agent holds stands or is void. Heard before anything is sent. */
export function receiveVerdicts(welcome: Welcome__Output, receivers: Receivers): void {
  const { leases, outgoing } = receivers;
  if (!welcome.resumed) {
    leases.forgetAll();
    return;
  }
  const verdicts = toVerdicts(welcome.verdicts);
  const keeps = new Map(verdicts.map(({ ref, keep }) => [keyOf(ref), keep]));
  const { waiting, running, finished } = leases.inventory();
  for (const ref of [...waiting, ...running, ...finished]) {
    // Without a verdict, which breaks the protocol, nothing new is begun and nothing stopped.
    if (!(keeps.get(keyOf(ref)) ?? leases.hasBegun(ref))) leases.forget(ref);
  }
  // Given back between Hello and Welcome: the coordinator counts on it again.
  for (const { ref, keep } of verdicts) if (keep && !leases.has(ref)) outgoing.released(ref);
}

/** Any later message except GoAway. */
export function receive(message: ConnectResponse__Output, receivers: Receivers): void {
  const { leases, outbox, logger } = receivers;
  switch (message.message) {
    case 'assignments':
      assign(message.assignments, receivers);
      return;
    case 'outcomeAcks':
      for (const { lease, status } of message.outcomeAcks?.acks ?? []) {
        outbox.acknowledge(toRef(lease), status === 'OUTCOME_STATUS_STALE');
      }
      assign(message.outcomeAcks?.assignments, receivers);
      receivers.acknowledged();
      return;
    case 'cancels':
      for (const cancel of message.cancels?.cancels ?? []) {
        const ref = toRef(cancel.lease);
        if (cancel.cause === 'CANCEL_CAUSE_LAPSED') leases.forget(ref);
        else if (cancel.cause === 'CANCEL_CAUSE_DEADLINE') leases.cancel(ref, 'deadline', '');
        else leases.cancel(ref, 'cancelled', cancel.reason);
      }
      return;
    case 'revokes':
      for (const lease of message.revokes?.leases ?? []) leases.revoke(toRef(lease));
      return;
    case 'drain':
      receivers.drainAsked(wireToMs(message.drain?.drainGrace), message.drain?.reason ?? '');
      return;
    case 'refusal':
      logger.warn('the coordinator refused what the agent sent', { ...message.refusal });
      return;
    default:
      // Of a later version of the protocol, or out of place.
      logger.debug('a message was ignored', { message: message.message });
  }
}

function assign(
  assignments: Assignments__Output | null | undefined,
  { clock, leases }: Receivers,
): void {
  const now = clock.now();
  leases.assign((assignments?.assignments ?? []).map((each) => toAssigned(each, now)));
}
