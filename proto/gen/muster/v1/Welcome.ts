// Original file: muster/v1/agent_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { SessionLimits as _muster_v1_SessionLimits, SessionLimits__Output as _muster_v1_SessionLimits__Output } from '../../muster/v1/SessionLimits.ts';
import type { InventoryVerdict as _muster_v1_InventoryVerdict, InventoryVerdict__Output as _muster_v1_InventoryVerdict__Output } from '../../muster/v1/InventoryVerdict.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Answer to Hello.
 */
export interface Welcome {
  /**
   * The session; UUIDv7.
   */
  'sessionId'?: (string);
  /**
   * Secret with which the session can be resumed.
   */
  'sessionToken'?: (string);
  /**
   * How often the session has attached, this time included.
   */
  'attachment'?: (number | string | Long);
  /**
   * True if the session of the Hello goes on; false if it is a new one and everything in the inventory is void.
   */
  'resumed'?: (boolean);
  /**
   * Who answers.
   */
  'coordinatorId'?: (string);
  /**
   * Time between heartbeats of the agent. Default 1 s.
   */
  'heartbeatInterval'?: (_google_protobuf_Duration | null);
  /**
   * Silence after which either side drops the stream. Default 3 s.
   */
  'silenceTimeout'?: (_google_protobuf_Duration | null);
  /**
   * Time after which a session that was not heard is lost. Default 7 s.
   */
  'sessionTimeout'?: (_google_protobuf_Duration | null);
  /**
   * What the agent must keep to.
   */
  'limits'?: (_muster_v1_SessionLimits | null);
  /**
   * One per item of the inventory.
   */
  'verdicts'?: (_muster_v1_InventoryVerdict)[];
  /**
   * Other coordinators that can be dialled. At most 100.
   */
  'addresses'?: (string)[];
  /**
   * The database's time; for people.
   */
  'serverTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Optional parts of the protocol that both know.
   */
  'features'?: (string)[];
}

/**
 * Answer to Hello.
 */
export interface Welcome__Output {
  /**
   * The session; UUIDv7.
   */
  'sessionId': (string);
  /**
   * Secret with which the session can be resumed.
   */
  'sessionToken': (string);
  /**
   * How often the session has attached, this time included.
   */
  'attachment': (number);
  /**
   * True if the session of the Hello goes on; false if it is a new one and everything in the inventory is void.
   */
  'resumed': (boolean);
  /**
   * Who answers.
   */
  'coordinatorId': (string);
  /**
   * Time between heartbeats of the agent. Default 1 s.
   */
  'heartbeatInterval': (_google_protobuf_Duration__Output | null);
  /**
   * Silence after which either side drops the stream. Default 3 s.
   */
  'silenceTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Time after which a session that was not heard is lost. Default 7 s.
   */
  'sessionTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * What the agent must keep to.
   */
  'limits': (_muster_v1_SessionLimits__Output | null);
  /**
   * One per item of the inventory.
   */
  'verdicts': (_muster_v1_InventoryVerdict__Output)[];
  /**
   * Other coordinators that can be dialled. At most 100.
   */
  'addresses': (string)[];
  /**
   * The database's time; for people.
   */
  'serverTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Optional parts of the protocol that both know.
   */
  'features': (string)[];
}
