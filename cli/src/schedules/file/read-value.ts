// Reads one value of a file by its form. What does not have it becomes a fault that shows the value and a working one.

import { type Duration, MusterError } from '@muster/sdk';
import { durationToMs, nearestName } from '@muster/sdk/internal';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { ValueFault, type YamlText } from './documents.ts';
import type { FaultList } from './faults.ts';
import { type Form, formText, type MapForm } from './form.ts';

/** What is being read. */
export interface Reading {
  readonly yaml: YamlText;
  readonly faults: FaultList;
  /** Name of the schedule. Empty: it has none. */
  readonly schedule: string;
}

/** Characters that an input may have: the contract allows 64 KiB. */
const inputCharactersMax = 65_536;
/** Characters of a wrong value that are shown. */
const shownMax = 60;

/** The text of a key; empty if it is none. */
export function keyOf(key: Node, yaml: YamlText): string {
  const node = yaml.target(key);
  return isScalar(node) && node.value !== null ? String(node.value) : '';
}

/** A node for people. */
export function shown(node: Node | null | undefined): string {
  if (node === null || node === undefined) return 'empty';
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node)) return 'an alias without an anchor before it';
  if (node.value === null) return 'empty';
  const { value, source } = node;
  const text = typeof value === 'string' ? JSON.stringify(value) : (source ?? String(value));
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

/** Says what is wrong with a value, and shows one that works. */
export function formFault(path: string, node: Node | null | undefined, form: Form): string {
  const quotes = form.kind === 'text' && isScalar(node) && node.value !== null ? ' in quotes' : '';
  const [key] = path.split('.').slice(-1);
  const example = `For example: ${key?.replace(/\[\d+\]$/, '')}: ${form.example}`;
  return `${path} is ${shown(node)}, but must be ${formText(form)}${quotes}.${nearWord(node, form)} ${example}`;
}

function nearWord(node: Node | null | undefined, form: Form): string {
  if (form.kind !== 'word' && form.kind !== 'word or map') return '';
  if (!isScalar(node) || typeof node.value !== 'string') return '';
  const words = form.words.map((word) => word.toLowerCase());
  const near = nearestName(node.value, words);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}

/** Reads a map by its form, as an object with the same keys. Undefined: there was a fault. */
export function readMap(
  given: Node,
  form: MapForm,
  path: string,
  reading: Reading,
): Readonly<Record<string, unknown>> | undefined {
  const { yaml } = reading;
  const node = yaml.target(given);
  if (!isMap(node)) {
    const what = path === '' ? 'The schedule' : path;
    fault(
      given,
      `${what} is ${shown(node)}, but must be a map. For example: ${form.example}`,
      reading,
    );
    return undefined;
  }
  const read = new Map<string, unknown>();
  const lines = new Map<string, number>();
  for (const { key, value } of node.items) {
    const name = keyOf(key as Node, yaml);
    const { line } = yaml.placeOf(key as Node);
    const first = lines.get(name);
    const inner = Object.hasOwn(form.keys, name) ? form.keys[name] : undefined;
    if (inner === undefined) fault(key as Node, unknownKey(name, path, form), reading);
    else if (first !== undefined)
      fault(key as Node, `${name} is here twice: on line ${first} and on line ${line}.`, reading);
    else
      read.set(
        name,
        readValue((value ?? key) as Node, value === null, inner, join(path, name), reading),
      );
    lines.set(name, line);
  }
  for (const name of form.needed)
    if (!lines.has(name))
      fault(
        given,
        `${join(path, name)} is missing. For example: ${name}: ${form.keys[name]?.example}`,
        reading,
      );
  return Object.fromEntries(read);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function unknownKey(name: string, path: string, form: MapForm): string {
  const known = Object.keys(form.keys);
  const near = nearestName(name, known);
  const hint = near === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${near}"?`;
  const example = near === undefined ? '' : ` For example: ${near}: ${form.keys[near]?.example}`;
  const whose = path === '' ? 'A schedule' : path;
  return `${whose} has no key "${name.slice(0, shownMax)}". ${hint}${example}`;
}

/** Reads a value; `empty` if there is none and `given` is its key. Undefined: there was a fault. */
function readValue(
  given: Node,
  empty: boolean,
  form: Form,
  path: string,
  reading: Reading,
): unknown {
  if (form.kind === 'json') return empty ? null : readJson(given, path, reading);
  const node = empty ? undefined : reading.yaml.target(given);
  const refuse = () => fault(given, formFault(path, empty ? null : (node ?? given), form), reading);
  const each = (item: Node, at: number, of: Form) =>
    readValue(item, false, of, `${path}[${at}]`, reading);
  switch (form.kind) {
    case 'map':
      return isMap(node) ? readMap(given, form, path, reading) : refuse();
    case 'word or map':
      if (isMap(node)) return readMap(given, form.map, path, reading);
      return readScalar(node, { ...form, kind: 'word' }) ?? refuse();
    case 'list':
      if (isSeq(node)) return node.items.map((item, at) => each(item as Node, at, form.of));
      if (!form.alone) return refuse();
      return readValue(given, empty, form.of, path, reading);
    case 'texts':
      return isMap(node) ? readTexts(given, path, reading) : refuse();
    default:
      return readScalar(node, form) ?? refuse();
  }
}

/** The value of a scalar of the form; undefined if it does not have it. */
function readScalar(node: Node | undefined, form: Form): unknown {
  if (!isScalar(node)) return undefined;
  const { value } = node;
  switch (form.kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'whole':
      return Number.isSafeInteger(value) ? value : undefined;
  }
  if (typeof value !== 'string') return undefined;
  switch (form.kind) {
    case 'word':
      return form.words.find((word) => word === value.toUpperCase());
    case 'duration':
      return isDuration(value) ? value : undefined;
    case 'time':
      return readTime(value);
    default:
      return value;
  }
}

function isDuration(text: string): boolean {
  try {
    return durationToMs(text as Duration) >= 0;
  } catch (error) {
    if (error instanceof MusterError) return false;
    throw error;
  }
}

/** A moment of RFC 3339, or a timestamp of YAML with its offset. One without an offset would be a guess. */
export function readTime(text: string): Date | undefined {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[Tt]|[ \t]+)(\d\d:\d\d:\d\d)(\.\d+)?[ \t]*(?:([Zz])|([+-])(\d\d?)(?::?(\d\d))?)$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, day = '', clock, fraction = '', , sign, hours = '', minutes = '00'] = match;
  // Date knows no day of a month beyond its length: it would take the next month.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const offset = sign === undefined ? 'Z' : `${sign}${hours.padStart(2, '0')}:${minutes}`;
  const time = new Date(`${day}T${clock}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function readJson(node: Node, path: string, reading: Reading): unknown {
  try {
    return reading.yaml.valueOf(node, inputCharactersMax);
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error;
    const example = 'For example: input: { kind: full }';
    return fault(error.node, `${path} ${error.message}. ${example}`, reading);
  }
}

function readTexts(node: Node, path: string, reading: Reading): unknown {
  const value = readJson(node, path, reading);
  if (value === undefined) return undefined;
  const wrong = Object.entries(value as object).find(([, text]) => typeof text !== 'string');
  if (wrong === undefined) return value;
  const [key, text] = wrong;
  const what = `${path}.${key} is ${JSON.stringify(text)}, but must be text in quotes. For example: ${key}: "${text}"`;
  return fault(node, what, reading);
}

function fault(node: Node, what: string, { yaml, faults, schedule }: Reading): undefined {
  faults.add({ place: yaml.placeOf(node), schedule, what });
}
