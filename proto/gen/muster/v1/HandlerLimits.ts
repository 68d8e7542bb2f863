// Original file: muster/v1/limit.proto

import type { RateLimit as _muster_v1_RateLimit, RateLimit__Output as _muster_v1_RateLimit__Output } from '../../muster/v1/RateLimit.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * What the tasks of one handler are under. While anything of it is set, tasks wait in lanes, one for each key, and each is handed over
 * only if every limit lets it pass: those here and the shared ones. Nothing is ever stored RUNNING at once.
 */
export interface HandlerLimits {
  /**
   * Attempts of the handler that run at once, over the whole cluster: 1 to 1,000,000. 0: no limit.
   */
  'concurrency'?: (number);
  /**
   * Hand-overs of the handler. Unset: no limit.
   */
  'rate'?: (_muster_v1_RateLimit | null);
  /**
   * Attempts of one key that run at once: 1 to 1,000,000. 0: no limit. Tasks without a key count as one key.
   */
  'keyConcurrency'?: (number);
  /**
   * Hand-overs of one key. Unset: no limit.
   */
  'keyRate'?: (_muster_v1_RateLimit | null);
  /**
   * Keys take turns by their weights, whatever waits of each, even if nothing else is limited. With any other limit they always do.
   */
  'fair'?: (boolean);
  /**
   * Names of shared limits that it is under too: at most 8.
   */
  'shared'?: (string)[];
  /**
   * A task counts as one priority higher for each such time that it has waited since it was due, so that tasks of low priority are
   * handed over too while others keep coming: 1 s to 1 day. Unset: priorities stay as they are.
   */
  'priorityAgeingInterval'?: (_google_protobuf_Duration | null);
}

/**
 * What the tasks of one handler are under. While anything of it is set, tasks wait in lanes, one for each key, and each is handed over
 * only if every limit lets it pass: those here and the shared ones. Nothing is ever stored RUNNING at once.
 */
export interface HandlerLimits__Output {
  /**
   * Attempts of the handler that run at once, over the whole cluster: 1 to 1,000,000. 0: no limit.
   */
  'concurrency': (number);
  /**
   * Hand-overs of the handler. Unset: no limit.
   */
  'rate': (_muster_v1_RateLimit__Output | null);
  /**
   * Attempts of one key that run at once: 1 to 1,000,000. 0: no limit. Tasks without a key count as one key.
   */
  'keyConcurrency': (number);
  /**
   * Hand-overs of one key. Unset: no limit.
   */
  'keyRate': (_muster_v1_RateLimit__Output | null);
  /**
   * Keys take turns by their weights, whatever waits of each, even if nothing else is limited. With any other limit they always do.
   */
  'fair': (boolean);
  /**
   * Names of shared limits that it is under too: at most 8.
   */
  'shared': (string)[];
  /**
   * A task counts as one priority higher for each such time that it has waited since it was due, so that tasks of low priority are
   * handed over too while others keep coming: 1 s to 1 day. Unset: priorities stay as they are.
   */
  'priorityAgeingInterval': (_google_protobuf_Duration__Output | null);
}
