// All commands, in the order of the help.

import type { Command } from './command-line/command.ts';
import { agent } from './commands/agent.ts';
import { agents, agentsDrain } from './commands/agents.ts';
import { cluster } from './commands/cluster.ts';
import { dev } from './commands/dev.ts';
import { doctor } from './commands/doctor.ts';
import { events } from './commands/events.ts';
import { handlersFlow } from './commands/handlers/flow.ts';
import { handlersLimit } from './commands/handlers/limit.ts';
import { handlers } from './commands/handlers/list.ts';
import { handlersPause, handlersResume } from './commands/handlers/pause.ts';
import { limitDelete, limitGet, limitList, limitSet } from './commands/limits.ts';
import {
  namespacesCreate,
  namespacesDelete,
  namespacesList,
  namespacesPause,
  namespacesResume,
  namespacesUpdate,
} from './commands/namespaces.ts';
import { scheduleBackfill } from './commands/schedule/backfill.ts';
import { scheduleCreate } from './commands/schedule/create.ts';
import { scheduleDelete } from './commands/schedule/delete.ts';
import { scheduleApply } from './commands/schedule/files/apply.ts';
import { scheduleImport } from './commands/schedule/files/import.ts';
import { scheduleFires } from './commands/schedule/fires.ts';
import { scheduleGet } from './commands/schedule/get.ts';
import { scheduleList } from './commands/schedule/list.ts';
import { schedulePause, scheduleResume } from './commands/schedule/pause.ts';
import { schedulePreview } from './commands/schedule/preview.ts';
import { scheduleTrigger } from './commands/schedule/trigger.ts';
import { scheduleUpdate } from './commands/schedule/update.ts';
import { server } from './commands/server.ts';
import { taskCancel } from './commands/task/cancel.ts';
import { taskExplain } from './commands/task/explain.ts';
import { taskGet } from './commands/task/get.ts';
import { taskList } from './commands/task/list.ts';
import { taskRetry } from './commands/task/retry.ts';
import { taskSubmit } from './commands/task/submit.ts';
import { taskWait } from './commands/task/wait.ts';
import { taskWatch } from './commands/task/watch.ts';

/** Every command of `muster`. */
export const commands: readonly Command[] = [
  dev,
  server,
  agent,
  taskSubmit,
  taskGet,
  taskList,
  taskExplain,
  taskWait,
  taskWatch,
  taskCancel,
  taskRetry,
  scheduleList,
  scheduleGet,
  scheduleCreate,
  scheduleUpdate,
  scheduleDelete,
  schedulePause,
  scheduleResume,
  scheduleTrigger,
  scheduleBackfill,
  schedulePreview,
  scheduleFires,
  scheduleApply,
  scheduleImport,
  limitList,
  limitGet,
  limitSet,
  limitDelete,
  handlers,
  handlersFlow,
  handlersLimit,
  handlersPause,
  handlersResume,
  agents,
  agentsDrain,
  cluster,
  namespacesList,
  namespacesCreate,
  namespacesUpdate,
  namespacesDelete,
  namespacesPause,
  namespacesResume,
  events,
  doctor,
];
