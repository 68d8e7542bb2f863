// An agent process dies by SIGKILL with 50 running tasks. All of them start again on a second agent
// within 10 s, end there, and each has one recorded outcome; their history shows one LOST attempt.

import { describe } from 'node:test';

describe('an agent that is killed', () => {});
