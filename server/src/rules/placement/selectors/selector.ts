/**
 * Selectors: which agents a task may run on, and which it would rather run on, by the labels that agents carry.
 *
 * A label that an agent does not carry is not equal to anything: NOT_EQUALS and NOT_IN hold, EQUALS, IN and comparisons do
 * not. Comparisons read the value as a decimal number, and do not hold for a value that is none.
 */
import type { Labels } from '../../task.ts';
import { placementLimits } from '../limits.ts';

/** One condition on one label. */
export type Term =
  | {
      readonly label: string;
      readonly operator: 'EQUALS' | 'NOT_EQUALS';
      readonly value: string;
    }
  | {
      readonly label: string;
      readonly operator: 'IN' | 'NOT_IN';
      readonly values: readonly string[];
    }
  | { readonly label: string; readonly operator: 'EXISTS' | 'NOT_EXISTS' }
  | {
      readonly label: string;
      readonly operator: 'GREATER' | 'AT_LEAST' | 'LESS' | 'AT_MOST';
      readonly number: number;
    };

/** A condition that should be met, and by how much it counts among others. */
export type Preference = { readonly term: Term; readonly weight: number };

/** What a task asks of its agent. */
export type Selector = {
  /** All of them must be met. */
  readonly require: readonly Term[];
  readonly prefer: readonly Preference[];
  /**
   * What agents of its earlier attempts are to it: REQUIRED: out of the question; PREFERRED: worse than every other agent,
   * whatever else is preferred; null: as good as others.
   */
  readonly avoidEarlierAgents: 'REQUIRED' | 'PREFERRED' | null;
};

/** What selectors see of an agent. */
export type LabelledAgent = { readonly agentId: string; readonly labels: Labels };

/** What is not met: a term at its index in `require`, or the avoidance of earlier agents. */
export type Unmet = {
  readonly requirement: number | 'avoidEarlierAgents';
  /** How many of the agents do not meet it; they may fail to meet others as well. */
  readonly agents: number;
};

/** More than all preferences together can weigh. */
const avoidanceWeight = placementLimits.preferencesMax * placementLimits.preferenceWeightMax + 1;

const decimal = /^-?\d+(?:\.\d+)?$/;

/** Whether labels meet a term. */
export function meets(labels: Labels, term: Term): boolean {
  const value = Object.hasOwn(labels, term.label) ? labels[term.label] : undefined;
  switch (term.operator) {
    case 'EQUALS':
      return value === term.value;
    case 'NOT_EQUALS':
      return value !== term.value;
    case 'IN':
      return value !== undefined && term.values.includes(value);
    case 'NOT_IN':
      return value === undefined || !term.values.includes(value);
    case 'EXISTS':
      return value !== undefined;
    case 'NOT_EXISTS':
      return value === undefined;
    default:
      return value !== undefined && decimal.test(value) && compares(Number(value), term);
  }
}

function compares(
  value: number,
  { operator, number }: Extract<Term, { readonly number: number }>,
): boolean {
  switch (operator) {
    case 'GREATER':
      return value > number;
    case 'AT_LEAST':
      return value >= number;
    case 'LESS':
      return value < number;
    case 'AT_MOST':
      return value <= number;
  }
}

/** Whether a task may run on an agent; `earlier`: ids of the agents of its attempts so far. */
export function matches(
  { require, avoidEarlierAgents }: Selector,
  { agentId, labels }: LabelledAgent,
  earlier: ReadonlySet<string>,
): boolean {
  if (avoidEarlierAgents === 'REQUIRED' && earlier.has(agentId)) return false;
  return require.every((term) => meets(labels, term));
}

/** Which requirements are not met, and by how many of the agents: most first. For those who ask why a task waits. */
export function unmetBy(
  { require, avoidEarlierAgents }: Selector,
  agents: readonly LabelledAgent[],
  earlier: ReadonlySet<string>,
): readonly Unmet[] {
  const unmet: Unmet[] = require.map((term, requirement) => ({
    requirement,
    agents: agents.filter(({ labels }) => !meets(labels, term)).length,
  }));
  if (avoidEarlierAgents === 'REQUIRED')
    unmet.push({
      requirement: 'avoidEarlierAgents',
      agents: agents.filter(({ agentId }) => earlier.has(agentId)).length,
    });
  return unmet.filter(({ agents }) => agents > 0).sort((a, b) => b.agents - a.agents);
}

/** The sum of the weights of all preferences that labels meet. */
export function scoreOf({ prefer }: Pick<Selector, 'prefer'>, labels: Labels): number {
  return prefer.reduce((sum, { term, weight }) => sum + (meets(labels, term) ? weight : 0), 0);
}

/**
 * The agents that a task may run on, in tiers: those with the highest score first, in each those with the same score; then
 * those of earlier attempts, if these are to be avoided. Each agent costs a look at each term.
 */
export function tiersOf<Agent extends LabelledAgent>(
  selector: Selector,
  agents: readonly Agent[],
  earlier: ReadonlySet<string>,
): readonly (readonly Agent[])[] {
  const avoids = selector.avoidEarlierAgents === 'PREFERRED';
  const byRank = Map.groupBy(
    agents.filter((agent) => matches(selector, agent, earlier)),
    ({ agentId, labels }) =>
      scoreOf(selector, labels) - (avoids && earlier.has(agentId) ? avoidanceWeight : 0),
  );
  return [...byRank].sort(([a], [b]) => b - a).map(([, tier]) => tier);
}
