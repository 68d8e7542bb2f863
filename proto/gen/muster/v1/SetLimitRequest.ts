// Original file: muster/v1/limit_service.proto

import type { LimitSpec as _muster_v1_LimitSpec, LimitSpec__Output as _muster_v1_LimitSpec__Output } from '../../muster/v1/LimitSpec.ts';

/**
 * Asks for a shared limit to be as this.
 */
export interface SetLimitRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * As it should be.
   */
  'limit'?: (_muster_v1_LimitSpec | null);
}

/**
 * Asks for a shared limit to be as this.
 */
export interface SetLimitRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * As it should be.
   */
  'limit': (_muster_v1_LimitSpec__Output | null);
}
