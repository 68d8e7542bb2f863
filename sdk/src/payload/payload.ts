// Values to payloads and back: the media type says how the bytes are read.
//
//   undefined              no payload at all
//   Uint8Array, Buffer     application/octet-stream, read as a Buffer
//   everything else        application/json, by the rules of json.ts
//
// A codec (encryption, compression) comes after encoding and before decoding; the size limit
// is checked on what the codec made.

import type { Payload__Output as WirePayload__Output } from '@muster/proto';
import { MusterError } from '../errors.ts';
import { encodeJson } from './json.ts';
import { isPromised, type Soon } from './soon.ts';

/** Bytes with the name of their format, as Muster stores them. */
export interface Payload {
  /** IANA media type, for example `application/json`. Never empty. */
  readonly mediaType: string;
  /** The encoded value. */
  readonly data: Uint8Array;
}

/**
 * Changes payloads on their way to the coordinator and back, on client and agent alike: encryption, compression.
 * It sees inputs, outputs, checkpoints and failure details; names, labels, messages and log lines it does not.
 * `encode` should change the media type, and `decode` must hand back unchanged what `encode` did not make.
 */
export interface PayloadCodec {
  /** Called with each encoded value before it leaves the process. */
  encode(payload: Payload): Payload | Promise<Payload>;
  /** Called with each payload that arrives, before it is read. */
  decode(payload: Payload): Payload | Promise<Payload>;
}

/** Bytes that one payload may have, unless a coordinator says otherwise: 1 MiB. */
export const payloadBytesMaxDefault = 1_048_576;

const jsonType = 'application/json';
const bytesType = 'application/octet-stream';

/** Encodes and decodes values for one client or agent, with its codec and limit. Without a codec nothing is promised. */
export interface PayloadCoder {
  /** The payload of a value; undefined for undefined. `what` names it in errors, for example `Input`. */
  encode(value: unknown, what: string): Soon<Payload | undefined>;
  /** The value of a received payload; undefined if there is none. `what` names it in errors. */
  decode(payload: WirePayload__Output | Payload | null | undefined, what: string): Promise<unknown>;
  /** Applies codec and limit to an already encoded payload. */
  seal(payload: Payload, what: string): Soon<Payload>;
  /** The payload as the codec of its sender was given it; undefined if there is none. */
  open(
    payload: WirePayload__Output | Payload | null | undefined,
    what: string,
  ): Soon<Payload | undefined>;
}

/**
 * Makes a coder. `bytesMax` is asked for at each encoding, so that it may change with the session.
 * Errors: PAYLOAD_NOT_JSON, PAYLOAD_TOO_LARGE, PAYLOAD_UNREADABLE, CODEC_FAILED.
 */
export function createPayloadCoder(
  options: { codec?: PayloadCodec | undefined; bytesMax?: () => number } = {},
): PayloadCoder {
  const { codec, bytesMax = () => payloadBytesMaxDefault } = options;
  const coder: PayloadCoder = {
    encode(value, what) {
      const payload = encodePayload(value, what);
      return payload === undefined ? undefined : coder.seal(payload, what);
    },
    async decode(payload, what) {
      const opened = coder.open(payload, what);
      return decodePayload(isPromised(opened) ? await opened : opened, what);
    },
    seal(payload, what) {
      if (codec === undefined) return checkedSize(payload, bytesMax(), what);
      return throughCodec(what, () => codec.encode(payload)).then((sealed) =>
        checkedSize(sealed, bytesMax(), what),
      );
    },
    open(payload, what) {
      if (!payload || payload.mediaType === '') return undefined;
      if (codec === undefined) return payload;
      const received = { mediaType: payload.mediaType, data: payload.data };
      return throughCodec(what, () => codec.decode(received));
    },
  };
  return Object.freeze(coder);
}

/** The payload of a value, without codec and limit; undefined for undefined. PAYLOAD_NOT_JSON. */
export function encodePayload(value: unknown, what: string): Payload | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array) return { mediaType: bytesType, data: value };
  return { mediaType: jsonType, data: Buffer.from(encodeJson(value, what)) };
}

/** The value of a payload that no codec has touched. PAYLOAD_UNREADABLE. */
export function decodePayload(payload: Payload | undefined, what: string): unknown {
  if (payload === undefined) return undefined;
  const { mediaType, data } = payload;
  const essence =
    mediaType === jsonType ? jsonType : (mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const bytes = Buffer.isBuffer(data)
    ? data
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (essence === bytesType) return bytes;
  const metadata = { media_type: mediaType };
  if (essence !== jsonType && !essence.endsWith('+json')) {
    const message = `${what} has the media type "${mediaType}", which this SDK cannot read. Is a payload codec missing here?`;
    throw new MusterError('PAYLOAD_UNREADABLE', message, { metadata });
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    const message = `${what} is called ${mediaType}, but its ${bytes.length} bytes are not JSON.`;
    throw new MusterError('PAYLOAD_UNREADABLE', message, { metadata, cause });
  }
}

/** Refuses a payload of more than `bytesMax` bytes: PAYLOAD_TOO_LARGE. */
export function checkSize(payload: Payload, bytesMax: number, what: string): void {
  const bytes = payload.data.byteLength;
  if (bytes <= bytesMax) return;
  throw new MusterError(
    'PAYLOAD_TOO_LARGE',
    `${what} has ${bytes} bytes, but a payload may have at most ${bytesMax}. Store it elsewhere and pass a reference.`,
    { metadata: { bytes: String(bytes), bytes_max: String(bytesMax) } },
  );
}

function checkedSize(payload: Payload, bytesMax: number, what: string): Payload {
  checkSize(payload, bytesMax, what);
  return payload;
}

async function throughCodec(
  what: string,
  step: () => Payload | Promise<Payload>,
): Promise<Payload> {
  let made: Payload;
  try {
    made = await step();
  } catch (cause) {
    const message = `${what}: the payload codec failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new MusterError('CODEC_FAILED', message, { cause });
  }
  if (made && typeof made.mediaType === 'string' && made.data instanceof Uint8Array) return made;
  throw new MusterError(
    'CODEC_FAILED',
    `${what}: the payload codec did not return { mediaType, data }.`,
  );
}
