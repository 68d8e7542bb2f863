// Every scenario of the bench, in the order in which they run.

import type { Scenario } from './scenario.ts';
import { saturated, throughput } from './scenarios/throughput.ts';

/** All of them. */
export const scenarios: readonly Scenario[] = [throughput, saturated];
