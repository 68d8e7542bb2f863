// Original file: muster/v1/task.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { LogLevel as _muster_v1_LogLevel, LogLevel__Output as _muster_v1_LogLevel__Output } from '../../muster/v1/LogLevel.ts';

/**
 * One line that a handler logged.
 */
export interface LogLine {
  /**
   * By the agent's clock; for people only.
   */
  'logTime'?: (_google_protobuf_Timestamp | null);
  /**
   * How grave it is.
   */
  'level'?: (_muster_v1_LogLevel);
  /**
   * Text, at most 4 KiB; longer text is cut.
   */
  'message'?: (string);
}

/**
 * One line that a handler logged.
 */
export interface LogLine__Output {
  /**
   * By the agent's clock; for people only.
   */
  'logTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * How grave it is.
   */
  'level': (_muster_v1_LogLevel__Output);
  /**
   * Text, at most 4 KiB; longer text is cut.
   */
  'message': (string);
}
