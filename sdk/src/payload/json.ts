// The JSON rules. A value is written as JSON only if reading it gives the same value back;
// anything else is refused (PAYLOAD_NOT_JSON), naming the path, instead of being changed:
//
//   kept      null, booleans, finite numbers, strings, arrays, plain objects
//   left out  a property whose value is undefined: reading it gives undefined again
//   refused   Date and whatever else has toJSON (it would come back as a string); BigInt, NaN,
//             Infinity; undefined and holes in arrays (null); functions, symbols, symbol keys;
//             Map, Set, Error and other class instances ({}); bytes below the top; cycles;
//             more than 500 levels
//   changed   only this: -0 is read as 0

import { MusterError } from '../errors.ts';

/** Levels of arrays and objects that a value may have. */
const depthMax = 500;

/** JSON text of `value` by the rules above. `what` names it in errors, for example `Input`. */
export function encodeJson(value: unknown, what: string): string {
  // The quick look keeps no path; where it finds something to doubt, the slow one decides and says where it is.
  if (!isPlainJson(value, 0)) check(value, { what, path: [], parents: [] });
  return JSON.stringify(value);
}

/** True for a value that keeps every rule; false where that is not sure. A cycle ends at the last level. */
function isPlainJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (depth < depthMax && isPlainObject(value, depth));
    default:
      return false;
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if ('toJSON' in value) return false;
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    if (keys.length !== value.length) return false;
    return value.every((item) => isPlainJson(item, depth + 1));
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  for (const key of keys) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (item !== undefined && !isPlainJson(item, depth + 1)) return false;
  }
  return true;
}

/** Where the check stands: the keys that led here, and the objects that hold it. */
interface Place {
  readonly what: string;
  readonly path: PropertyKey[];
  readonly parents: object[];
}

function check(value: unknown, place: Place): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (Number.isFinite(value)) return;
      throw refusal(place, `${value}`, 'JSON would turn it into null');
    case 'bigint':
      throw refusal(place, 'a BigInt', 'JSON has none: pass String(value) and read BigInt(text)');
    case 'undefined':
      throw refusal(place, 'undefined', 'JSON would turn it into null: pass null');
    case 'object':
      if (value !== null) checkObject(value, place);
      return;
    default:
      throw refusal(place, `a ${typeof value}`, 'JSON would drop it');
  }
}

function checkObject(value: object, place: Place): void {
  if (place.parents.includes(value)) throw refusal(place, 'a cycle', 'JSON has none');
  if (place.parents.length >= depthMax) {
    throw refusal(place, `level ${depthMax + 1}`, `at most ${depthMax} levels are allowed`);
  }
  checkKind(value, place);
  place.parents.push(value);
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined && !Array.isArray(value)) continue;
    place.path.push(Array.isArray(value) ? Number(key) : key);
    check(item, place);
    place.path.pop();
  }
  place.parents.pop();
}

function checkKind(value: object, place: Place): void {
  if (value instanceof Date) {
    throw refusal(place, 'a Date', 'it would come back as a string: pass date.toISOString()');
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    throw refusal(
      place,
      `${named(value)} with toJSON`,
      'pass what toJSON() returns, if that will do',
    );
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    throw refusal(
      place,
      named(value),
      'bytes are a payload of their own: pass a Uint8Array by itself, or base64',
    );
  }
  if (Array.isArray(value)) {
    if (Object.keys(value).length === value.length) return;
    throw refusal(place, 'an array with holes or extra properties', 'JSON would lose them');
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isForeignPlain(prototype)) {
    throw refusal(place, named(value), 'its class would be lost: pass a plain object or an array');
  }
  if (Object.getOwnPropertySymbols(value).length > 0) {
    throw refusal(place, 'an object with symbol keys', 'JSON would drop them');
  }
}

/** True for `Object.prototype` of another realm, such as a vm context. */
function isForeignPlain(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** For people: the class of an object. */
function named(value: object): string {
  const name = value.constructor?.name || 'an object';
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}

function refusal(place: Place, found: string, advice: string): MusterError {
  const path = place.path.map(segment).join('').replace(/^\./, '');
  const where = path === '' ? place.what : `${place.what} at ${path}`;
  return new MusterError(
    'PAYLOAD_NOT_JSON',
    `${where} is ${found}, which JSON cannot hold: ${advice}.`,
    {
      metadata: { path },
    },
  );
}

function segment(key: PropertyKey): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
}
