// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';
import type { Payload as _muster_v1_Payload, Payload__Output as _muster_v1_Payload__Output } from '../../muster/v1/Payload.ts';
import type { Failure as _muster_v1_Failure, Failure__Output as _muster_v1_Failure__Output } from '../../muster/v1/Failure.ts';
import type { Cancelled as _muster_v1_Cancelled, Cancelled__Output as _muster_v1_Cancelled__Output } from '../../muster/v1/Cancelled.ts';
import type { Interrupted as _muster_v1_Interrupted, Interrupted__Output as _muster_v1_Interrupted__Output } from '../../muster/v1/Interrupted.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * How one attempt ended.
 */
export interface Outcome {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * The handler returned this.
   */
  'output'?: (_muster_v1_Payload | null);
  /**
   * It failed.
   */
  'failure'?: (_muster_v1_Failure | null);
  /**
   * It was cancelled, and has ended or outlived its grace.
   */
  'cancelled'?: (_muster_v1_Cancelled | null);
  /**
   * The agent drains, and gives back what has begun.
   */
  'interrupted'?: (_muster_v1_Interrupted | null);
  /**
   * How long the handler ran, by the agent's own monotonic clock.
   */
  'runDuration'?: (_google_protobuf_Duration | null);
  /**
   * How.
   */
  'result'?: "output"|"failure"|"cancelled"|"interrupted";
}

/**
 * How one attempt ended.
 */
export interface Outcome__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * The handler returned this.
   */
  'output'?: (_muster_v1_Payload__Output | null);
  /**
   * It failed.
   */
  'failure'?: (_muster_v1_Failure__Output | null);
  /**
   * It was cancelled, and has ended or outlived its grace.
   */
  'cancelled'?: (_muster_v1_Cancelled__Output | null);
  /**
   * The agent drains, and gives back what has begun.
   */
  'interrupted'?: (_muster_v1_Interrupted__Output | null);
  /**
   * How long the handler ran, by the agent's own monotonic clock.
   */
  'runDuration': (_google_protobuf_Duration__Output | null);
  /**
   * How.
   */
  'result'?: "output"|"failure"|"cancelled"|"interrupted";
}
