/**
 * InspectService: why a task is not running.
 */
import type { ExplainTaskRequest__Output, ExplainTaskResponse } from '@muster/proto';
import { obstaclesOf, sentenceOf } from '../../rules/inspect/obstacles.ts';
import { obstacleMessage } from '../../wire/messages/obstacle.ts';
import { timestampOf } from '../../wire/messages/values.ts';
import { checkTaskId, createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { taskNotFound } from '../tasks/read-tasks.ts';

/** Says why a task is not running. */
export async function explainTask(
  context: ApiContext,
  request: ExplainTaskRequest__Output,
  caller: Caller,
): Promise<ExplainTaskResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'any');
  const checks = createChecks();
  const id = checkTaskId(checks, 'id', request.id);
  checks.finish();
  const facts = await context.store.inspect.explain(namespace.id, id);
  if (facts === null) throw taskNotFound(id, namespace.name);
  const obstacles = obstaclesOf(facts);
  const nearest = context.dictionaries.nearestHandler(namespace.id, facts.handler.name);
  return {
    state: `TASK_STATE_${facts.state}`,
    sentence: sentenceOf(facts, obstacles, nearest),
    obstacles: obstacles.map((obstacle) => obstacleMessage(obstacle, nearest)),
    ahead: obstacles.length === 0 ? 0 : facts.ahead,
    oldestDueTime: obstacles.length === 0 ? null : timestampOf(facts.oldestDueAt),
  };
}
