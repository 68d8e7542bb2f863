// Every scenario of the bench, in the order in which they run.

import type { Scenario } from './scenario.ts';
import { latency } from './scenarios/latency.ts';
import { embedded, saturated, throughput } from './scenarios/throughput.ts';

/** All of them. */
export const scenarios: readonly Scenario[] = [throughput, saturated, latency, embedded];
