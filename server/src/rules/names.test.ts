/** Names, labels, trace context and text. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  handlerNameFault,
  isTraceparent,
  labelFault,
  labelsFaults,
  namespaceNameFault,
} from './names.ts';
import { cutText, storableText } from './text.ts';

describe('names', () => {
  test('of handlers are dot-separated lower-case words', () => {
    for (const name of ['email.send', 'a', 'count_files.part-2', 'x.y.z', 'http.request', 'v.2fa'])
      assert.equal(handlerNameFault(name), null, name);
    for (const name of ['', '.', 'a.', '.a', 'a..b', 'Email', 'e mail', 'é', '1a', 'a'.repeat(129)])
      assert.notEqual(handlerNameFault(name), null, name);
  });

  test('of namespaces have no dots', () => {
    for (const name of ['default', 'team-a', 'a1']) assert.equal(namespaceNameFault(name), null);
    for (const name of ['', 'a.b', '1a', 'A', 'a_b', 'a'.repeat(64)])
      assert.notEqual(namespaceNameFault(name), null, name);
  });

  test('of labels are checked, with their values', () => {
    assert.equal(labelFault('app.kubernetes.io/name', 'x'), null);
    assert.notEqual(labelFault('', 'x'), null);
    assert.notEqual(labelFault('a b', 'x'), null);
    assert.notEqual(labelFault('a', 'é'.repeat(65)), null);
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, '']));
    assert.equal(labelsFaults(many).length, 1);
    assert.equal(labelsFaults({ A: 'x', b: 'y' }).length, 1);
  });

  test('are checked in time linear in their length', () => {
    const started = performance.now();
    handlerNameFault(`${'a.'.repeat(50)}!`);
    labelFault('a'.repeat(63), 'x'.repeat(1_000_000));
    assert.ok(performance.now() - started < 200);
  });

  test('a traceparent is taken as the standard says', () => {
    assert.ok(isTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'));
    assert.ok(!isTraceparent('00-00000000000000000000000000000000-b7ad6b7169203331-01'));
    assert.ok(!isTraceparent('ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'));
    assert.ok(!isTraceparent(''));
  });
});

describe('text', () => {
  test('is stored without NUL and lone surrogates', () => {
    assert.equal(storableText('a\0b\ud800c😀'), 'a\ufffdb\ufffdc😀');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const stored = storableText(text);
        assert.ok(stored.isWellFormed() && !stored.includes('\0'));
        assert.equal(storableText(stored), stored);
      }),
    );
  });

  test('is cut at a whole character', () => {
    assert.equal(cutText('short', 10), 'short');
    assert.equal(cutText('ééééé', 8), 'éé…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 40 }), (text, max) => {
        const cut = cutText(text, max);
        assert.ok(Buffer.byteLength(cut) <= max);
        assert.ok(cut === text || text.startsWith(cut.slice(0, -1)));
      }),
    );
  });
});
