// Original file: muster/v1/agent_service.proto

import type { Welcome as _muster_v1_Welcome, Welcome__Output as _muster_v1_Welcome__Output } from '../../muster/v1/Welcome.ts';
import type { HeartbeatAck as _muster_v1_HeartbeatAck, HeartbeatAck__Output as _muster_v1_HeartbeatAck__Output } from '../../muster/v1/HeartbeatAck.ts';
import type { Assignments as _muster_v1_Assignments, Assignments__Output as _muster_v1_Assignments__Output } from '../../muster/v1/Assignments.ts';
import type { OutcomeAcks as _muster_v1_OutcomeAcks, OutcomeAcks__Output as _muster_v1_OutcomeAcks__Output } from '../../muster/v1/OutcomeAcks.ts';
import type { Cancels as _muster_v1_Cancels, Cancels__Output as _muster_v1_Cancels__Output } from '../../muster/v1/Cancels.ts';
import type { Revokes as _muster_v1_Revokes, Revokes__Output as _muster_v1_Revokes__Output } from '../../muster/v1/Revokes.ts';
import type { Drain as _muster_v1_Drain, Drain__Output as _muster_v1_Drain__Output } from '../../muster/v1/Drain.ts';
import type { GoAway as _muster_v1_GoAway, GoAway__Output as _muster_v1_GoAway__Output } from '../../muster/v1/GoAway.ts';
import type { Refusal as _muster_v1_Refusal, Refusal__Output as _muster_v1_Refusal__Output } from '../../muster/v1/Refusal.ts';

/**
 * One message of the coordinator.
 */
export interface ConnectResponse {
  /**
   * Answer to Hello: the session stands.
   */
  'welcome'?: (_muster_v1_Welcome | null);
  /**
   * Answer to each Heartbeat.
   */
  'heartbeatAck'?: (_muster_v1_HeartbeatAck | null);
  /**
   * Attempts to run.
   */
  'assignments'?: (_muster_v1_Assignments | null);
  /**
   * What became of outcomes, and often the next assignments.
   */
  'outcomeAcks'?: (_muster_v1_OutcomeAcks | null);
  /**
   * Attempts to stop.
   */
  'cancels'?: (_muster_v1_Cancels | null);
  /**
   * Assignments to give back unless they have begun.
   */
  'revokes'?: (_muster_v1_Revokes | null);
  /**
   * The agent is asked to drain.
   */
  'drain'?: (_muster_v1_Drain | null);
  /**
   * The agent is asked to connect elsewhere, or later.
   */
  'goAway'?: (_muster_v1_GoAway | null);
  /**
   * An order about the session that is not fatal: what the agent sent was refused.
   */
  'refusal'?: (_muster_v1_Refusal | null);
  /**
   * Exactly one.
   */
  'message'?: "welcome"|"heartbeatAck"|"assignments"|"outcomeAcks"|"cancels"|"revokes"|"drain"|"goAway"|"refusal";
}

/**
 * One message of the coordinator.
 */
export interface ConnectResponse__Output {
  /**
   * Answer to Hello: the session stands.
   */
  'welcome'?: (_muster_v1_Welcome__Output | null);
  /**
   * Answer to each Heartbeat.
   */
  'heartbeatAck'?: (_muster_v1_HeartbeatAck__Output | null);
  /**
   * Attempts to run.
   */
  'assignments'?: (_muster_v1_Assignments__Output | null);
  /**
   * What became of outcomes, and often the next assignments.
   */
  'outcomeAcks'?: (_muster_v1_OutcomeAcks__Output | null);
  /**
   * Attempts to stop.
   */
  'cancels'?: (_muster_v1_Cancels__Output | null);
  /**
   * Assignments to give back unless they have begun.
   */
  'revokes'?: (_muster_v1_Revokes__Output | null);
  /**
   * The agent is asked to drain.
   */
  'drain'?: (_muster_v1_Drain__Output | null);
  /**
   * The agent is asked to connect elsewhere, or later.
   */
  'goAway'?: (_muster_v1_GoAway__Output | null);
  /**
   * An order about the session that is not fatal: what the agent sent was refused.
   */
  'refusal'?: (_muster_v1_Refusal__Output | null);
  /**
   * Exactly one.
   */
  'message'?: "welcome"|"heartbeatAck"|"assignments"|"outcomeAcks"|"cancels"|"revokes"|"drain"|"goAway"|"refusal";
}
