/**
 * Who calls, and what they may do: bearer tokens from a file.
 *
 * The file is a JSON list of `{ "token" or "sha256", "name", "namespaces", "rights" }` and is read again when it changes,
 * so that a token can be withdrawn without a restart; a broken file leaves the tokens as they were. Without a file
 * everybody may do everything, which the configuration allows on loopback only.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Metadata } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { CallRefused } from './status.ts';

/** What a token may be used for within a namespace. */
export const rights = ['submit', 'run', 'administer'] as const;

/** A right of a token. */
export type Right = (typeof rights)[number];

/** Who calls. */
export type Principal = {
  /** For logs; never the token. */
  readonly name: string;
  /** Names of namespaces, or `*` for all of them. */
  readonly namespaces: readonly string[];
  readonly rights: readonly Right[];
};

/** Answers who calls. */
export type Authentication = {
  /** Throws `CallRefused` (TOKEN_INVALID) if a token is needed and none, or an unknown one, is given. */
  authenticate(metadata: Metadata): Principal;
};

/** Who calls where nobody is asked for a token. */
export const anyone: Principal = Object.freeze({ name: 'anyone', namespaces: ['*'], rights });

type Token = Principal & { readonly sha256: Buffer };

/** How long a look at the file's time of change is trusted. */
const freshForMs = 1000;
const tokensMax = 10_000;

/** Reads the tokens; throws an Error that says what is wrong with the file. An empty path: no tokens are asked for. */
export function createAuthentication(tokensFile: string, logger: Logger): Authentication {
  if (tokensFile === '') return { authenticate: () => anyone };
  let tokens = readTokens(tokensFile);
  let changedAt = changeTime(tokensFile);
  let lookedAt = performance.now();

  function refresh(): void {
    if (performance.now() - lookedAt < freshForMs) return;
    lookedAt = performance.now();
    const now = changeTime(tokensFile);
    if (now === changedAt) return;
    changedAt = now;
    try {
      tokens = readTokens(tokensFile);
      logger.info({ tokensFile, tokens: tokens.length }, 'tokens read again');
    } catch (error) {
      logger.error(
        { err: error, tokensFile },
        'tokens file is broken; the tokens before stay valid',
      );
    }
  }

  return {
    authenticate(metadata) {
      refresh();
      const [, text] =
        /^Bearer +(\S+) *$/i.exec(String(metadata.get('authorization')[0] ?? '')) ?? [];
      if (text === undefined)
        throw new CallRefused(
          'TOKEN_INVALID',
          'No token was given. Send one as metadata "authorization: Bearer …".',
        );
      const token = findToken(tokens, text);
      if (token === undefined)
        throw new CallRefused(
          'TOKEN_INVALID',
          'The token is unknown here. Was it withdrawn, or is it for another cluster?',
        );
      return token;
    },
  };
}

/** Throws `CallRefused` (RIGHT_MISSING) unless the principal has the right in the namespace; `*` means in all of them. */
export function requireRight(principal: Principal, right: Right, namespace: string): void {
  if (principal.rights.includes(right) && mayEnter(principal, namespace)) return;
  throw rightMissing(principal, right, namespace);
}

/** Throws unless the principal has some right in the namespace. */
export function requireAnyRight(principal: Principal, namespace: string): void {
  if (principal.rights.length > 0 && mayEnter(principal, namespace)) return;
  throw rightMissing(principal, 'any', namespace);
}

/** Throws unless the principal has the right in some namespace. */
export function requireRightSomewhere(principal: Principal, right: Right): void {
  if (principal.rights.includes(right)) return;
  throw rightMissing(principal, right, 'any');
}

/** Whether the principal has anything to do with the namespace; `*` asks for all of them. */
export function mayEnter(principal: Principal, namespace: string): boolean {
  return (
    principal.namespaces.includes('*') || principal.namespaces.includes(namespace || 'default')
  );
}

function rightMissing(principal: Principal, right: string, namespace: string): CallRefused {
  const where = namespace === '*' ? 'all namespaces' : `namespace "${namespace || 'default'}"`;
  return new CallRefused(
    'RIGHT_MISSING',
    `Token "${principal.name}" lacks the right "${right}" in ${where}. An administrator can add it to the tokens file.`,
    { metadata: { right, namespace: namespace || 'default' } },
  );
}

/** Compares with every token in constant time, so that the answer's delay says nothing about any of them. */
function findToken(tokens: readonly Token[], text: string): Token | undefined {
  const hash = createHash('sha256').update(text).digest();
  let found: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(token.sha256, hash)) found = token;
  return found;
}

function changeTime(path: string): string {
  try {
    const { mtimeMs, ino, size } = statSync(path);
    return `${mtimeMs} ${ino} ${size}`;
  } catch {
    return 'unreadable';
  }
}

function readTokens(path: string): Token[] {
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(list)) throw new Error(`Tokens file ${path} must hold a JSON list.`);
  if (list.length > tokensMax)
    throw new Error(
      `Tokens file ${path} holds ${list.length} tokens; at most ${tokensMax} are allowed.`,
    );
  return list.map((entry: unknown, index) =>
    readToken(entry, `Entry ${index} of tokens file ${path}`),
  );
}

function readToken(entry: unknown, where: string): Token {
  if (typeof entry !== 'object' || entry === null) throw new Error(`${where} must be an object.`);
  const known = ['token', 'sha256', 'name', 'namespaces', 'rights'];
  const unknown = Object.keys(entry).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Error(`${where} has an unknown field "${unknown}"; known are ${known.join(', ')}.`);
  const { token, sha256, name, namespaces, rights: wanted } = entry as Record<string, unknown>;
  return {
    sha256: readHash(token, sha256, where),
    name: typeof name === 'string' && name !== '' ? name : where.slice(0, where.indexOf(' of ')),
    namespaces: readWords(namespaces, `${where}: namespaces`),
    rights: readWords(wanted, `${where}: rights`).map((word) => {
      const right = rights.find((candidate) => candidate === word);
      if (right === undefined)
        throw new Error(`${where}: "${word}" is no right; there are ${rights.join(', ')}.`);
      return right;
    }),
  };
}

function readHash(token: unknown, sha256: unknown, where: string): Buffer {
  if (typeof token === 'string' && sha256 === undefined) {
    if (token.length < 16 || /\s/.test(token))
      throw new Error(`${where}: a token has at least 16 characters and no white space.`);
    return createHash('sha256').update(token).digest();
  }
  if (typeof sha256 === 'string' && token === undefined && /^[0-9a-f]{64}$/i.test(sha256))
    return Buffer.from(sha256, 'hex');
  throw new Error(`${where} needs either "token" or "sha256" (64 hexadecimal digits).`);
}

function readWords(value: unknown, where: string): string[] {
  const words = Array.isArray(value) ? value : [];
  if (words.length === 0 || !words.every((word) => typeof word === 'string' && word !== ''))
    throw new Error(`${where} must be a list of at least one text.`);
  return words;
}
