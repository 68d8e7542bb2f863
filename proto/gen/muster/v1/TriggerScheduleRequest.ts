// Original file: muster/v1/schedule_service.proto


/**
 * Asks for a task now.
 */
export interface TriggerScheduleRequest {
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
 * Asks for a task now.
 */
export interface TriggerScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one.
   */
  'name': (string);
}
