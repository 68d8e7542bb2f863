/**
 * The api role: everything that applications, people and tools ask, but for the agents' own service.
 *
 * This file lists the methods of its services; each is a function in a file of its own kind.
 */
import { loadContract } from '@muster/proto';
import type { Role, RoleContext, Routes } from '../role.ts';
import { createIdGenerator } from '../rules/ids.ts';
import type { SlotPool } from '../rules/slot-pool.ts';
import type { TaskId } from '../rules/task.ts';
import type { ApiContext } from './context.ts';
import { createDatabaseClock } from './database-clock.ts';
import { type Caller, type Methods, serveMethods } from './edge.ts';
import { drainAgent, getAgent, getCoordinator, listAgents, listCoordinators } from './fleet.ts';
import { getHandler, listHandlers } from './handlers.ts';
import { explainTask } from './inspect/explain-task.ts';
import {
  getHandlerFlow,
  pauseHandler,
  pauseNamespace,
  resumeHandler,
  resumeNamespace,
  setHandlerLimits,
} from './limits/flow.ts';
import { deleteLimit, getLimit, listLimits, setLimit } from './limits/named-limits.ts';
import {
  createNamespace,
  deleteNamespace,
  getNamespace,
  listNamespaces,
  updateNamespace,
} from './namespaces.ts';
import { applySchedules, createSchedule } from './schedules/apply.ts';
import { backfillSchedule, triggerSchedule } from './schedules/by-hand.ts';
import { getSchedule, listFires, listSchedules, previewSchedule } from './schedules/read.ts';
import {
  deleteSchedule,
  pauseSchedule,
  resumeSchedule,
  updateSchedule,
} from './schedules/schedules.ts';
import { cancelTasks } from './tasks/cancel-tasks.ts';
import { getTask, listTasks } from './tasks/read-tasks.ts';
import { retryTasks } from './tasks/retry-tasks.ts';
import { createServedHandlers } from './tasks/served-handlers.ts';
import { createSubmissions } from './tasks/submissions.ts';
import { submitTasks } from './tasks/submit-tasks.ts';
import { waitTasks } from './waits/wait-tasks.ts';
import { createWaiting } from './waits/waiting.ts';
import { watchTasks } from './waits/watch-tasks.ts';

/** Makes the api role; `pool` comes from dispatch, or is always empty. */
export function createApi(given: RoleContext & { readonly pool: SlotPool }): Role {
  const logger = given.logger.child({ role: 'api' });
  const clock = createDatabaseClock(given.store, logger, given.time);
  const newTaskId = createIdGenerator({ now: clock.now, random: given.time.bytes });
  const context: ApiContext = {
    ...given,
    logger,
    clock,
    newTaskId: () => newTaskId() as TaskId,
    submissions: createSubmissions({ ...given, logger, clock }),
    served: createServedHandlers(given.store, given.time),
    waiting: createWaiting({ ...given, logger }),
  };
  return {
    name: 'api',
    routes: (routes) => addServices(routes, context),
    async start() {
      await clock.start();
      context.waiting.start();
    },
    async stop() {
      await Promise.all([context.submissions.stop(), context.waiting.stop(), clock.stop()]);
    },
  };
}

function addServices(routes: Routes, context: ApiContext): void {
  const { muster } = loadContract();
  /** The method as the edge calls it. */
  const bind =
    <Request, Answer>(method: (context: ApiContext, request: Request, caller: Caller) => Answer) =>
    (request: Request, caller: Caller): Answer =>
      method(context, request, caller);

  const tasks: Methods<typeof muster.TaskService.service> = {
    SubmitTasks: bind(submitTasks),
    GetTask: bind(getTask),
    ListTasks: bind(listTasks),
    WaitTasks: bind(waitTasks),
    WatchTasks: bind(watchTasks),
    CancelTasks: bind(cancelTasks),
    RetryTasks: bind(retryTasks),
  };
  const admitSubmit = () => context.submissions.refuseIfFull();
  serveMethods(routes, muster.TaskService.service, tasks, context, {
    admission: { SubmitTasks: admitSubmit },
    streamed: { admitSubmit, submitTasks: bind(submitTasks), waitTasks: bind(waitTasks) },
  });
  serveMethods(
    routes,
    muster.HandlerService.service,
    { ListHandlers: bind(listHandlers), GetHandler: bind(getHandler) },
    context,
  );
  serveMethods(
    routes,
    muster.FleetService.service,
    {
      ListAgents: bind(listAgents),
      GetAgent: bind(getAgent),
      DrainAgent: bind(drainAgent),
      ListCoordinators: bind(listCoordinators),
      GetCoordinator: bind(getCoordinator),
    },
    context,
  );
  serveMethods(
    routes,
    muster.NamespaceService.service,
    {
      CreateNamespace: bind(createNamespace),
      GetNamespace: bind(getNamespace),
      ListNamespaces: bind(listNamespaces),
      UpdateNamespace: bind(updateNamespace),
      DeleteNamespace: bind(deleteNamespace),
    },
    context,
  );
  addFlowServices(routes, context, bind);
}

type Bind = <Request, Answer>(
  method: (context: ApiContext, request: Request, caller: Caller) => Answer,
) => (request: Request, caller: Caller) => Answer;

/** What asks for tasks by itself, what holds them back, and why. */
function addFlowServices(routes: Routes, context: ApiContext, bind: Bind): void {
  const { muster } = loadContract();
  serveMethods(
    routes,
    muster.ScheduleService.service,
    {
      CreateSchedule: bind(createSchedule),
      GetSchedule: bind(getSchedule),
      ListSchedules: bind(listSchedules),
      UpdateSchedule: bind(updateSchedule),
      DeleteSchedule: bind(deleteSchedule),
      PauseSchedule: bind(pauseSchedule),
      ResumeSchedule: bind(resumeSchedule),
      TriggerSchedule: bind(triggerSchedule),
      BackfillSchedule: bind(backfillSchedule),
      PreviewSchedule: bind(previewSchedule),
      ListFires: bind(listFires),
      ApplySchedules: bind(applySchedules),
    },
    context,
  );
  serveMethods(
    routes,
    muster.LimitService.service,
    {
      SetLimit: bind(setLimit),
      GetLimit: bind(getLimit),
      ListLimits: bind(listLimits),
      DeleteLimit: bind(deleteLimit),
      SetHandlerLimits: bind(setHandlerLimits),
      GetHandlerFlow: bind(getHandlerFlow),
      PauseHandler: bind(pauseHandler),
      ResumeHandler: bind(resumeHandler),
      PauseNamespace: bind(pauseNamespace),
      ResumeNamespace: bind(resumeNamespace),
    },
    context,
  );
  const inspect = { ExplainTask: bind(explainTask) };
  serveMethods(routes, muster.InspectService.service, inspect, context);
}
