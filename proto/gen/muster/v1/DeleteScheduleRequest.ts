// Original file: muster/v1/schedule_service.proto


/**
 * Asks for a deletion.
 */
export interface DeleteScheduleRequest {
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
 * Asks for a deletion.
 */
export interface DeleteScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one.
   */
  'name': (string);
}
