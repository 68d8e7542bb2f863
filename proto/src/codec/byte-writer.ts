// Writes protobuf's encodings into one buffer that is used again for every message. What the
// general way would have to convert first throws `unusual`, and the general way is taken.

/** Thrown where only the general way knows what to do. */
export const unusual: Error = new Error('This message has to go the general way.');

const firstBytes = 64 * 1024;

/** A larger buffer is given up after the message that needed it. */
const keptBytesMax = 1024 * 1024;

/** Short texts are written here: a call out of JavaScript costs more than 40 characters. */
const shortText = 40;

/** One message at a time. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  #at = 0;

  /** Begins a message. */
  begin(): void {
    this.#at = 0;
    if (this.#bytes.length > keptBytesMax) this.#bytes = Buffer.allocUnsafeSlow(firstBytes);
  }

  /** The message. */
  finish(): Buffer {
    const message = Buffer.allocUnsafe(this.#at);
    this.#bytes.copy(message, 0, 0, this.#at);
    return message;
  }

  /** A tag, or anything else that is known to fit in 32 bits without a sign. */
  uint32(value: number): void {
    if (this.#at + 5 > this.#bytes.length) this.#grow(5);
    const bytes = this.#bytes;
    let left = value;
    while (left > 0x7f) {
      bytes[this.#at++] = (left & 0x7f) | 0x80;
      left >>>= 7;
    }
    bytes[this.#at++] = left;
  }

  /** A number of 32 bits. */
  int32(value: unknown): void {
    if (typeof value !== 'number' || (value | 0) !== value) throw unusual;
    if (value >= 0) this.uint32(value);
    else this.#negative(value);
  }

  /** A number of 64 bits, exact up to 2^53. */
  int64(value: unknown): void {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw unusual;
    if (this.#at + 10 > this.#bytes.length) this.#grow(10);
    let left = value;
    while (left >= 2 ** 31) {
      this.#bytes[this.#at++] = (left % 128) + 128;
      left = Math.floor(left / 128);
    }
    this.uint32(left);
  }

  /** A double. */
  double(value: unknown): void {
    if (typeof value !== 'number') throw unusual;
    if (this.#at + 8 > this.#bytes.length) this.#grow(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** A boolean. */
  bool(value: unknown): void {
    if (typeof value !== 'boolean') throw unusual;
    this.uint32(value ? 1 : 0);
  }

  /** A name of an enum, by the enum's numbers. */
  enum(value: unknown, numbers: Readonly<Record<string, number>>): void {
    if (typeof value !== 'string' || !Object.hasOwn(numbers, value)) throw unusual;
    this.uint32(numbers[value] ?? 0);
  }

  /** Text, with its length. */
  string(value: unknown): void {
    if (typeof value !== 'string') throw unusual;
    const { length } = value;
    if (this.#at + 5 + 3 * length > this.#bytes.length) this.#grow(5 + 3 * length);
    if (length > shortText || !this.#ascii(value)) this.#utf8(value);
  }

  /** Bytes, with their length. */
  bytes(value: unknown): void {
    if (!(value instanceof Uint8Array)) throw unusual;
    if (this.#at + 5 + value.length > this.#bytes.length) this.#grow(5 + value.length);
    this.uint32(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Begins a message inside of the message, with so many bytes kept for its length. Gives its place. */
  open(lengthBytes: number): number {
    if (this.#at + 5 > this.#bytes.length) this.#grow(5);
    this.#at += lengthBytes;
    return this.#at;
  }

  /** Ends the message that began at `place`. Gives the bytes that its length took: a guess at the next one's. */
  close(place: number, lengthBytes: number): number {
    const length = this.#at - place;
    const needed = varintBytes(length);
    if (needed !== lengthBytes) {
      if (this.#at + 5 > this.#bytes.length) this.#grow(5);
      this.#bytes.copyWithin(place - lengthBytes + needed, place, this.#at);
    }
    this.#at = place - lengthBytes;
    this.uint32(length);
    this.#at += length;
    return needed;
  }

  #ascii(value: string): boolean {
    const { length } = value;
    const bytes = this.#bytes;
    const start = this.#at + 1;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[start + index] = code;
    }
    bytes[start - 1] = length;
    this.#at = start + length;
    return true;
  }

  #utf8(value: string): void {
    // The general way has its own mind about lone surrogates.
    if (!value.isWellFormed()) throw unusual;
    this.uint32(Buffer.byteLength(value));
    this.#at += this.#bytes.write(value, this.#at);
  }

  #negative(value: number): void {
    if (this.#at + 10 > this.#bytes.length) this.#grow(10);
    let left = value;
    for (let index = 0; index < 9; index += 1) {
      this.#bytes[this.#at++] = (left & 0x7f) | 0x80;
      left >>= 7;
    }
    this.#bytes[this.#at++] = 1;
  }

  #grow(more: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#at + more));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

function varintBytes(value: number): number {
  if (value < 2 ** 7) return 1;
  if (value < 2 ** 14) return 2;
  if (value < 2 ** 21) return 3;
  return value < 2 ** 28 ? 4 : 5;
}
