/**
 * Agents and coordinators as readers see them.
 */
import type { Agent as AgentMessage, Coordinator as CoordinatorMessage } from '@muster/proto';
import type { Labels } from '../../rules/task.ts';
import { timestampOf } from './values.ts';

/** What readers are told of an agent's session. */
export type AgentFacts = {
  readonly id: string;
  readonly agentId: string;
  readonly state: 'ATTACHED' | 'DETACHED' | 'LOST' | 'CLOSED';
  readonly draining: boolean;
  readonly attachment: number;
  readonly coordinatorId: string;
  readonly slots: number;
  readonly running: number;
  readonly labels: Labels;
  readonly sdk: string;
  readonly host: string;
  readonly createdAt: number;
  readonly attachedAt: number;
  readonly detachedAt: number | null;
};

/** A session as a message. */
export function agentMessage(
  facts: AgentFacts,
  namespace: string,
  handlers: readonly string[],
): AgentMessage {
  return {
    id: facts.agentId,
    namespace,
    sessionId: facts.id,
    state: `SESSION_STATE_${facts.state}`,
    draining: facts.draining,
    attachment: facts.attachment,
    coordinatorId: facts.coordinatorId,
    slots: facts.slots,
    running: facts.running,
    handlers: [...handlers].sort(),
    labels: facts.labels,
    sdk: facts.sdk,
    host: facts.host,
    createTime: timestampOf(facts.createdAt),
    attachTime: timestampOf(facts.attachedAt),
    detachTime: timestampOf(facts.detachedAt),
  };
}

/** What readers are told of a coordinator. */
export type CoordinatorFacts = {
  readonly id: string;
  readonly address: string;
  readonly roles: readonly string[];
  readonly version: string;
  readonly host: string;
  readonly alive: boolean;
  readonly draining: boolean;
  readonly sessions: number;
  readonly startedAt: number;
  readonly beatAt: number;
};

/** A coordinator as a message. */
export function coordinatorMessage(facts: CoordinatorFacts): CoordinatorMessage {
  return {
    id: facts.id,
    address: facts.address,
    roles: [...facts.roles],
    version: facts.version,
    host: facts.host,
    alive: facts.alive,
    sessions: facts.sessions,
    startTime: timestampOf(facts.startedAt),
    beatTime: timestampOf(facts.beatAt),
    draining: facts.draining,
  };
}
