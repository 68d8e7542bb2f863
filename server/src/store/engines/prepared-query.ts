/**
 * One use of a prepared statement, in the shape that `pg` lets others bring (as `pg-cursor` does): it writes the frames of
 * a statement, and is told what the server answers.
 *
 * `pg`'s own query has the server describe the result every time, and makes names, parsers and an object with every
 * column of them anew: a tenth of a busy coordinator's time where flushes are small. Here a connection remembers them.
 * That is safe because Postgres refuses a statement whose columns have changed since it was prepared (0A000).
 */
import type pg from 'pg';
import { typeParsers } from './codec.ts';

/** What `pg` gives to `submit`, as far as it is used here. */
type Wire = {
  readonly stream: { cork(): void; uncork(): void };
  /** Texts by the names of the statements that the server has taken in; kept by `pg`. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  parse(frame: { readonly name: string; readonly text: string }): void;
  bind(frame: {
    readonly statement: string;
    readonly values: readonly unknown[];
    readonly valueMapper: (value: unknown) => unknown;
  }): void;
  describe(frame: { readonly type: 'P'; readonly name: string }): void;
  execute(frame: { readonly portal: string }): void;
  sync(): void;
};

/** Numbers and truths go as text; text and whole arrays as they are. */
function written(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

type Column = { readonly name: string; readonly read: (text: string) => unknown };

/** The columns of each statement, by its name, as one connection was told them. */
const described = new WeakMap<Wire, Map<string, readonly Column[]>>();

function columnsOn(wire: Wire): Map<string, readonly Column[]> {
  const known = described.get(wire);
  if (known !== undefined) return known;
  const fresh = new Map<string, readonly Column[]>();
  described.set(wire, fresh);
  return fresh;
}

/** Give it to `query` of a pool or a client, with a callback that takes the rows. */
export class PreparedQuery<Row> {
  /** `pg` keeps both with the connection once the server has taken the statement in. */
  readonly name: string;
  readonly text: string;
  /** Set by `pg`. */
  callback: ((error: Error | null, rows?: Row[]) => void) | undefined;
  readonly #values: readonly unknown[];
  readonly #rows: Row[] = [];
  #columns: readonly Column[] | undefined;
  #error: Error | null = null;

  constructor(name: string, text: string, values: readonly unknown[]) {
    this.name = name;
    this.text = text;
    this.#values = values;
  }

  /** Writes all frames at once, and asks for the columns if this connection does not know them. */
  submit(connection: unknown): Error | null {
    const wire = connection as Wire;
    this.#columns = columnsOn(wire).get(this.name);
    wire.stream.cork();
    try {
      if (wire.parsedStatements[this.name] === undefined)
        wire.parse({ name: this.name, text: this.text });
      wire.bind({ statement: this.name, values: this.#values, valueMapper: written });
      if (this.#columns === undefined) wire.describe({ type: 'P', name: '' });
      wire.execute({ portal: '' });
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  /** The columns, if they were asked for. */
  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({
      name,
      read: typeParsers.getTypeParser(dataTypeID, 'text') as Column['read'],
    }));
  }

  /** A row, each value as text. */
  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#error !== null) return;
    const row: Record<string, unknown> = {};
    try {
      for (const [at, { name, read }] of (this.#columns ?? []).entries()) {
        const text = fields[at];
        row[name] = text === null || text === undefined ? null : read(text);
      }
    } catch (error) {
      this.#error = error as Error;
    }
    this.#rows.push(row as Row);
  }

  /** The statement is done; what it answered is known when the server is ready again. */
  handleCommandComplete(): void {}

  /** There was no statement in the text. */
  handleEmptyQuery(): void {}

  /** The server, the connection, or the limit of time refused it. */
  handleError(error: Error): void {
    this.callback?.(error);
  }

  /** All of it has been read. */
  handleReadyForQuery(connection: unknown): void {
    columnsOn(connection as Wire).set(this.name, this.#columns ?? []);
    this.callback?.(this.#error, this.#rows);
  }
}
