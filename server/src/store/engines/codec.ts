/**
 * Values between JavaScript and Postgres' wire, the same for both engines.
 *
 * Parameters of hot statements are whole arrays in Postgres' binary form, one buffer per column of a flush: `pg` sends
 * buffers as binary, so nothing is escaped and `bytea` is not doubled as hex. Results come as text, the only form that
 * `pg` reads; times become milliseconds, `int8` becomes a number. Values that have no binary form are refused here as
 * the database would refuse them, so that a poison value costs its own request and nobody else's.
 */
import pg from 'pg';
import { storableText } from '../../rules/text.ts';
import { StoreRefused } from '../errors.ts';

const oid = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  float8: 701,
  timestamptz: 1184,
  uuid: 2950,
} as const;

type Column<Item> = readonly (Item | null | undefined)[];

/** Milliseconds from 1970 to 2000, where Postgres begins to count. */
const postgresEpochMs = 946_684_800_000;

/** `uuid[]`, from text. */
export function uuids(column: Column<string>): Buffer {
  return fixed(oid.uuid, 16, column, writeUuid);
}

/** Where the two digits of each byte stand in `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
const digitPlaces = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
/** Value of a hexadecimal digit by its character code; 255: none. */
const digitValues = Uint8Array.from({ length: 128 }, (_, character) => {
  const value = Number.parseInt(String.fromCharCode(character), 16);
  return Number.isNaN(value) ? 255 : value;
});

/** Digit by digit: a fifth of the time that removing the dashes and decoding would take. */
function writeUuid(buffer: Buffer, at: number, id: string): void {
  let bad = id.length === 36 ? 0 : 255;
  for (let index = 0; index < 16; index += 1) {
    const place = digitPlaces[index] as number;
    const high = digitValues[id.charCodeAt(place)] ?? 255;
    const low = digitValues[id.charCodeAt(place + 1)] ?? 255;
    bad |= high | low;
    buffer[at + index] = (high << 4) | low;
  }
  if (bad > 15) throw new StoreRefused('22P02', `Not a UUID: ${id.slice(0, 50)}`, null);
}

/** `int4[]`. */
export function int4s(column: Column<number>): Buffer {
  return fixed(oid.int4, 4, column, (buffer, at, value) => {
    if (value !== (value | 0))
      throw new StoreRefused('22003', `Not a 32-bit integer: ${value}`, null);
    buffer.writeInt32BE(value, at);
  });
}

/** `int8[]`, from whole numbers. */
export function int8s(column: Column<number>): Buffer {
  return fixed(oid.int8, 8, column, (buffer, at, value) => {
    buffer.writeBigInt64BE(toInt64(value), at);
  });
}

/** `float8[]`. */
export function float8s(column: Column<number>): Buffer {
  return fixed(oid.float8, 8, column, (buffer, at, value) => {
    buffer.writeDoubleBE(value, at);
  });
}

/** `bool[]`. */
export function bools(column: Column<boolean>): Buffer {
  return fixed(oid.bool, 1, column, (buffer, at, value) => {
    buffer[at] = value ? 1 : 0;
  });
}

/** `timestamptz[]`, from milliseconds since 1970. */
export function times(column: Column<number>): Buffer {
  return fixed(oid.timestamptz, 8, column, (buffer, at, value) => {
    buffer.writeBigInt64BE(toInt64(value - postgresEpochMs) * 1000n, at);
  });
}

/** `text[]`; NUL and lone surrogates are replaced. */
export function texts(column: Column<string>): Buffer {
  // Most columns say the same again and again: what was just measured is not measured anew.
  let last = '';
  let clean = '';
  let bytes = 0;
  const look = (text: string): void => {
    if (text === last) return;
    last = text;
    clean = storableText(text);
    bytes = Buffer.byteLength(clean);
  };
  return varying(
    oid.text,
    column,
    (text) => {
      look(text);
      return bytes;
    },
    (buffer, at, text) => {
      look(text);
      buffer.write(clean, at);
    },
  );
}

/** `bytea[]`. */
export function byteas(column: Column<Buffer>): Buffer {
  return varying(
    oid.bytea,
    column,
    (bytes) => bytes.length,
    (buffer, at, bytes) => {
      bytes.copy(buffer, at);
    },
  );
}

/** JSON text whose strings hold neither NUL nor lone surrogates, which `jsonb` refuses; null stays null. */
export function storableJson(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? storableText(inner) : inner,
  );
}

function toInt64(value: number): bigint {
  if (!(Math.abs(value) < 2 ** 53))
    throw new StoreRefused('22003', `Not an integer: ${value}`, null);
  return BigInt(Math.trunc(value));
}

type Write<Item> = (buffer: Buffer, at: number, item: Item) => void;

/** An array of items of one size. A column of nothing but nulls is sent empty: `unnest` pads it. */
function fixed<Item>(type: number, size: number, column: Column<Item>, write: Write<Item>): Buffer {
  return varying(type, column, () => size, write);
}

/** Postgres' binary form: dimensions, has-nulls, element type, length, lower bound; then length and bytes per item. */
function varying<Item>(
  type: number,
  column: Column<Item>,
  sizeOf: (item: Item) => number,
  write: Write<Item>,
): Buffer {
  let size = 20;
  let present = false;
  for (const item of column) {
    size += 4;
    if (item === null || item === undefined) continue;
    present = true;
    size += sizeOf(item);
  }
  if (!present) return emptyArray(type);
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(type, 8);
  buffer.writeInt32BE(column.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = 20;
  for (const item of column) {
    if (item === null || item === undefined) {
      buffer.writeInt32BE(-1, at);
      at += 4;
      continue;
    }
    const length = sizeOf(item);
    buffer.writeInt32BE(length, at);
    write(buffer, at + 4, item);
    at += 4 + length;
  }
  return buffer;
}

function emptyArray(type: number): Buffer {
  const buffer = Buffer.alloc(12);
  buffer.writeInt32BE(type, 8);
  return buffer;
}

const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [oid.bytea, (text) => Buffer.from(text.slice(2), 'hex')],
  [oid.int8, Number],
  // 1007: int4[], as {1,2,3}.
  [1007, (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number))],
  [oid.timestamptz, millisecondsOf],
]);

/** As `2026-10-05 12:34:56.789+00`; connections set the time zone UTC. Parts of milliseconds are dropped. */
function millisecondsOf(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 23).replace(/\+.*$/, '')}Z`);
}

/** How `pg` reads results. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (type, format) => {
    const own = parsers.get(type);
    return own ?? pg.types.getTypeParser(type, format === 'binary' ? 'binary' : 'text');
  },
};
