/**
 * Asks agents to move to coordinators that have fewer: `rules/spread.ts` says how many and where, here it is who.
 *
 *   attached ─ asked (GoAway; takes nothing new meanwhile) ─┬▶ attached elsewhere, with all that it holds
 *                                                           └▶ still here after a while: it stays, and takes work again
 *
 * Those that hold least are asked first. Nobody is asked twice within `askedForLooks`, so that an agent which finds no way to
 * the others, or is sent back by them, is left in peace. Costs no statement: the counts come with the sign of life.
 */
import type { Logger } from 'pino';
import { type AgentLoad, createSpreadRule, placesFor } from '../../rules/spread.ts';
import type { SessionId } from '../../rules/task.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Keeps agents spread. */
export type Spread = {
  /** One look, with every sign of life; `others`: coordinators that take agents, as they are known now. */
  look(others: readonly AgentLoad[]): void;
};

/** Looks for which an agent is not asked again: ten minutes of signs of life. */
const askedForLooks = 600;
/** Looks after which an agent that was asked and is still here counts as one that stays. */
const partingForLooks = 5;

/** Makes the spread of one coordinator's agents. */
export function createSpread(options: {
  readonly sessions: Sessions;
  readonly logger: Logger;
  readonly random: () => number;
}): Spread {
  const { sessions, logger, random } = options;
  const rule = createSpreadRule(random);
  const asked = new Map<SessionId, number>();
  let looks = 0;

  /** Agents that stay take work again, and after a long while any may be asked again. */
  function forget(): void {
    for (const [id, at] of asked) {
      const session = sessions.get(id);
      if (looks - at >= partingForLooks && session?.parting === true) {
        session.parting = false;
        session.slotsChanged(session);
      }
      if (looks - at >= askedForLooks) asked.delete(id);
    }
  }

  function ask(session: Session, addresses: readonly string[]): void {
    asked.set(session.id, looks);
    session.parting = true;
    session.slotsChanged(session);
    const reason = 'This coordinator has more agents than its share.';
    session.outbox.notices.push({ kind: 'GO_AWAY', addresses, delayMs: null, reason });
    session.wake();
  }

  return {
    look(others) {
      looks += 1;
      forget();
      const own = sessions.count();
      const wanted = rule(own, others);
      if (wanted === 0) return;
      const moving = leastBusy(sessions.all(), asked, wanted);
      for (const session of moving) ask(session, placesFor(own, others, random));
      if (moving.length > 0)
        logger.info({ agents: own, asked: moving.length }, 'agents are asked to move elsewhere');
    },
  };
}

function leastBusy(
  all: Iterable<Session>,
  asked: ReadonlyMap<SessionId, number>,
  count: number,
): readonly Session[] {
  return [...all]
    .filter(({ id, stage, draining }) => stage === 'ATTACHED' && !draining && !asked.has(id))
    .sort((a, b) => a.leases.size - b.leases.size)
    .slice(0, count);
}
