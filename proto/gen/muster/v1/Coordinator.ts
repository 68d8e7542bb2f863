// Original file: muster/v1/fleet_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * A coordinator process.
 */
export interface Coordinator {
  /**
   * UUIDv7, new with every start.
   */
  'id'?: (string);
  /**
   * Address under which clients and agents reach it.
   */
  'address'?: (string);
  /**
   * Its roles: `api`, `scheduling`, `dispatch`, `monitoring`.
   */
  'roles'?: (string)[];
  /**
   * Version of the program.
   */
  'version'?: (string);
  /**
   * Host name and process id, for people.
   */
  'host'?: (string);
  /**
   * True unless another has declared it dead.
   */
  'alive'?: (boolean);
  /**
   * Sessions attached to it.
   */
  'sessions'?: (number);
  /**
   * When it started.
   */
  'startTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it last wrote its row.
   */
  'beatTime'?: (_google_protobuf_Timestamp | null);
  /**
   * True while it stops.
   */
  'draining'?: (boolean);
}

/**
 * A coordinator process.
 */
export interface Coordinator__Output {
  /**
   * UUIDv7, new with every start.
   */
  'id': (string);
  /**
   * Address under which clients and agents reach it.
   */
  'address': (string);
  /**
   * Its roles: `api`, `scheduling`, `dispatch`, `monitoring`.
   */
  'roles': (string)[];
  /**
   * Version of the program.
   */
  'version': (string);
  /**
   * Host name and process id, for people.
   */
  'host': (string);
  /**
   * True unless another has declared it dead.
   */
  'alive': (boolean);
  /**
   * Sessions attached to it.
   */
  'sessions': (number);
  /**
   * When it started.
   */
  'startTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it last wrote its row.
   */
  'beatTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * True while it stops.
   */
  'draining': (boolean);
}
