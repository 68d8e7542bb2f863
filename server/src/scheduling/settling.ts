/**
 * Tasks that a handler had before its limits came or went are moved into its lanes, or out of them.
 *
 * The wakeup `dictionaries` tells that some handler has changed; a look now and then finds what was never heard of.
 */
import type { Logger } from 'pino';
import { createLoop, type Loop } from '../loop.ts';
import type { RoleContext } from '../role.ts';

/** Tasks of one transaction. */
const movedMax = 1_000;
/** Until the next look at a change that older transactions may not have seen. */
const ripeMs = 20;
const intervalMs = 60_000;

/** Makes the loop. */
export function createSettling({
  store,
  wakeups,
  logger,
  time,
}: Pick<RoleContext, 'store' | 'wakeups' | 'time'> & { readonly logger: Logger }): Loop {
  let unsubscribe = () => {};
  const loop = createLoop({
    name: 'settling',
    ...{ intervalMs, logger, time },
    async runOnce() {
      const { handlerIds, more } = await store.lanes.settle(movedMax);
      if (handlerIds.length > 0) wakeups.publish('ready', { handlerIds });
      return {
        did: handlerIds.length,
        ...(more ? { nextInMs: handlerIds.length > 0 ? 0 : ripeMs } : {}),
      };
    },
  });
  return {
    ...loop,
    start() {
      unsubscribe = wakeups.subscribe('dictionaries', () => loop.nudge());
      loop.start();
    },
    async stop() {
      unsubscribe();
      await loop.stop();
    },
  };
}
