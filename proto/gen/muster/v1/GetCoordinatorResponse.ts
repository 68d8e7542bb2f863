// Original file: muster/v1/fleet_service.proto

import type { Coordinator as _muster_v1_Coordinator, Coordinator__Output as _muster_v1_Coordinator__Output } from '../../muster/v1/Coordinator.ts';

/**
 * One coordinator.
 */
export interface GetCoordinatorResponse {
  /**
   * The coordinator.
   */
  'coordinator'?: (_muster_v1_Coordinator | null);
}

/**
 * One coordinator.
 */
export interface GetCoordinatorResponse__Output {
  /**
   * The coordinator.
   */
  'coordinator': (_muster_v1_Coordinator__Output | null);
}
