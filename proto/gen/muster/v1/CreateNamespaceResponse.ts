// Original file: muster/v1/namespace_service.proto

import type { Namespace as _muster_v1_Namespace, Namespace__Output as _muster_v1_Namespace__Output } from '../../muster/v1/Namespace.ts';

/**
 * The new namespace.
 */
export interface CreateNamespaceResponse {
  /**
   * As stored.
   */
  'namespace'?: (_muster_v1_Namespace | null);
}

/**
 * The new namespace.
 */
export interface CreateNamespaceResponse__Output {
  /**
   * As stored.
   */
  'namespace': (_muster_v1_Namespace__Output | null);
}
