// Original file: muster/v1/namespace_service.proto

import type { Namespace as _muster_v1_Namespace, Namespace__Output as _muster_v1_Namespace__Output } from '../../muster/v1/Namespace.ts';

/**
 * A page of namespaces.
 */
export interface ListNamespacesResponse {
  /**
   * By name.
   */
  'namespaces'?: (_muster_v1_Namespace)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of namespaces.
 */
export interface ListNamespacesResponse__Output {
  /**
   * By name.
   */
  'namespaces': (_muster_v1_Namespace__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
