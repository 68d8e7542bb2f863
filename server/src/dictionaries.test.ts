// Names and numbers in memory: nothing that was made is forgotten by a reading that began before.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { configOf } from './config.ts';
import { createDictionaries, type Dictionaries } from './dictionaries.ts';
import { openStore } from './store/open.ts';
import type { HandlerFacts, Store } from './store/store.ts';
import { createInProcessWakeups } from './wakeups/in-process.ts';
import { CallRefused } from './wire/status.ts';

const logger = pino({ level: 'silent' });
const facts: HandlerFacts = {
  name: '',
  options: {
    retry: null,
    attemptTimeoutMs: null,
    atMostOnce: false,
    lostAttemptsMax: 3,
    cancelGraceMs: 5000,
  },
  inputSchema: '',
  outputSchema: '',
  description: '',
};

describe('dictionaries', () => {
  let store: Store;
  before(async () => {
    store = await openStore({ database: 'memory' });
  });
  after(() => store.close());

  function dictionariesOver(over: Store, handlerNamesMax = 1000): Dictionaries {
    const wakeups = createInProcessWakeups(logger);
    return createDictionaries({
      store: over,
      wakeups,
      logger,
      config: configOf({ handlerNamesMax }),
    });
  }

  it('keep a handler that is registered during a reading that does not see it', async () => {
    let readOn = () => {};
    const held = new Promise<void>((resolve) => {
      readOn = resolve;
    });
    let reading = false;
    const slow: Store = {
      ...store,
      dictionaries: {
        ...store.dictionaries,
        async handlers() {
          const rows = await store.dictionaries.handlers();
          if (reading) await held;
          return rows;
        },
      },
    };
    const dictionaries = dictionariesOver(slow);
    const { id: namespaceId } = await dictionaries
      .refresh()
      .then(() => dictionaries.resolveNamespace(''));
    reading = true;
    const read = dictionaries.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const [row] = await dictionaries.registerHandlers(namespaceId, [
      { ...facts, name: 'late.handler' },
    ]);
    const following = dictionaries.refresh();
    readOn();
    await read;
    assert.ok(row);
    assert.equal(dictionaries.handler(row.id)?.name, 'late.handler');
    await following;
    assert.equal(dictionaries.handlerNamed(namespaceId, 'late.handler')?.registered, true);
  });

  it('know submitted names as well as registered ones, and suggest only the latter', async () => {
    const dictionaries = dictionariesOver(store);
    const { id: namespaceId } = await dictionaries.resolveNamespace('default');
    await dictionaries.registerHandlers(namespaceId, [{ ...facts, name: 'email.send' }]);
    const rows = await dictionaries.ensureHandlers(namespaceId, [
      'email.sand',
      'email.send',
      'email.sand',
    ]);
    assert.deepEqual(
      [...rows.values()].map(({ registered }) => registered),
      [false, true],
    );
    assert.equal(dictionaries.nearestHandler(namespaceId, 'emial.send'), 'email.send');
    assert.equal(dictionaries.nearestHandler(namespaceId, 'something.else'), '');
  });

  it('refuse more names than they may hold', async () => {
    const dictionaries = dictionariesOver(store, 3);
    await dictionaries.refresh();
    const { id: namespaceId } = await dictionaries.resolveNamespace('');
    await assert.rejects(
      dictionaries.ensureHandlers(namespaceId, ['a', 'b', 'c', 'd']),
      (error: CallRefused) => error instanceof CallRefused && error.reason === 'OVERLOADED',
    );
  });

  it('refuse a namespace that there is not, with the nearest', async () => {
    await assert.rejects(
      dictionariesOver(store).resolveNamespace('defalt'),
      /Did you mean "default"\?/,
    );
  });
});
