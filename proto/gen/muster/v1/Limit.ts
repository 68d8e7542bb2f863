// Original file: muster/v1/limit.proto

import type { LimitSpec as _muster_v1_LimitSpec, LimitSpec__Output as _muster_v1_LimitSpec__Output } from '../../muster/v1/LimitSpec.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * A shared limit as it stands.
 */
export interface Limit {
  /**
   * Namespace that it belongs to.
   */
  'namespace'?: (string);
  /**
   * As it is written.
   */
  'spec'?: (_muster_v1_LimitSpec | null);
  /**
   * Handlers under it, by name.
   */
  'handlers'?: (string)[];
  /**
   * Attempts that run under it now. May be more than `concurrency` after that was lowered: then no more are handed over.
   */
  'running'?: (number);
  /**
   * Hand-overs that its rate allows at this moment. Unset: it has no rate.
   */
  'tokens'?: (number);
  /**
   * When it was made.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it was last set.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
  '_tokens'?: "tokens";
}

/**
 * A shared limit as it stands.
 */
export interface Limit__Output {
  /**
   * Namespace that it belongs to.
   */
  'namespace': (string);
  /**
   * As it is written.
   */
  'spec': (_muster_v1_LimitSpec__Output | null);
  /**
   * Handlers under it, by name.
   */
  'handlers': (string)[];
  /**
   * Attempts that run under it now. May be more than `concurrency` after that was lowered: then no more are handed over.
   */
  'running': (number);
  /**
   * Hand-overs that its rate allows at this moment. Unset: it has no rate.
   */
  'tokens'?: (number);
  /**
   * When it was made.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it was last set.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
  '_tokens'?: "tokens";
}
