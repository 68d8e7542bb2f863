// Original file: muster/v1/handler.proto

import type { HandlerOptions as _muster_v1_HandlerOptions, HandlerOptions__Output as _muster_v1_HandlerOptions__Output } from '../../muster/v1/HandlerOptions.ts';

/**
 * A handler as an agent offers it.
 */
export interface HandlerRegistration {
  /**
   * Dot-separated lower-case words, at most 128 bytes.
   */
  'name'?: (string);
  /**
   * The application's own version of it, at most 64 bytes. Empty: none.
   */
  'version'?: (string);
  /**
   * Its defaults. Those of the newest registration hold.
   */
  'options'?: (_muster_v1_HandlerOptions | null);
  /**
   * JSON Schema of its input as text, at most 64 KiB. Empty: none. For listing; Muster does not check inputs by it.
   */
  'inputSchema'?: (string);
  /**
   * JSON Schema of its output as text, at most 64 KiB. Empty: none.
   */
  'outputSchema'?: (string);
  /**
   * At most so many of the agent's slots may run it at a time: 1 to 100,000. 0: as many as the agent has.
   */
  'slots'?: (number);
  /**
   * For people, at most 1 KiB. Empty: none.
   */
  'description'?: (string);
}

/**
 * A handler as an agent offers it.
 */
export interface HandlerRegistration__Output {
  /**
   * Dot-separated lower-case words, at most 128 bytes.
   */
  'name': (string);
  /**
   * The application's own version of it, at most 64 bytes. Empty: none.
   */
  'version': (string);
  /**
   * Its defaults. Those of the newest registration hold.
   */
  'options': (_muster_v1_HandlerOptions__Output | null);
  /**
   * JSON Schema of its input as text, at most 64 KiB. Empty: none. For listing; Muster does not check inputs by it.
   */
  'inputSchema': (string);
  /**
   * JSON Schema of its output as text, at most 64 KiB. Empty: none.
   */
  'outputSchema': (string);
  /**
   * At most so many of the agent's slots may run it at a time: 1 to 100,000. 0: as many as the agent has.
   */
  'slots': (number);
  /**
   * For people, at most 1 KiB. Empty: none.
   */
  'description': (string);
}
