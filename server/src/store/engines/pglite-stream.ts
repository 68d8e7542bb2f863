/**
 * A stream on which `pg` believes to speak to a Postgres over a socket, while the bytes go to PGlite's thread.
 *
 * PGlite wants whole rounds of the protocol, so frames are gathered until one that asks for an answer. One driver, one
 * codec and one kind of error for both engines is what this buys.
 */
import { Duplex } from 'node:stream';

/** Frames after which Postgres answers: Sync, Query, Terminate, and password. */
const roundEnds: ReadonlySet<number> = new Set([...'SQXp'].map((letter) => letter.charCodeAt(0)));

/** Gathers bytes into whole rounds. The first message of a connection has no type byte. */
export function createRoundGatherer(): (chunk: Buffer) => Buffer | null {
  let pending = Buffer.alloc(0);
  let scanned = 0;
  let started = false;
  return (chunk) => {
    pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
    let end = 0;
    for (;;) {
      const head = started ? 5 : 4;
      if (pending.length - scanned < head) break;
      const length = pending.readUInt32BE(scanned + head - 4) + head - 4;
      if (pending.length - scanned < length) break;
      if (!started || roundEnds.has(pending[scanned] ?? 0)) end = scanned + length;
      started = true;
      scanned += length;
    }
    if (end === 0) return null;
    const rounds = pending.subarray(0, end);
    pending = pending.subarray(end);
    scanned -= end;
    return rounds;
  };
}

/** The stream of one connection. `ask` sends one round and answers with all that Postgres says to it. */
export function createPgliteStream(
  connect: () => Promise<void>,
  ask: (round: Uint8Array) => Promise<Uint8Array>,
): Duplex {
  const gather = createRoundGatherer();
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      send(gather(chunk));
      done();
    },
    writev(chunks, done) {
      send(gather(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer))));
      done();
    },
    final(done) {
      stream.push(null);
      done();
    },
  });
  const send = (round: Buffer | null) => {
    if (round === null) return;
    ask(round).then(
      (bytes) => {
        if (!stream.destroyed)
          stream.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      },
      (error: Error) => stream.destroy(error),
    );
  };
  // What `pg` expects of a socket.
  const nothing = () => stream;
  return Object.assign(stream, {
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
    connect: () => {
      connect().then(
        () => stream.emit('connect'),
        (error: Error) => stream.destroy(error),
      );
      return stream;
    },
  });
}
