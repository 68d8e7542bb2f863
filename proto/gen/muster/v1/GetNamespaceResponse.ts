// Original file: muster/v1/namespace_service.proto

import type { Namespace as _muster_v1_Namespace, Namespace__Output as _muster_v1_Namespace__Output } from '../../muster/v1/Namespace.ts';

/**
 * One namespace.
 */
export interface GetNamespaceResponse {
  /**
   * The namespace.
   */
  'namespace'?: (_muster_v1_Namespace | null);
}

/**
 * One namespace.
 */
export interface GetNamespaceResponse__Output {
  /**
   * The namespace.
   */
  'namespace': (_muster_v1_Namespace__Output | null);
}
