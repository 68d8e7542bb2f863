// Original file: muster/v1/namespace_service.proto

import type { Namespace as _muster_v1_Namespace, Namespace__Output as _muster_v1_Namespace__Output } from '../../muster/v1/Namespace.ts';

/**
 * Asks for a new namespace.
 */
export interface CreateNamespaceRequest {
  /**
   * As it should be. Setting `create_time` is refused.
   */
  'namespace'?: (_muster_v1_Namespace | null);
}

/**
 * Asks for a new namespace.
 */
export interface CreateNamespaceRequest__Output {
  /**
   * As it should be. Setting `create_time` is refused.
   */
  'namespace': (_muster_v1_Namespace__Output | null);
}
