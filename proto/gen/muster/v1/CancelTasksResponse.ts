// Original file: muster/v1/task_service.proto


/**
 * What became of each task.
 */
export interface CancelTasksResponse {
  /**
   * Ended now, before they ran.
   */
  'cancelledIds'?: (string)[];
  /**
   * Run, and are asked to stop.
   */
  'requestedIds'?: (string)[];
  /**
   * Were finished already.
   */
  'finishedIds'?: (string)[];
  /**
   * Not stored, or not any more.
   */
  'missingIds'?: (string)[];
  /**
   * True if more tasks match the filter: ask again.
   */
  'more'?: (boolean);
}

/**
 * What became of each task.
 */
export interface CancelTasksResponse__Output {
  /**
   * Ended now, before they ran.
   */
  'cancelledIds': (string)[];
  /**
   * Run, and are asked to stop.
   */
  'requestedIds': (string)[];
  /**
   * Were finished already.
   */
  'finishedIds': (string)[];
  /**
   * Not stored, or not any more.
   */
  'missingIds': (string)[];
  /**
   * True if more tasks match the filter: ask again.
   */
  'more': (boolean);
}
