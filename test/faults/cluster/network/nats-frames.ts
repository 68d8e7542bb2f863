// The text protocol of NATS, as far as telling its messages from the rest: lines, and after the line of a message
// as many bytes as its last number says.

/** A whole piece of the protocol: one message with its payload, or a line that is none. */
export interface Frame {
  readonly bytes: Buffer;
  /** True for PUB, HPUB, MSG and HMSG. */
  readonly isMessage: boolean;
}

const messageLine = /^H?(?:PUB|MSG) .*?(\d+)$/i;

/** A reader for one direction of one connection: takes bytes as they come, answers what is whole. */
export function createFrameReader(): (bytes: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const frames: Frame[] = [];
    for (;;) {
      const lineEnd = rest.indexOf('\r\n');
      if (lineEnd < 0) return frames;
      const payload = messageLine.exec(rest.toString('latin1', 0, lineEnd))?.[1];
      const end = lineEnd + 2 + (payload === undefined ? 0 : Number(payload) + 2);
      if (rest.length < end) return frames;
      frames.push({ bytes: rest.subarray(0, end), isMessage: payload !== undefined });
      rest = rest.subarray(end);
    }
  };
}
