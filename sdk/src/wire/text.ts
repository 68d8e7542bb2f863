// Text within the limits of the contract: well-formed, and cut by bytes between characters.

/**
 * `text` with at most `bytesMax` bytes of UTF-8; cut text ends in `…`. Lone surrogates, which UTF-8 cannot
 * carry, become U+FFFD.
 */
export function fitText(text: string, bytesMax: number): string {
  // No UTF-16 unit takes less than one byte, so that no more units than bytes can be needed.
  const formed = text.slice(0, bytesMax + 1).toWellFormed();
  const isWhole = text.length <= bytesMax + 1;
  if (isWhole && Buffer.byteLength(formed) <= bytesMax) return formed;
  const ellipsis = '…';
  const room = bytesMax - Buffer.byteLength(ellipsis);
  const { read } = new TextEncoder().encodeInto(formed, new Uint8Array(Math.max(0, room)));
  return formed.slice(0, read) + ellipsis;
}
