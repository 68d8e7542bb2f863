// Reads protobuf's encodings. Whatever is not plainly well-formed throws `unusual`, and the
// general way decides what it means.

import { unusual } from './byte-writer.ts';

/** Longer texts are not compared with what came before: 10 characters take 30 ns instead of 80, ids would take as long. */
const repeatedText = 32;

/** A place in the bytes of one message. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Offset of what is read next. */
  get at(): number {
    return this.#at;
  }

  /** A tag or a length: at most 31 bits. */
  uint31(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] ?? 0x80;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = bytes[this.#at++] ?? 0x80;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    byte = bytes[this.#at++] ?? 0x80;
    if (byte > 0x07) throw unusual;
    return value | (byte << 28);
  }

  /** A number of 32 bits with a sign: negative ones take ten bytes. */
  int32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw unusual;
  }

  /** A number of 64 bits that is exact: from 0 to 2^53. */
  int64(): number {
    let value = 0;
    let factor = 1;
    for (let index = 0; index < 8; index += 1) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      factor *= 128;
    }
    throw unusual;
  }

  /** A double. */
  double(): number {
    this.#at += 8;
    if (this.#at > this.#bytes.length) throw unusual;
    return this.#bytes.readDoubleLE(this.#at - 8);
  }

  /** A boolean. */
  bool(): boolean {
    const value = this.uint31();
    if (value > 1) throw unusual;
    return value === 1;
  }

  /** The name of an enum's number; the number itself, if it has none. */
  enum(names: readonly (string | undefined)[]): string | number {
    const number = this.int32();
    return names[number] ?? number;
  }

  /** Text. `last` is what stood in this place before: names of handlers and media types mostly stand there again. */
  string(last: string): string {
    const end = this.end(this.#bytes.length);
    const start = this.#at;
    this.#at = end;
    if (end - start === last.length && this.#isAscii(last, start)) return last;
    return this.#bytes.toString('utf8', start, end);
  }

  /** Whether these very bytes are the text; one of other than ASCII characters has more bytes than characters. */
  #isAscii(text: string, start: number): boolean {
    if (text.length > repeatedText) return false;
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index += 1) {
      const byte = bytes[start + index] ?? 0x80;
      if (byte > 0x7f || byte !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Bytes, which share the memory of the message. */
  bytes(): Buffer {
    const end = this.end(this.#bytes.length);
    const start = this.#at;
    this.#at = end;
    return this.#bytes.subarray(start, end);
  }

  /** The end of what follows with its length before it, which must be inside of `limit`. */
  end(limit: number): number {
    const length = this.uint31();
    const end = this.#at + length;
    if (end > limit) throw unusual;
    return end;
  }

  /** Leaves out a field that nobody knows, of the wire type of `tag`. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.#skipVarint();
    else if (wireType === 1) this.#at += 8;
    else if (wireType === 2) this.#at = this.end(this.#bytes.length);
    else if (wireType === 5) this.#at += 4;
    else throw unusual;
  }

  #skipVarint(): void {
    for (let index = 0; index < 10; index += 1) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      if (byte < 0x80) return;
    }
    throw unusual;
  }
}
