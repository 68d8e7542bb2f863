// Original file: muster/v1/task.proto

/**
 * How grave a log line is.
 */
export const LogLevel = {
  /**
   * Taken as INFO.
   */
  LOG_LEVEL_UNSPECIFIED: 'LOG_LEVEL_UNSPECIFIED',
  /**
   * For the author of the handler.
   */
  LOG_LEVEL_DEBUG: 'LOG_LEVEL_DEBUG',
  /**
   * Worth knowing.
   */
  LOG_LEVEL_INFO: 'LOG_LEVEL_INFO',
  /**
   * Worth a look.
   */
  LOG_LEVEL_WARN: 'LOG_LEVEL_WARN',
  /**
   * Something failed.
   */
  LOG_LEVEL_ERROR: 'LOG_LEVEL_ERROR',
} as const;

/**
 * How grave a log line is.
 */
export type LogLevel =
  /**
   * Taken as INFO.
   */
  | 'LOG_LEVEL_UNSPECIFIED'
  | 0
  /**
   * For the author of the handler.
   */
  | 'LOG_LEVEL_DEBUG'
  | 1
  /**
   * Worth knowing.
   */
  | 'LOG_LEVEL_INFO'
  | 2
  /**
   * Worth a look.
   */
  | 'LOG_LEVEL_WARN'
  | 3
  /**
   * Something failed.
   */
  | 'LOG_LEVEL_ERROR'
  | 4

/**
 * How grave a log line is.
 */
export type LogLevel__Output = typeof LogLevel[keyof typeof LogLevel]
