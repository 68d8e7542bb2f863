// What a coordinator asks of Postgres, read from its bytes: which named statements, in which
// transaction. Enough of the protocol to cut a connection at a chosen flush, and no more.

/** Kinds of flushes whose reply can be lost. */
export const flushKinds = [
  ...(['insert', 'eager insert', 'keyed insert', 'claim'] as const),
  ...(['record', 'give back', 'progress', 'attach'] as const),
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

  function take(type: string, body: Buffer): FlushKind | undefined {
    if (type === 'B') bound.push(readBind(body));
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

interface BoundStatement {
  readonly name: string;
  /** Whether any task of an insert is offered a slot. */
  readonly offersSlots: boolean;
}

/** `offer_session` among the parameters of `tasks_insert`, from 0. */
const offerParameter = 21;

function readBind(body: Buffer): BoundStatement {
  const portalEnd = body.indexOf(0) + 1;
  const nameEnd = body.indexOf(0, portalEnd);
  const name = body.toString('utf8', portalEnd, nameEnd);
  const offersSlots = name === 'tasks_insert' && hasElement(parameter(body, nameEnd + 1));
  return { name, offersSlots };
}

/** The parameter with the offers, in Postgres' binary form. */
function parameter(body: Buffer, afterName: number): Buffer {
  let at = afterName + 2 + 2 * body.readInt16BE(afterName) + 2;
  for (let index = 0; index < offerParameter; index += 1)
    at += 4 + Math.max(0, body.readInt32BE(at));
  return body.subarray(at + 4, at + 4 + Math.max(0, body.readInt32BE(at)));
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
  leases_give_back: 'give back',
  leases_return_unsent: 'give back',
  progress_write: 'progress',
};

function kindOf(bound: readonly BoundStatement[], inTransaction: boolean): FlushKind | undefined {
  const names = bound.map(({ name }) => name);
  if (inTransaction) {
    if (names.includes('sessions_attach')) return 'attach';
    return names.includes('keys_take') ? 'keyed insert' : undefined;
  }
  const insert = bound.find(({ name }) => name === 'tasks_insert');
  if (insert) return insert.offersSlots ? 'eager insert' : 'insert';
  return names.map((name) => kindByName[name]).find((kind) => kind !== undefined);
}
