// Calls that take their turn: only so many are under way at a time, and the others wait in line
// here, where waiting costs no deadline of theirs, instead of at a coordinator, which would refuse
// them or let them time out. The line is bounded.

import { MusterError } from '../errors.ts';

/** Bounds of a line. */
export interface TurnLimits {
  /** Calls under way. */
  readonly underWayMax: number;
  /** Bytes of the calls in line; more are refused with CLIENT_OVERLOADED. */
  readonly waitingBytesMax: number;
}

/** Gives a call its turn. */
export type TakeTurn = <Result>(
  bytes: () => number,
  call: () => Promise<Result>,
) => Promise<Result>;

/** A line. `bytes` is asked only of calls that must wait. */
export function createTurns({ underWayMax, waitingBytesMax }: TurnLimits): TakeTurn {
  const line: { readonly bytes: number; readonly begin: () => void }[] = [];
  let underWay = 0;
  let waitingBytes = 0;

  function next(): void {
    underWay -= 1;
    const first = line.shift();
    if (first === undefined) return;
    underWay += 1;
    waitingBytes -= first.bytes;
    first.begin();
  }

  function inLine(bytes: number): Promise<void> {
    if (waitingBytes > 0 && waitingBytes + bytes > waitingBytesMax) {
      const message = `${line.length} calls with ${waitingBytes} bytes wait to be sent, and ${underWayMax} are under way. Await earlier submits first.`;
      throw new MusterError('CLIENT_OVERLOADED', message, { retryDelayMs: 100 });
    }
    waitingBytes += bytes;
    return new Promise((begin) => line.push({ bytes, begin }));
  }

  return async (bytes, call) => {
    if (underWay < underWayMax) underWay += 1;
    else await inLine(bytes());
    try {
      return await call();
    } finally {
      next();
    }
  };
}
