/**
 * Strategies by name: how one agent is chosen for a task among those that it may run on.
 *
 *   ROUND_ROBIN            the next one, from the agent that joined first to the one that joined last, and again
 *   WEIGHTED_ROUND_ROBIN   the same by weights, with turns as evenly mixed as they can be (nginx's smooth way)
 *   RANDOM                 any one
 *   WEIGHTED_RANDOM        any one, by weights
 *   LEAST_LOADED           the one with the greatest share of free slots, then with the least load that it reports
 *   CONSISTENT_HASH        the owner of the key, unless that one is too far above the average
 *   STICKY                 the one that was chosen for the key last, while it is there
 *   LEAST_RECENTLY_USED    the one that was not chosen for longest
 *   LEAST_FREQUENTLY_USED  the one that was chosen least often
 *   FIRST, LAST            the one that joined first, or last
 *   FAILOVER               the first in a given order
 *   BUSY_OVER              the first in a given order that runs nothing
 */
import { placementLimits } from './limits.ts';

/** Names of all strategies. */
export const strategyNames = [
  'ROUND_ROBIN',
  'WEIGHTED_ROUND_ROBIN',
  'RANDOM',
  'WEIGHTED_RANDOM',
  'LEAST_LOADED',
  'CONSISTENT_HASH',
  'STICKY',
  'LEAST_RECENTLY_USED',
  'LEAST_FREQUENTLY_USED',
  'FIRST',
  'LAST',
  'FAILOVER',
  'BUSY_OVER',
] as const;

/** Name of a strategy. */
export type StrategyName = (typeof strategyNames)[number];

/** A strategy with what its owner may set of it. */
export type Strategy =
  | { readonly name: Exclude<StrategyName, 'CONSISTENT_HASH' | 'FAILOVER' | 'BUSY_OVER'> }
  | {
      readonly name: 'CONSISTENT_HASH';
      /** No agent is above the average load by more than this part of it, rounded up. */
      readonly loadSlack: number;
    }
  | {
      readonly name: 'FAILOVER';
      /** Agent ids, first choice first. Agents that are not named come after them, by agent id. */
      readonly order: readonly string[];
      /** The first one that is there is waited for when it is full; else the task goes to the next one with a free slot. */
      readonly waits: boolean;
    }
  | {
      readonly name: 'BUSY_OVER';
      /** As that of FAILOVER. */
      readonly order: readonly string[];
    };

/** Names that XXL-JOB gives to its routes (`ExecutorRouteStrategyEnum`), where they are not ours as well; and BROADCAST. */
const aliases: Readonly<Record<string, StrategyName | 'BROADCAST'>> = Object.freeze({
  ROUND: 'ROUND_ROBIN',
  BUSYOVER: 'BUSY_OVER',
  SHARDING_BROADCAST: 'BROADCAST',
  BROADCAST: 'BROADCAST',
});

/** The strategy of a name, ours or XXL-JOB's; BROADCAST is none, because it chooses every agent. Null: nobody calls one so. */
export function strategyNamed(text: string): StrategyName | 'BROADCAST' | null {
  const own = strategyNames.find((name) => name === text);
  return own ?? (Object.hasOwn(aliases, text) ? (aliases[text] ?? null) : null);
}

/** What is wrong with the settings of a strategy, or null. */
export function strategyFault(strategy: Strategy): string | null {
  const { loadSlackMin, loadSlackMax, orderMax } = placementLimits;
  switch (strategy.name) {
    case 'CONSISTENT_HASH':
      return strategy.loadSlack >= loadSlackMin && strategy.loadSlack <= loadSlackMax
        ? null
        : `has a load slack of ${strategy.loadSlack}; it must be from ${loadSlackMin} to ${loadSlackMax}`;
    case 'FAILOVER':
    case 'BUSY_OVER':
      return strategy.order.length <= orderMax
        ? null
        : `has an order of ${strategy.order.length} agents; at most ${orderMax} are allowed`;
    default:
      return null;
  }
}
