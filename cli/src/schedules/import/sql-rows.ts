// Rows that a dump of MySQL inserts into one table: `INSERT INTO t (a, b) VALUES (1, 'x'), (2, NULL);`. Strings are read with
// MySQL's escapes; what is no literal, such as `now()`, stays text. Other statements are stepped over.

/** One row. */
export interface SqlRow {
  /** Names of its columns; undefined where the statement does not name them. */
  readonly columns: readonly string[] | undefined;
  /** Null for NULL. Numbers are text, as they stand there. */
  readonly values: readonly (string | null)[];
  readonly line: number;
}

/** What a dump says about a table. */
export interface SqlTable {
  /** Columns of its CREATE TABLE, in order. Undefined: the dump has none. */
  readonly columns: readonly string[] | undefined;
  readonly rows: readonly SqlRow[];
  /** What could not be read. */
  readonly warnings: readonly string[];
}

interface Token {
  readonly kind: 'word' | 'text' | 'sign';
  readonly text: string;
  readonly offset: number;
}

/** Reads what a dump says about `table`. Never throws. */
export function readSqlTable(dump: string, table: string): SqlTable {
  const warnings: string[] = [];
  const rows: SqlRow[] = [];
  let columns: readonly string[] | undefined;
  const lineOf = lineCounter(dump);
  for (const statement of statements(dump)) {
    const words = statement.slice(0, 6).map(({ text }) => text.toUpperCase());
    if (words[0] === 'CREATE' && words[1] === 'TABLE')
      columns = createdColumns(statement, table) ?? columns;
    if (words[0] !== 'INSERT' && words[0] !== 'REPLACE') continue;
    const found = insertedRows(statement, table);
    if (found === undefined) continue;
    for (const { offset, ...row } of found.rows) rows.push({ ...row, line: lineOf(offset) });
    if (found.brokenAt !== undefined)
      warnings.push(
        `The statement on line ${lineOf(found.brokenAt)} cannot be read to its end: is the dump cut off? The rows before it are read.`,
      );
  }
  return { columns, rows, warnings };
}

/** Line of an offset, for offsets that only grow. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    return line;
  };
}

function* statements(dump: string): Iterable<readonly Token[]> {
  let statement: Token[] = [];
  for (const token of tokens(dump)) {
    if (token.kind !== 'sign' || token.text !== ';') statement.push(token);
    else {
      if (statement.length > 0) yield statement;
      statement = [];
    }
  }
  if (statement.length > 0) yield statement;
}

const space = /\s+/y;
const note = /(?:--(?=\s)|#)[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const word = /`(?:[^`]|``)*`|[^\s`'"(),;.]+/y;

function* tokens(dump: string): Iterable<Token> {
  let at = 0;
  while (at < dump.length) {
    const offset = at;
    const gap = match(space, dump, at) ?? match(note, dump, at);
    const named = gap === undefined ? match(word, dump, at) : undefined;
    const first = dump[at] ?? '';
    if (gap !== undefined) at += gap.length;
    else if (named !== undefined) {
      at += named.length;
      const text = named.startsWith('`') ? named.slice(1, -1).replaceAll('``', '`') : named;
      yield { kind: 'word', text, offset };
    } else if (first === "'" || first === '"') {
      const { text, end } = readText(dump, at);
      at = end;
      yield { kind: 'text', text, offset };
    } else {
      at += 1;
      yield { kind: 'sign', text: first, offset };
    }
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\u001a' },
  // In patterns these stay escaped.
  ...{ '%': '\\%', _: '\\_' },
};

function readText(dump: string, from: number): { text: string; end: number } {
  const quote = dump[from] ?? '';
  let text = '';
  let at = from + 1;
  for (; at < dump.length; at += 1) {
    const character = dump[at] ?? '';
    if (character === '\\') {
      at += 1;
      const escaped = dump[at] ?? '';
      text += escapes[escaped] ?? escaped;
    } else if (character !== quote) text += character;
    else if (dump[at + 1] === quote) {
      text += quote;
      at += 1;
    } else break;
  }
  return { text, end: at + 1 };
}

/** Where the name of the table ends, `schema.table` included; undefined if the statement is about another. */
function afterTable(statement: readonly Token[], from: number, table: string): number | undefined {
  let at = from;
  if (statement[at + 1]?.text === '.') at += 2;
  return statement[at]?.text.toLowerCase() === table ? at + 1 : undefined;
}

function createdColumns(statement: readonly Token[], table: string): string[] | undefined {
  const isGuarded = statement[2]?.text.toUpperCase() === 'IF';
  const begin = afterTable(statement, isGuarded ? 5 : 2, table);
  if (begin === undefined) return undefined;
  const columns: string[] = [];
  let depth = 0;
  for (let at = begin; at < statement.length; at += 1) {
    const { kind, text } = statement[at] as Token;
    if (kind === 'sign' && text === '(') depth += 1;
    if (kind === 'sign' && text === ')') depth -= 1;
    const opens = kind === 'sign' && depth === 1 && (text === ',' || at === begin);
    const next = statement[at + 1];
    if (
      opens &&
      next?.kind === 'word' &&
      !/^(?:PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FULLTEXT)$/i.test(next.text)
    )
      columns.push(next.text.toLowerCase());
  }
  return columns;
}

interface Inserted {
  readonly rows: (Omit<SqlRow, 'line'> & { readonly offset: number })[];
  /** Where it could not be read on. */
  brokenAt?: number;
}

function insertedRows(statement: readonly Token[], table: string): Inserted | undefined {
  const into = statement.findIndex(({ text }) => text.toUpperCase() === 'INTO');
  let at = into < 0 || into > 4 ? undefined : afterTable(statement, into + 1, table);
  if (at === undefined) return undefined;
  let columns: string[] | undefined;
  if (statement[at]?.text === '(') {
    const list = readList(statement, at);
    columns = list.values.map((name) => String(name).toLowerCase());
    at = list.end;
  }
  const inserted: Inserted = { rows: [] };
  if (!/^VALUES?$/i.test(statement[at]?.text ?? '')) {
    inserted.brokenAt = statement[at]?.offset ?? statement[0]?.offset ?? 0;
    return inserted;
  }
  for (at += 1; statement[at]?.text === '('; at += statement[at]?.text === ',' ? 1 : 0) {
    const offset = statement[at]?.offset ?? 0;
    const list = readList(statement, at);
    if (!list.closed) {
      inserted.brokenAt = offset;
      break;
    }
    inserted.rows.push({ columns, values: list.values, offset });
    at = list.end;
  }
  return inserted;
}

/** The values between the parenthesis at `from` and its end. */
function readList(
  statement: readonly Token[],
  from: number,
): { values: (string | null)[]; end: number; closed: boolean } {
  const values: (string | null)[] = [];
  let value: string | null | undefined;
  let depth = 0;
  for (let at = from; at < statement.length; at += 1) {
    const { kind, text } = statement[at] as Token;
    const isSign = kind === 'sign';
    if (isSign && text === '(') depth += 1;
    if (isSign && text === ')') depth -= 1;
    if (isSign && depth === 0) {
      if (value !== undefined || values.length > 0) values.push(value ?? null);
      return { values, end: at + 1, closed: true };
    }
    if (isSign && text === ',' && depth === 1) {
      values.push(value ?? null);
      value = undefined;
    } else if (kind === 'text')
      value = text; // A character set before it, `_utf8mb4 'x'`, says nothing here.
    else if (at > from)
      value =
        kind === 'word' && value === undefined && text.toUpperCase() === 'NULL'
          ? null
          : `${value ?? ''}${text}`;
  }
  return { values, end: statement.length, closed: false };
}
