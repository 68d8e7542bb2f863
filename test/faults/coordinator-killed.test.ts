// The coordinator dies by SIGKILL while tasks run, and comes back on the same data after 2 s and after
// 60 s; agents finish meanwhile. Nothing is lost and nothing is run twice: no attempt number moves and
// no attempt is LOST. All variants, on both engines, wait side by side.

import { describe } from 'node:test';

describe('a coordinator that is killed', () => {});
