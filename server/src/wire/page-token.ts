/**
 * Page tokens: opaque, and good for one query only.
 *
 * A token holds where the next page begins and a hash of the query, so that a token of another query, or of another
 * version of Muster, is refused instead of giving a page that skips or repeats. It is no secret and grants nothing.
 */
import { createHash } from 'node:crypto';
import { isUuid } from '../rules/ids.ts';
import { CallRefused } from './status.ts';

const version = 1;
const hashBytes = 8;
const tokenLengthMax = 1024;

/** A token for the page that begins after `cursor`. */
export function writePageToken(query: readonly unknown[], cursor: string): string {
  return Buffer.concat([Buffer.of(version), hashOf(query), Buffer.from(cursor)]).toString(
    'base64url',
  );
}

/** The cursor of a token; null for the first page. Throws `CallRefused` (PAGE_TOKEN_INVALID). */
export function readPageToken(query: readonly unknown[], token: string): string | null {
  if (token === '') return null;
  const bytes = Buffer.from(token.slice(0, tokenLengthMax), 'base64url');
  const whole = bytes.toString('base64url') === token && bytes[0] === version;
  if (!whole || bytes.length <= 1 + hashBytes) throw malformed();
  if (!bytes.subarray(1, 1 + hashBytes).equals(hashOf(query)))
    throw new CallRefused(
      'PAGE_TOKEN_INVALID',
      'The page token belongs to another query. Keep namespace, filter and view the same from page to page.',
    );
  return bytes.toString('utf8', 1 + hashBytes);
}

/** The same, where the cursor is an id. A made-up cursor must not reach the database. */
export function readIdToken(query: readonly unknown[], token: string): string | null {
  const cursor = readPageToken(query, token);
  if (cursor === null || isUuid(cursor)) return cursor;
  throw malformed();
}

function malformed(): CallRefused {
  return new CallRefused(
    'PAGE_TOKEN_INVALID',
    'The page token is malformed. Send back next_page_token as it was received, or none for the first page.',
  );
}

function hashOf(query: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(query)).digest().subarray(0, hashBytes);
}
