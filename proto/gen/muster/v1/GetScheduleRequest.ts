// Original file: muster/v1/schedule_service.proto


/**
 * Asks for one schedule.
 */
export interface GetScheduleRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Which one.
   */
  'name'?: (string);
}

/**
 * Asks for one schedule.
 */
export interface GetScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one.
   */
  'name': (string);
}
