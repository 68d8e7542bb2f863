/** Every limit of placement, with its unit in its name where it has one. */

/** Limits of selectors, strategies and of what a strategy remembers. */
export const placementLimits = Object.freeze({
  requirementsMax: 16,
  preferencesMax: 16,
  /** Values of one IN or NOT_IN. */
  valuesMax: 32,
  preferenceWeightMin: 1,
  preferenceWeightMax: 100,
  /** Agents that the order of FAILOVER and BUSY_OVER names. */
  orderMax: 100,
  /** By how much of the average load CONSISTENT_HASH lets an agent be above it. */
  loadSlackMin: 0.01,
  loadSlackMax: 10,
  loadSlackDefault: 0.25,
  /** Agents that a strategy remembers. */
  agentsMax: 1_000,
  /** Keys that STICKY remembers. */
  keysMax: 10_000,
});
