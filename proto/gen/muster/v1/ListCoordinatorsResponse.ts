// Original file: muster/v1/fleet_service.proto

import type { Coordinator as _muster_v1_Coordinator, Coordinator__Output as _muster_v1_Coordinator__Output } from '../../muster/v1/Coordinator.ts';

/**
 * A page of coordinators.
 */
export interface ListCoordinatorsResponse {
  /**
   * Newest first.
   */
  'coordinators'?: (_muster_v1_Coordinator)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of coordinators.
 */
export interface ListCoordinatorsResponse__Output {
  /**
   * Newest first.
   */
  'coordinators': (_muster_v1_Coordinator__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
