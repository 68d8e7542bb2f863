/**
 * What keeps a task from running, as its readers see it.
 */
import type { Obstacle as ObstacleMessage } from '@muster/proto';
import type { Obstacle } from '../../rules/inspect/obstacles.ts';
import { timestampOf } from './values.ts';

/** An obstacle; `nearestHandler` is told of a handler that nobody serves. */
export function obstacleMessage(obstacle: Obstacle, nearestHandler: string): ObstacleMessage {
  const kind = `OBSTACLE_KIND_${obstacle.kind}` as const;
  switch (obstacle.kind) {
    case 'NOT_DUE':
      return { kind, untilTime: timestampOf(obstacle.until) };
    case 'HANDLER_PAUSED':
    case 'NAMESPACE_PAUSED':
      return { kind, note: obstacle.note };
    case 'CONCURRENCY': {
      const { limit, slots, holders } = obstacle;
      return { kind, limit, slots, holders: [...holders] };
    }
    case 'RATE':
      return { kind, limit: obstacle.limit, untilTime: timestampOf(obstacle.until) };
    case 'NO_FREE_SLOT': {
      const { agents, slots, holders } = obstacle;
      return { kind, agents, slots, holders: [...holders] };
    }
    case 'UNSERVED':
      return { kind, nearestHandler };
    case 'SETTLING':
    case 'IN_LINE':
      return { kind };
  }
}
