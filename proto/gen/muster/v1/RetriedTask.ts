// Original file: muster/v1/task_service.proto


/**
 * One retried task.
 */
export interface RetriedTask {
  /**
   * The finished task.
   */
  'id'?: (string);
  /**
   * The new task that retries it.
   */
  'retryId'?: (string);
  /**
   * True if an earlier call had made the new task.
   */
  'duplicate'?: (boolean);
}

/**
 * One retried task.
 */
export interface RetriedTask__Output {
  /**
   * The finished task.
   */
  'id': (string);
  /**
   * The new task that retries it.
   */
  'retryId': (string);
  /**
   * True if an earlier call had made the new task.
   */
  'duplicate': (boolean);
}
