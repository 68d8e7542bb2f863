// Original file: muster/v1/schedule_service.proto


/**
 * Asks for a pause.
 */
export interface PauseScheduleRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Which one.
   */
  'name'?: (string);
  /**
   * Why, for people, at most 1 KiB.
   */
  'note'?: (string);
}

/**
 * Asks for a pause.
 */
export interface PauseScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one.
   */
  'name': (string);
  /**
   * Why, for people, at most 1 KiB.
   */
  'note': (string);
}
