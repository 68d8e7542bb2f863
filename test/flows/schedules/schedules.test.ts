// What schedules do, on both engines: one cluster each for all stories.

import { flow } from '../../harness/flow.ts';
import { echo, fail, hold, quick } from './scene.ts';
import { byHand } from './stories/by-hand.ts';
import { failures, flaky } from './stories/failures.ts';
import { firing } from './stories/firing.ts';
import { overlap } from './stories/overlap.ts';

const agent = { handlers: [echo, fail, hold, flaky], slots: 200 };

flow('schedules', { agent, coordinator: quick, concurrency: 20 }, (stage) => {
  firing(stage);
  byHand(stage);
  failures(stage);
  overlap(stage);
});
