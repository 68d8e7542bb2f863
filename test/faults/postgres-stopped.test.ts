// Postgres is stopped for 60 s under running tasks and fresh submits. Submissions get UNAVAILABLE with
// a retry hint, agents go on working and hold their outcomes, and on its return nothing is run again.

import { describe } from 'node:test';

describe('a Postgres that is stopped', () => {});
