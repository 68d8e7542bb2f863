// Whole arrays in Postgres' binary form, one buffer per parameter: made before the clock starts,
// sent as they are, so that the client's share of the floor is as small as it can be.

const headerBytes = 20;

const oid = { bytea: 17, int4: 23, uuid: 2950 } as const;

/** `uuid[]`, from buffers of 16 bytes. */
export function uuidArray(ids: readonly Buffer[]): Buffer {
  return binaryArray(oid.uuid, ids);
}

/** `bytea[]`. */
export function byteaArray(values: readonly Buffer[]): Buffer {
  return binaryArray(oid.bytea, values);
}

/** `int4[]` of one number, `count` times. */
export function repeatedInt4(value: number, count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return binaryArray(oid.int4, new Array<Buffer>(count).fill(bytes));
}

/** Dimensions, has-nulls, type of the elements, length, lower bound; then length and bytes of each. */
function binaryArray(type: number, values: readonly Buffer[]): Buffer {
  const size = values.reduce((sum, value) => sum + 4 + value.length, headerBytes);
  const buffer = Buffer.alloc(size);
  for (const [at, field] of [1, 0, type, values.length, 1].entries()) {
    buffer.writeInt32BE(field, at * 4);
  }
  let at = headerBytes;
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    value.copy(buffer, at + 4);
    at += 4 + value.length;
  }
  return buffer;
}
