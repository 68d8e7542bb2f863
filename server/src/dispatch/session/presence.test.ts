/** How much of its time a detached session has left, when the database answers at once and when it does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { CoordinatorId, NamespaceId, SessionId } from '../../rules/task.ts';
import { StoreConflict, StoreUnavailable } from '../../store/errors.ts';
import type { SessionRow, Store } from '../../store/store.ts';
import { noEvents } from '../../wakeups/events/events.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import { createPresence } from './presence.ts';

const id = 'session' as SessionId;
const coordinatorId = 'own' as CoordinatorId;
const session = { id, attachment: 3 };

/** A presence whose statements meet these errors before one succeeds; each try takes a second. */
function scene(...errors: readonly Error[]) {
  const left = [...errors];
  const detached: number[] = [];
  let now = 10_000;
  const row = { state: 'ATTACHED', coordinatorId, attachment: 3 } as unknown as SessionRow;
  const answer = () => {
    now += 1_000;
    const error = left.shift();
    if (error !== undefined) throw error;
  };
  const sessions = {
    async find() {
      answer();
      return [row];
    },
    async detach(_id: SessionId, _attachment: number, unheardMs: number) {
      answer();
      detached.push(unheardMs);
    },
  };
  const presence = createPresence({
    store: { sessions } as unknown as Store,
    wakeups: { publish() {} } as unknown as Wakeups,
    ...{ events: noEvents, coordinatorId, logger: pino({ level: 'silent' }), clock: () => now },
    pace: { wait: async () => {}, stopped: () => false },
  });
  return { presence, detached };
}

describe('a session whose stream is over', () => {
  it('has been unheard for as long as it was', async () => {
    const { presence, detached } = scene();
    presence.detach(session, 7_000);
    await presence.idle();
    assert.deepEqual(detached, [3_000]);
  });

  it('is not given time anew because another transaction came in between', async () => {
    const { presence, detached } = scene(new StoreConflict('in between'));
    presence.detach(session, 7_000);
    await presence.idle();
    assert.deepEqual(detached, [4_000]);
  });

  it('has all of its time anew after an outage of the database', async () => {
    const away = Array.from({ length: 60 }, () => new StoreUnavailable('away'));
    const { presence, detached } = scene(...away);
    presence.detach(session, 7_000);
    await presence.idle();
    assert.deepEqual(detached, [0]);
  });

  it('has all of its time after an outage also if its attach was in doubt', async () => {
    const away = Array.from({ length: 60 }, () => new StoreUnavailable('away'));
    const { presence, detached } = scene(...away);
    presence.doubt(1 as NamespaceId, id, () => false);
    await presence.idle();
    assert.deepEqual(detached, [0]);
  });
});
