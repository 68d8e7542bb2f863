/**
 * The scheduling role: when tasks become READY. Each thing that time or other tasks bring about is one loop of its own.
 */
import type { Role, RoleContext } from '../role.ts';
import type { SlotPool } from '../rules/slot-pool.ts';
import { createPromotion } from './promotion.ts';
import { createSettling } from './settling.ts';
import { createTurns } from './turns.ts';

/** Makes the scheduling role; `pool` comes from dispatch, or is always empty. */
export function createScheduling(context: RoleContext & { readonly pool: SlotPool }): Role {
  const logger = context.logger.child({ role: 'scheduling' });
  const turns = createTurns({ ...context, logger });
  const loops = [
    createPromotion({ ...context, logger, looked: turns.looked }),
    turns,
    createSettling({ ...context, logger }),
  ];
  return {
    name: 'scheduling',
    async start() {
      for (const loop of loops) loop.start();
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
