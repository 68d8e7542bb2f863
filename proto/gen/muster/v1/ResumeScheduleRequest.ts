// Original file: muster/v1/schedule_service.proto


/**
 * Asks for the end of a pause.
 */
export interface ResumeScheduleRequest {
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
 * Asks for the end of a pause.
 */
export interface ResumeScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one.
   */
  'name': (string);
}
