// YAML text as documents whose nodes know their places. Whoever wrote the text may be a stranger: its size, the depth of its
// values and what its aliases unfold to are bounded, and anchors are looked up in one pass.

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';

/** Where something stands; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something that is wrong with the text, and where. */
export interface TextFault {
  readonly place: Place;
  readonly what: string;
}

/** The documents of a text. */
export interface YamlText {
  /** Their contents; null for an empty document. */
  readonly contents: readonly (Node | null)[];
  /** What is no YAML. Not empty: the contents are incomplete. */
  readonly faults: readonly TextFault[];
  /** Where a node begins. */
  placeOf(node: Node): Place;
  /** The node that an alias stands for, and any other node itself. Undefined: there is no such anchor. */
  target(node: Node): Node | undefined;
  /** A node as a JSON value, of at most so many characters when written. Throws `ValueFault`. */
  valueOf(node: Node, charactersMax: number): unknown;
}

/** Bytes of a file that is read: 16 MiB. */
export const fileBytesMax = 16 * 1_048_576;

/** Characters of all values of a text together, with what aliases repeat; a file without aliases cannot have as many. */
const charactersInAllMax = 4 * fileBytesMax;
const depthMax = 100;

/** Why a node is no JSON value. */
export class ValueFault extends Error {
  override readonly name = 'ValueFault';
  readonly node: Node;

  constructor(node: Node, what: string) {
    super(what);
    this.node = node;
  }
}

/** Reads a text that may hold several documents. Never throws. */
export function readYaml(text: string): YamlText {
  const bytes = Buffer.byteLength(text);
  if (bytes > fileBytesMax)
    return unread(
      `The file has ${bytes} bytes, but may have at most ${fileBytesMax} (16 MiB). Split it: several files can be applied one after the other.`,
    );
  const lines = new LineCounter();
  const documents = parse(text, lines);
  if (documents === undefined) return unread('The file is nested too deep to be read.');
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = faultsOf(documents, placeAt);
  const targets = faults.length > 0 ? new Map<Alias, Node>() : aliasTargets(documents);
  const target = (node: Node) => (isAlias(node) ? targets.get(node) : node);
  const whole = { left: charactersInAllMax };
  return {
    contents: documents.map(({ contents }) => contents),
    faults,
    placeOf: (node) => placeAt(node.range?.[0] ?? 0),
    target,
    valueOf: (node, left) => unfold(node, { target, whole, own: { left } }, 0),
  };
}

function parse(text: string, lineCounter: LineCounter): Document[] | undefined {
  try {
    const documents = parseAllDocuments(text, {
      lineCounter,
      schema: 'core',
      prettyErrors: false,
      resolveKnownTags: false,
      // Looked for where maps are read: YAML's own search takes time by the square of a map's size.
      uniqueKeys: false,
    });
    return [...documents] as Document[];
  } catch (error) {
    if (error instanceof RangeError) return undefined; // The parser calls itself for each level.
    throw error;
  }
}

/** One fault for a line: where one thing is no YAML, the parser trips over each word behind it. */
function faultsOf(documents: readonly Document[], placeAt: (offset: number) => Place): TextFault[] {
  const faults = new Map<number, TextFault>();
  for (const error of documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])) {
    const place = placeAt(error.pos[0]);
    if (!faults.has(place.line)) faults.set(place.line, { place, what: faultText(error) });
  }
  return [...faults.values()];
}

function unread(what: string): YamlText {
  return {
    contents: [],
    faults: [{ place: { line: 1, column: 1 }, what }],
    placeOf: () => ({ line: 1, column: 1 }),
    target: (node) => node,
    valueOf: () => undefined,
  };
}

/** The parser's words, with a way out for what people run into. */
function faultText({ code, message }: YAMLError): string {
  const what = `This is not YAML: ${message}.`.replace(/\.\.$/, '.');
  if (code === 'BAD_ALIAS') return `${what} A cron expression needs quotes: cron: "*/5 * * * *"`;
  if (code === 'BAD_SCALAR_START') return `${what} It needs quotes, for example: cron: "@daily"`;
  return what;
}

function aliasTargets(documents: readonly Document[]): Map<Alias, Node> {
  const targets = new Map<Alias, Node>();
  for (const document of documents) {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node(_key, node) {
        if (isAlias(node)) {
          const found = anchors.get(node.source);
          if (found !== undefined) targets.set(node, found);
        } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }
  return targets;
}

interface Unfolding {
  readonly target: (node: Node) => Node | undefined;
  readonly whole: { left: number };
  readonly own: { left: number };
}

function unfold(given: Node, unfolding: Unfolding, depth: number): unknown {
  const { target } = unfolding;
  if (depth > depthMax) throw new ValueFault(given, `is nested more than ${depthMax} deep`);
  const node = target(given);
  if (node === undefined)
    throw new ValueFault(given, 'is an alias without an anchor before it; text needs quotes');
  take(given, unfolding, isScalar(node) && typeof node.value === 'string' ? node.value.length : 1);
  if (isScalar(node)) return scalarValue(node);
  if (isSeq(node)) return node.items.map((item) => unfold(item as Node, unfolding, depth + 1));
  if (!isMap(node)) throw new ValueFault(given, 'is not a JSON value');
  const entries = node.items.map(({ key, value }): [string, unknown] => [
    keyText(key as Node, unfolding),
    value === null ? null : unfold(value as Node, unfolding, depth + 1),
  ]);
  const seen = new Set<string>();
  for (const [at, [key]] of entries.entries()) {
    if (seen.has(key))
      throw new ValueFault(node.items[at]?.key as Node, `has the key "${key}" twice`);
    seen.add(key);
  }
  return Object.fromEntries(entries);
}

function keyText(key: Node, unfolding: Unfolding): string {
  const node = unfolding.target(key);
  if (!isScalar(node) || node.value === null)
    throw new ValueFault(key, 'has a key that is no text');
  const text = String(node.value);
  take(key, unfolding, text.length);
  return text;
}

/** Counts characters before they are unfolded: what aliases repeat costs as often as it is repeated. */
function take(node: Node, { whole, own }: Unfolding, characters: number): void {
  own.left -= characters + 1;
  whole.left -= characters + 1;
  if (own.left < 0 || whole.left < 0)
    throw new ValueFault(
      node,
      'is too large; what aliases repeat counts as often as it is repeated',
    );
}

function scalarValue(node: Scalar): unknown {
  const { value, source = '' } = node;
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value))
    throw new ValueFault(node, `holds ${source}, which JSON has no number for`);
  // Digits beyond what a double holds would be lost without a word.
  if (!/[.eE]/.test(source) && !Number.isSafeInteger(value))
    throw new ValueFault(node, `holds ${source}, which is too large to be kept exactly: quote it`);
  return value;
}
