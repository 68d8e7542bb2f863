// Tokens: who is let in, what they may do, and that a withdrawn token is withdrawn.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { pino } from 'pino';
import {
  createAuthentication,
  mayEnter,
  requireAnyRight,
  requireRight,
  requireRightSomewhere,
} from './authentication.ts';
import { CallRefused } from './status.ts';

const logger = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'muster-tokens-'));
after(() => rmSync(folder, { recursive: true }));
const webToken = 'web-token-of-16-or-more';
const operatorToken = 'operator-token-of-16-or-more';
const sha256 = createHash('sha256').update(operatorToken).digest('hex');
const tokens = [
  { name: 'web', token: webToken, namespaces: ['default', 'shop'], rights: ['submit'] },
  { name: 'operators', sha256, namespaces: ['*'], rights: ['administer'] },
];

function write(list: unknown, name = 'tokens.json'): string {
  const path = join(folder, name);
  writeFileSync(path, typeof list === 'string' ? list : JSON.stringify(list));
  return path;
}

function bearing(text: string | null): Metadata {
  const metadata = new Metadata();
  if (text !== null) metadata.set('authorization', text);
  return metadata;
}

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof CallRefused);
    return error.reason;
  }
  return 'none';
}

describe('authentication', () => {
  it('lets everybody do everything where there is no tokens file', () => {
    const principal = createAuthentication('', logger).authenticate(bearing(null));
    requireRight(principal, 'administer', '*');
  });

  it('knows tokens and their hashes, and nobody else', () => {
    const { authenticate } = createAuthentication(write(tokens), logger);
    assert.equal(authenticate(bearing(`Bearer ${webToken}`)).name, 'web');
    assert.equal(authenticate(bearing(`bearer ${operatorToken}`)).name, 'operators');
    for (const text of [null, '', 'Bearer', webToken, `Bearer ${webToken}x`, `Basic ${webToken}`])
      assert.equal(
        reasonOf(() => authenticate(bearing(text))),
        'TOKEN_INVALID',
        String(text),
      );
  });

  it('gives rights by namespace', () => {
    const { authenticate } = createAuthentication(write(tokens), logger);
    const web = authenticate(bearing(`Bearer ${webToken}`));
    const operators = authenticate(bearing(`Bearer ${operatorToken}`));
    requireRight(web, 'submit', 'shop');
    requireRight(web, 'submit', '');
    requireAnyRight(web, 'default');
    requireRight(operators, 'administer', '*');
    requireRightSomewhere(operators, 'administer');
    assert.equal(
      reasonOf(() => requireRight(web, 'submit', 'other')),
      'RIGHT_MISSING',
    );
    assert.equal(
      reasonOf(() => requireRight(web, 'submit', '*')),
      'RIGHT_MISSING',
    );
    assert.equal(
      reasonOf(() => requireRight(web, 'run', 'shop')),
      'RIGHT_MISSING',
    );
    assert.equal(
      reasonOf(() => requireRight(operators, 'submit', 'shop')),
      'RIGHT_MISSING',
    );
    assert.equal(
      reasonOf(() => requireAnyRight(web, 'other')),
      'RIGHT_MISSING',
    );
    assert.equal(
      reasonOf(() => requireRightSomewhere(web, 'administer')),
      'RIGHT_MISSING',
    );
    assert.ok(mayEnter(operators, 'anything') && !mayEnter(web, 'other'));
  });

  it('reads the file again when it changes, and keeps the tokens if it is broken', async (t) => {
    const path = write(tokens, 'changing.json');
    const { authenticate } = createAuthentication(path, logger);
    let now = performance.now();
    t.mock.method(performance, 'now', () => now);
    const reason = () => reasonOf(() => authenticate(bearing(`Bearer ${webToken}`)));
    assert.equal(reason(), 'none');
    write('[{', 'changing.json');
    now += 2000;
    assert.equal(reason(), 'none');
    write([tokens[1]], 'changing.json');
    now += 2000;
    assert.equal(reason(), 'TOKEN_INVALID');
  });

  it('says what is wrong with a file', () => {
    const entry = tokens[0];
    const cases: readonly (readonly [unknown, RegExp])[] = [
      ['{', /JSON/],
      [{}, /must hold a JSON list/],
      [[1], /Entry 0 .* must be an object/],
      [[{ ...entry, right: 'x' }], /unknown field "right"/],
      [[{ ...entry, token: 'short' }], /at least 16 characters/],
      [[{ ...entry, sha256 }], /either "token" or "sha256"/],
      [[{ ...entry, rights: ['admin'] }], /"admin" is no right/],
      [[{ ...entry, namespaces: [] }], /namespaces must be a list/],
    ];
    for (const [list, pattern] of cases)
      assert.throws(() => createAuthentication(write(list, 'bad.json'), logger), pattern);
    assert.throws(() => createAuthentication(join(folder, 'none.json'), logger), /ENOENT/);
  });
});
