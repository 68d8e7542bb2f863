// Why a task is not running: one call, and its answer as a noun.

import type { Obstacle__Output } from '@muster/proto';
import type { Explanation, Obstacle, ObstacleKind } from '../client.ts';
import { readState } from '../wire/task.ts';
import { wireToDate } from '../wire/timestamp.ts';
import type { ClientCore } from './core.ts';

/** Asks why. */
export async function explainTask(core: ClientCore, id: string): Promise<Explanation> {
  const { namespace, services } = core;
  const answer = await services.inspect.explainTask({ namespace, id });
  return {
    state: readState(answer.state),
    sentence: answer.sentence,
    obstacles: answer.obstacles.map(readObstacle),
    ahead: answer.ahead,
    oldestDueTime: wireToDate(answer.oldestDueTime),
  };
}

function readObstacle(obstacle: Obstacle__Output): Obstacle {
  return {
    kind: obstacle.kind.replace('OBSTACLE_KIND_', '') as ObstacleKind,
    limit: obstacle.limit || undefined,
    until: wireToDate(obstacle.untilTime),
    holders: obstacle.holders,
    slots: obstacle.slots || undefined,
    agents: obstacle.agents || undefined,
    note: obstacle.note || undefined,
    nearestHandler: obstacle.nearestHandler || undefined,
  };
}
