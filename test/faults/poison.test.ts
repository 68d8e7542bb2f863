// One value that Postgres refuses travels in a flush among 499 good ones: the neighbours are recorded,
// and the offender alone is answered for.

import { describe } from 'node:test';

describe('a flush with one poison value', () => {});
