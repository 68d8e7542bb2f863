// Original file: muster/v1/fleet_service.proto


/**
 * Asks for one coordinator.
 */
export interface GetCoordinatorRequest {
  /**
   * Its id.
   */
  'id'?: (string);
}

/**
 * Asks for one coordinator.
 */
export interface GetCoordinatorRequest__Output {
  /**
   * Its id.
   */
  'id': (string);
}
