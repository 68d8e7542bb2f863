// Known bugs that a simulation can have seeded, to see that it would find them. None is in the code that is simulated:
// one is a guard that the rows leave out, the others are distortions of what agents say and hear.

import type { ConnectRequest__Output, ConnectResponse__Output, InventoryItem } from '@muster/proto';
import type { Tap } from '../world/network.ts';

/** Rules that somebody might leave out. */
export type Bug = 'no attachment check' | 'no silence rule' | 'no inventory verdict';

/** What passes between one agent and the coordinators, as it is or as the bug makes it. */
export function tapOf(bug: Bug | undefined, isOver: (sessionId: string) => boolean): Tap {
  if (bug === 'no silence rule') return { sent: (message) => message, read: withoutSilence };
  if (bug === 'no inventory verdict') return withoutVerdicts(isOver);
  return { sent: (message) => message, read: (message) => message };
}

/** As long as the agent thinks so, no silence is too long. */
function withoutSilence(message: ConnectResponse__Output): ConnectResponse__Output {
  const { welcome } = message;
  if (!welcome) return message;
  return { ...message, welcome: { ...welcome, silenceTimeout: { seconds: 1e6, nanos: 0 } } };
}

/** An agent is let in without a word on what it holds, also when its session has ended, and takes all of it for its own. */
function withoutVerdicts(isOver: (sessionId: string) => boolean): Tap {
  let inventory: readonly InventoryItem[] = [];
  return {
    sent(message: ConnectRequest__Output) {
      const { hello } = message;
      if (!hello) return message;
      inventory = hello.inventory;
      if (!isOver(hello.sessionId)) return message;
      return { ...message, hello: { ...hello, sessionId: '', sessionToken: '' } };
    },
    read(message) {
      const { welcome } = message;
      if (!welcome) return message;
      const verdicts = inventory.map(({ lease }) => ({ lease, verdict: 'VERDICT_KEEP' as const }));
      return { ...message, welcome: { ...welcome, resumed: true, verdicts } } as typeof message;
    },
  };
}
