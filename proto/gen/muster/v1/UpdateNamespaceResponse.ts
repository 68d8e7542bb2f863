// Original file: muster/v1/namespace_service.proto

import type { Namespace as _muster_v1_Namespace, Namespace__Output as _muster_v1_Namespace__Output } from '../../muster/v1/Namespace.ts';

/**
 * The changed namespace.
 */
export interface UpdateNamespaceResponse {
  /**
   * As stored.
   */
  'namespace'?: (_muster_v1_Namespace | null);
}

/**
 * The changed namespace.
 */
export interface UpdateNamespaceResponse__Output {
  /**
   * As stored.
   */
  'namespace': (_muster_v1_Namespace__Output | null);
}
