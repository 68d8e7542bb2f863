// What a coordinator asks of Postgres, read from its bytes: which named statements, in which
// transaction. Enough of the protocol to cut a connection at a chosen flush, and no more.

/** Kinds of flushes whose reply can be lost. */
export const flushKinds = [
  ...(['insert', 'eager insert', 'keyed insert', 'claim'] as const),
  ...(['record', 'give back', 'progress', 'attach', 'turn'] as const),
];

/** A kind of flush. */
export type FlushKind = (typeof flushKinds)[number];

/** Reads what the client says on one connection. */
export interface WireReader {
  /**
   * Takes the next bytes. Answers the flush whose last request is complete with them, so that its commit
   * depends on nothing but the server; undefined: there is none.
   */
  read(bytes: Buffer): FlushKind | undefined;
}

/** A reader for a new connection. */
export function createWireReader(): WireReader {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  /** Statements bound since the last Sync, or since BEGIN. */
  let bound: BoundStatement[] = [];
  let isTransaction = false;

  /** Which parameter of `tasks_insert` holds the offered sessions, from 0. */
  let offerParameter = -1;

  function take(type: string, body: Buffer): FlushKind | undefined {
    if (type === 'P') offerParameter = Math.max(offerParameter, offerParameterIn(body));
    if (type === 'B') bound.push(readBind(body, offerParameter));
    if (type === 'Q') return simple(body.toString('utf8', 0, body.length - 1));
    if (type !== 'S' || isTransaction) return undefined;
    const kind = kindOf(bound, false);
    bound = [];
    return kind;
  }

  function simple(text: string): FlushKind | undefined {
    isTransaction = text === 'BEGIN';
    const kind = text === 'COMMIT' ? kindOf(bound, true) : undefined;
    bound = [];
    return kind;
  }

  return {
    read(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      let kind: FlushKind | undefined;
      for (;;) {
        // The first message has no type: it begins with its length.
        const head = started ? 1 : 0;
        if (rest.length < head + 4) return kind;
        const end = head + rest.readInt32BE(head);
        if (rest.length < end) return kind;
        const type = started ? String.fromCharCode(rest[0] ?? 0) : '';
        kind = take(type, rest.subarray(head + 4, end)) ?? kind;
        rest = rest.subarray(end);
        started = true;
      }
    },
  };
}

const insertNames: ReadonlySet<string> = new Set(['tasks_insert', 'tasks_insert_whole']);

interface BoundStatement {
  readonly name: string;
  /** Whether any task of an insert is offered a slot. */
  readonly offersSlots: boolean;
}

/** The place of the offers among the arrays of the insert, as its text names them; -1: another statement. */
function offerParameterIn(parse: Buffer): number {
  const [name = '', text = ''] = parse.toString('utf8').split('\0');
  const [, columns = ''] = /AS u\(([^)]*)\)/.exec(text) ?? [];
  return insertNames.has(name) ? columns.split(/,\s*/).indexOf('offer_session') : -1;
}

function readBind(body: Buffer, offerParameter: number): BoundStatement {
  const portalEnd = body.indexOf(0) + 1;
  const nameEnd = body.indexOf(0, portalEnd);
  const name = body.toString('utf8', portalEnd, nameEnd);
  const isInsert = insertNames.has(name) && offerParameter >= 0;
  return {
    name,
    offersSlots: isInsert && hasElement(parameter(body, nameEnd + 1, offerParameter)),
  };
}

/** One parameter of a Bind, whose values begin after its formats. */
function parameter(body: Buffer, afterName: number, wanted: number): Buffer {
  let at = afterName + 2 + 2 * body.readInt16BE(afterName) + 2;
  const bytes = () => Math.max(0, body.readInt32BE(at));
  for (let index = 0; index < wanted; index += 1) at += 4 + bytes();
  return body.subarray(at + 4, at + 4 + bytes());
}

/** Whether a one-dimensional array of uuids has any element that is not null. */
function hasElement(array: Buffer): boolean {
  for (let at = 20; at + 4 <= array.length; at += 4) if (array.readInt32BE(at) >= 0) return true;
  return false;
}

const kindByName: Readonly<Record<string, FlushKind>> = {
  leases_claim_one: 'claim',
  leases_claim_many: 'claim',
  leases_record: 'record',
  leases_record_succeeded: 'record',
  leases_record_told: 'record',
  leases_give_back: 'give back',
  leases_return_unsent: 'give back',
  progress_write: 'progress',
  sessions_create: 'attach',
};

function kindOf(bound: readonly BoundStatement[], inTransaction: boolean): FlushKind | undefined {
  const names = bound.map(({ name }) => name);
  if (inTransaction) {
    if (names.includes('sessions_attach')) return 'attach';
    if (names.includes('schedules_stand')) return 'turn';
    return names.includes('keys_take') ? 'keyed insert' : undefined;
  }
  const insert = bound.find(({ name }) => insertNames.has(name));
  if (insert) return insert.offersSlots ? 'eager insert' : 'insert';
  return names.map((name) => kindByName[name]).find((kind) => kind !== undefined);
}
