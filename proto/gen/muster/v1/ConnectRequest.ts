// Original file: muster/v1/agent_service.proto

import type { Hello as _muster_v1_Hello, Hello__Output as _muster_v1_Hello__Output } from '../../muster/v1/Hello.ts';
import type { Heartbeat as _muster_v1_Heartbeat, Heartbeat__Output as _muster_v1_Heartbeat__Output } from '../../muster/v1/Heartbeat.ts';
import type { Accepted as _muster_v1_Accepted, Accepted__Output as _muster_v1_Accepted__Output } from '../../muster/v1/Accepted.ts';
import type { Declined as _muster_v1_Declined, Declined__Output as _muster_v1_Declined__Output } from '../../muster/v1/Declined.ts';
import type { Started as _muster_v1_Started, Started__Output as _muster_v1_Started__Output } from '../../muster/v1/Started.ts';
import type { ProgressReports as _muster_v1_ProgressReports, ProgressReports__Output as _muster_v1_ProgressReports__Output } from '../../muster/v1/ProgressReports.ts';
import type { LogReports as _muster_v1_LogReports, LogReports__Output as _muster_v1_LogReports__Output } from '../../muster/v1/LogReports.ts';
import type { Outcomes as _muster_v1_Outcomes, Outcomes__Output as _muster_v1_Outcomes__Output } from '../../muster/v1/Outcomes.ts';
import type { CancelAcknowledged as _muster_v1_CancelAcknowledged, CancelAcknowledged__Output as _muster_v1_CancelAcknowledged__Output } from '../../muster/v1/CancelAcknowledged.ts';
import type { Released as _muster_v1_Released, Released__Output as _muster_v1_Released__Output } from '../../muster/v1/Released.ts';
import type { SlotsChanged as _muster_v1_SlotsChanged, SlotsChanged__Output as _muster_v1_SlotsChanged__Output } from '../../muster/v1/SlotsChanged.ts';
import type { HandlersChanged as _muster_v1_HandlersChanged, HandlersChanged__Output as _muster_v1_HandlersChanged__Output } from '../../muster/v1/HandlersChanged.ts';
import type { Draining as _muster_v1_Draining, Draining__Output as _muster_v1_Draining__Output } from '../../muster/v1/Draining.ts';
import type { Leave as _muster_v1_Leave, Leave__Output as _muster_v1_Leave__Output } from '../../muster/v1/Leave.ts';

/**
 * One message of the agent.
 */
export interface ConnectRequest {
  /**
   * First on every stream, and only then.
   */
  'hello'?: (_muster_v1_Hello | null);
  /**
   * At every heartbeat interval.
   */
  'heartbeat'?: (_muster_v1_Heartbeat | null);
  /**
   * Assignments that the agent has taken in.
   */
  'accepted'?: (_muster_v1_Accepted | null);
  /**
   * Assignments that it will not take.
   */
  'declined'?: (_muster_v1_Declined | null);
  /**
   * Attempts whose handler has begun.
   */
  'started'?: (_muster_v1_Started | null);
  /**
   * Progress and checkpoints.
   */
  'progress'?: (_muster_v1_ProgressReports | null);
  /**
   * What handlers logged.
   */
  'logLines'?: (_muster_v1_LogReports | null);
  /**
   * How attempts ended. Kept by the agent, and sent again on the next stream, until acknowledged.
   */
  'outcomes'?: (_muster_v1_Outcomes | null);
  /**
   * Cancels that have reached their handlers.
   */
  'cancelAcknowledged'?: (_muster_v1_CancelAcknowledged | null);
  /**
   * Answer to Revokes, and leases given back in a drain.
   */
  'released'?: (_muster_v1_Released | null);
  /**
   * The agent has more or fewer slots from now on.
   */
  'slotsChanged'?: (_muster_v1_SlotsChanged | null);
  /**
   * The agent has other handlers from now on.
   */
  'handlersChanged'?: (_muster_v1_HandlersChanged | null);
  /**
   * The agent takes no more assignments.
   */
  'draining'?: (_muster_v1_Draining | null);
  /**
   * The last message: the session ends in order. Leases that it still holds go back at once.
   */
  'leave'?: (_muster_v1_Leave | null);
  /**
   * Exactly one.
   */
  'message'?: "hello"|"heartbeat"|"accepted"|"declined"|"started"|"progress"|"logLines"|"outcomes"|"cancelAcknowledged"|"released"|"slotsChanged"|"handlersChanged"|"draining"|"leave";
}

/**
 * One message of the agent.
 */
export interface ConnectRequest__Output {
  /**
   * First on every stream, and only then.
   */
  'hello'?: (_muster_v1_Hello__Output | null);
  /**
   * At every heartbeat interval.
   */
  'heartbeat'?: (_muster_v1_Heartbeat__Output | null);
  /**
   * Assignments that the agent has taken in.
   */
  'accepted'?: (_muster_v1_Accepted__Output | null);
  /**
   * Assignments that it will not take.
   */
  'declined'?: (_muster_v1_Declined__Output | null);
  /**
   * Attempts whose handler has begun.
   */
  'started'?: (_muster_v1_Started__Output | null);
  /**
   * Progress and checkpoints.
   */
  'progress'?: (_muster_v1_ProgressReports__Output | null);
  /**
   * What handlers logged.
   */
  'logLines'?: (_muster_v1_LogReports__Output | null);
  /**
   * How attempts ended. Kept by the agent, and sent again on the next stream, until acknowledged.
   */
  'outcomes'?: (_muster_v1_Outcomes__Output | null);
  /**
   * Cancels that have reached their handlers.
   */
  'cancelAcknowledged'?: (_muster_v1_CancelAcknowledged__Output | null);
  /**
   * Answer to Revokes, and leases given back in a drain.
   */
  'released'?: (_muster_v1_Released__Output | null);
  /**
   * The agent has more or fewer slots from now on.
   */
  'slotsChanged'?: (_muster_v1_SlotsChanged__Output | null);
  /**
   * The agent has other handlers from now on.
   */
  'handlersChanged'?: (_muster_v1_HandlersChanged__Output | null);
  /**
   * The agent takes no more assignments.
   */
  'draining'?: (_muster_v1_Draining__Output | null);
  /**
   * The last message: the session ends in order. Leases that it still holds go back at once.
   */
  'leave'?: (_muster_v1_Leave__Output | null);
  /**
   * Exactly one.
   */
  'message'?: "hello"|"heartbeat"|"accepted"|"declined"|"started"|"progress"|"logLines"|"outcomes"|"cancelAcknowledged"|"released"|"slotsChanged"|"handlersChanged"|"draining"|"leave";
}
