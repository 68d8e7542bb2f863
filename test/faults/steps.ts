// Steps between which a coordinator may die, and how the moment is known from bytes on the wire.

import type { Piece, TcpProxy, Verdict } from '../harness/proxy.ts';
import { createWireReader, type FlushKind, type WireReader } from './postgres-wire.ts';

/**
 * Sees bytes of one kind of connection; true: the coordinator dies now and they are lost. `flush` is what was last
 * asked on a connection to Postgres.
 */
export type Moment = (
  piece: Piece,
  ids: readonly string[],
  flush: FlushKind | undefined,
) => boolean;

/** Between which two steps the coordinator dies. */
export interface Step {
  readonly name: string;
  /** On the connections of the agent, or of the coordinator to Postgres. */
  readonly at: 'agent' | 'database';
  readonly moment: () => Moment;
}

const mentions = ({ bytes }: Piece, ids: readonly string[]) => ids.some((id) => bytes.includes(id));

/** The n-th piece in a direction that speaks of one of the tasks. */
const mention = (direction: Piece['direction'], n: number) => (): Moment => {
  let count = 0;
  return (piece, ids) => {
    if (piece.direction !== direction || !mentions(piece, ids)) return false;
    count += 1;
    return count === n;
  };
};

/** The first outcome, which carries what the handler returned; or the first answer after it. */
const outcome = (moment: 'told' | 'answered') => (): Moment => {
  let told = false;
  return (piece, ids) => {
    told ||= piece.direction === 'up' && piece.bytes.includes('attempt 1 epoch');
    return told && (moment === 'told' || (piece.direction === 'down' && mentions(piece, ids)));
  };
};

const asked = (kind: FlushKind) => (): Moment => (piece, _ids, flush) =>
  piece.direction === 'up' && flush === kind;

/** The reply, up to the word that the statement is complete; what it says of the tasks need not name them. */
const answered = (kind: FlushKind) => (): Moment => (piece, _ids, flush) =>
  piece.direction === 'down' &&
  flush === kind &&
  /SELECT \d|INSERT 0/.test(piece.bytes.toString('latin1'));

/** A claim answers with rows; most find none. */
const claimAnswered = (): Moment => (piece, ids, flush) =>
  piece.direction === 'down' && flush === 'claim' && mentions(piece, ids);

/** From the first word about a task to the last. */
export const steps: readonly Step[] = [
  { name: 'eager start asked', at: 'database', moment: asked('eager insert') },
  { name: 'eager start stored, not answered', at: 'database', moment: answered('eager insert') },
  { name: 'claim asked', at: 'database', moment: asked('claim') },
  { name: 'claim stored, not answered', at: 'database', moment: claimAnswered },
  { name: 'assigned, not sent', at: 'agent', moment: mention('down', 1) },
  { name: 'sent, acceptance not read', at: 'agent', moment: mention('up', 1) },
  { name: 'accepted, start not read', at: 'agent', moment: mention('up', 2) },
  { name: 'ended, outcome not read', at: 'agent', moment: outcome('told') },
  { name: 'outcome read, recording asked', at: 'database', moment: asked('record') },
  { name: 'outcome recorded, not answered', at: 'database', moment: answered('record') },
  { name: 'outcome recorded, not acknowledged', at: 'agent', moment: outcome('answered') },
];

/** Keeps in mind what was last asked on each connection. */
export function watchFlushes(
  proxy: TcpProxy,
  judge: (piece: Piece, kind: FlushKind | undefined) => Verdict,
): void {
  const links = new Map<number, { readonly reader: WireReader; kind: FlushKind | undefined }>();
  proxy.inspect((piece) => {
    const link = links.get(piece.connection) ?? { reader: createWireReader(), kind: undefined };
    links.set(piece.connection, link);
    if (piece.direction === 'up') link.kind = link.reader.read(piece.bytes);
    return judge(piece, link.kind);
  });
}
