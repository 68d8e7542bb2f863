/**
 * Text as it can be stored: no NUL, which Postgres refuses, no lone surrogates, which UTF-8 cannot say, and not too long.
 */

/** The same text with U+FFFD in place of NUL and of lone surrogates. */
export function storableText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\ufffd') : wellFormed;
}

/** The text, cut to so many bytes of UTF-8; what is cut ends in `…`. */
export function cutText(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax) return text;
  const bytes = Buffer.from(text.slice(0, bytesMax));
  let end = Math.max(0, bytesMax - 3);
  // A continuation byte (10xxxxxx) at the cut belongs to a character that would be torn.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end)}…`;
}
