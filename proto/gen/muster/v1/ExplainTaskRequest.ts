// Original file: muster/v1/inspect_service.proto


/**
 * Asks why a task is not running.
 */
export interface ExplainTaskRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Id of the task. UUID.
   */
  'id'?: (string);
}

/**
 * Asks why a task is not running.
 */
export interface ExplainTaskRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Id of the task. UUID.
   */
  'id': (string);
}
