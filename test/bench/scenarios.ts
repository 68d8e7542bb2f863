// Every scenario of the bench, in the order in which they run.

import type { Scenario } from './scenario.ts';
import { agents } from './scenarios/agents.ts';
import { backlog } from './scenarios/backlog.ts';
import { crowd } from './scenarios/crowd.ts';
import { due } from './scenarios/due.ts';
import { idle } from './scenarios/idle.ts';
import { lanes } from './scenarios/lanes.ts';
import { large } from './scenarios/large.ts';
import { latency } from './scenarios/latency.ts';
import { lateness } from './scenarios/lateness.ts';
import { overload } from './scenarios/overload.ts';
import { pinned } from './scenarios/pinned.ts';
import { replicas } from './scenarios/replicas.ts';
import { rest } from './scenarios/rest.ts';
import { embedded, saturated, throughput } from './scenarios/throughput.ts';

/** All of them. */
export const scenarios: readonly Scenario[] = [
  ...[throughput, saturated, backlog, latency, pinned],
  ...[lanes, crowd, lateness, due, rest],
  ...[agents, idle, embedded, large, overload, replicas],
];
