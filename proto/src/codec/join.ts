// Messages that hold nothing but one list are joined by joining their bytes: that is how protobuf
// reads a field that comes again. So items can be encoded one by one and still travel together.

/** Takes from the front of `waiting` as many messages as fit, at least one, and answers them as one. */
export function takeJoined(waiting: Buffer[], bytesMax: number): Buffer {
  let count = 0;
  for (let bytes = 0; count < waiting.length; count += 1) {
    bytes += waiting[count]?.length ?? 0;
    if (count > 0 && bytes > bytesMax) break;
  }
  return Buffer.concat(waiting.splice(0, count));
}
