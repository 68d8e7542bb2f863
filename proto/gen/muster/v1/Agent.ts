// Original file: muster/v1/fleet_service.proto

import type { SessionState as _muster_v1_SessionState, SessionState__Output as _muster_v1_SessionState__Output } from '../../muster/v1/SessionState.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An agent, by one of its sessions.
 */
export interface Agent {
  /**
   * The name that the agent gave itself, at most 128 bytes.
   */
  'id'?: (string);
  /**
   * Namespace that it serves.
   */
  'namespace'?: (string);
  /**
   * UUIDv7 of the session.
   */
  'sessionId'?: (string);
  /**
   * How the session stands.
   */
  'state'?: (_muster_v1_SessionState);
  /**
   * True while it drains.
   */
  'draining'?: (boolean);
  /**
   * How often it has attached.
   */
  'attachment'?: (number | string | Long);
  /**
   * The coordinator that it is, or was last, attached to.
   */
  'coordinatorId'?: (string);
  /**
   * Attempts that it runs at a time.
   */
  'slots'?: (number);
  /**
   * Leases that it holds at this moment.
   */
  'running'?: (number);
  /**
   * Names of its handlers.
   */
  'handlers'?: (string)[];
  /**
   * Its labels.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Name and version of its SDK, for example `muster-typescript/0.1.0`.
   */
  'sdk'?: (string);
  /**
   * Host name and process id, for people.
   */
  'host'?: (string);
  /**
   * When the session began.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it was last attached.
   */
  'attachTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it was detached, lost or closed. Unset while it is attached.
   */
  'detachTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * An agent, by one of its sessions.
 */
export interface Agent__Output {
  /**
   * The name that the agent gave itself, at most 128 bytes.
   */
  'id': (string);
  /**
   * Namespace that it serves.
   */
  'namespace': (string);
  /**
   * UUIDv7 of the session.
   */
  'sessionId': (string);
  /**
   * How the session stands.
   */
  'state': (_muster_v1_SessionState__Output);
  /**
   * True while it drains.
   */
  'draining': (boolean);
  /**
   * How often it has attached.
   */
  'attachment': (number);
  /**
   * The coordinator that it is, or was last, attached to.
   */
  'coordinatorId': (string);
  /**
   * Attempts that it runs at a time.
   */
  'slots': (number);
  /**
   * Leases that it holds at this moment.
   */
  'running': (number);
  /**
   * Names of its handlers.
   */
  'handlers': (string)[];
  /**
   * Its labels.
   */
  'labels': ({[key: string]: string});
  /**
   * Name and version of its SDK, for example `muster-typescript/0.1.0`.
   */
  'sdk': (string);
  /**
   * Host name and process id, for people.
   */
  'host': (string);
  /**
   * When the session began.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it was last attached.
   */
  'attachTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it was detached, lost or closed. Unset while it is attached.
   */
  'detachTime': (_google_protobuf_Timestamp__Output | null);
}
