// All commands, in the order of the help.

import type { Command } from './command-line/command.ts';
import { agent } from './commands/agent.ts';
import { agents, agentsDrain } from './commands/agents.ts';
import { cluster } from './commands/cluster.ts';
import { dev } from './commands/dev.ts';
import { doctor } from './commands/doctor.ts';
import { events } from './commands/events.ts';
import { handlers } from './commands/handlers.ts';
import {
  namespacesCreate,
  namespacesDelete,
  namespacesList,
  namespacesUpdate,
} from './commands/namespaces.ts';
import { server } from './commands/server.ts';
import { taskCancel } from './commands/task/cancel.ts';
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
  taskWait,
  taskWatch,
  taskCancel,
  taskRetry,
  handlers,
  agents,
  agentsDrain,
  cluster,
  namespacesList,
  namespacesCreate,
  namespacesUpdate,
  namespacesDelete,
  events,
  doctor,
];
