// Original file: muster/v1/task.proto


/**
 * Bytes with a name for their format. Muster never looks inside.
 */
export interface Payload {
  /**
   * IANA media type of `data`, at most 255 bytes, for example `application/json`. Empty means no value at all.
   */
  'mediaType'?: (string);
  /**
   * The encoded value. At most 1 MiB by default (setting `payload-bytes-max` of the coordinator).
   */
  'data'?: (Buffer | Uint8Array | string);
}

/**
 * Bytes with a name for their format. Muster never looks inside.
 */
export interface Payload__Output {
  /**
   * IANA media type of `data`, at most 255 bytes, for example `application/json`. Empty means no value at all.
   */
  'mediaType': (string);
  /**
   * The encoded value. At most 1 MiB by default (setting `payload-bytes-max` of the coordinator).
   */
  'data': (Buffer);
}
