// Original file: muster/v1/namespace_service.proto

import type { Namespace as _muster_v1_Namespace, Namespace__Output as _muster_v1_Namespace__Output } from '../../muster/v1/Namespace.ts';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../google/protobuf/FieldMask.ts';

/**
 * Asks for a change.
 */
export interface UpdateNamespaceRequest {
  /**
   * Its `name` says which; the other fields hold the new values.
   */
  'namespace'?: (_muster_v1_Namespace | null);
  /**
   * Any of `description`, `retention_window`. Must not be empty.
   */
  'updateMask'?: (_google_protobuf_FieldMask | null);
}

/**
 * Asks for a change.
 */
export interface UpdateNamespaceRequest__Output {
  /**
   * Its `name` says which; the other fields hold the new values.
   */
  'namespace': (_muster_v1_Namespace__Output | null);
  /**
   * Any of `description`, `retention_window`. Must not be empty.
   */
  'updateMask': (_google_protobuf_FieldMask__Output | null);
}
