// The program of a child process: runs one attempt at a time for the agent that forked it.
// It ends when the agent does, and leaves signals of the terminal to the agent.

import { failureOf } from '@muster/sdk/internal';
import { signalReason } from '../attempt/stop.ts';
import { type TaskClients, taskClients } from '../attempt/task-client.ts';
import { loadHandler } from '../handlers/load.ts';
import type { ChildConnection, ChildRun, FromChild, ToChild } from './child-protocol.ts';
import type { AttemptSink } from './executor.ts';
import { callHandler } from './in-process.ts';

/** Progress and checkpoints go over at most so often; the newest of each. */
const reportIntervalMs = 100;

let current: AbortController | undefined;
let clients: TaskClients | undefined;

/** An agent connects all its children in the same way. */
function clientsFor(connection: ChildConnection): TaskClients {
  clients ??= taskClients(connection);
  return clients;
}

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

async function run(task: ChildRun): Promise<void> {
  const stop = new AbortController();
  current = stop;
  const { sink, flush } = sinkTo(task.logLinesMax);
  const { connection, file, ...rest } = task;
  const execution = { ...rest, signal: () => stop.signal, sink };
  const settled = await loadHandler(file, task.assigned.handler).then(
    (handler) => callHandler(handler, execution, clientsFor(connection).of),
    (thrown) => ({ failure: failureOf(thrown) }),
  );
  current = undefined;
  flush();
  if ('failure' in settled) send({ type: 'failed', failure: settled.failure });
  else send({ type: 'returned', output: settled.output });
}

/** Sends what the handler says, within bounds. */
function sinkTo(logLinesMax: number): { sink: AttemptSink; flush(): void } {
  const newest = new Map<'progress' | 'checkpoint', FromChild>();
  let timer: NodeJS.Timeout | undefined;
  let lines = 0;
  const sendNewest = () => {
    for (const message of newest.values()) send(message);
    newest.clear();
  };
  const sendSoon = () => {
    if (timer) return;
    sendNewest();
    timer = setTimeout(() => {
      timer = undefined;
      if (newest.size > 0) sendSoon();
    }, reportIntervalMs);
  };
  const sink: AttemptSink = {
    progress(completed, total, message) {
      newest.set('progress', { type: 'progress', completed, total, message });
      sendSoon();
    },
    checkpoint(payload) {
      newest.set('checkpoint', { type: 'checkpoint', payload });
      sendSoon();
    },
    log(level, message, at) {
      lines += 1;
      if (lines <= logLinesMax) send({ type: 'log', level, message: message.slice(0, 4096), at });
    },
    linesDropped() {},
  };
  const flush = () => {
    clearTimeout(timer);
    sendNewest();
    if (lines > logLinesMax) send({ type: 'linesDropped', count: lines - logLinesMax });
  };
  return { sink, flush };
}

process.on('message', (message: ToChild) => {
  if (message.type === 'run') void run(message.run);
  else current?.abort(signalReason(message.cause));
});
process.on('disconnect', () => process.exit());
process.on('uncaughtException', (thrown) => {
  console.error(thrown);
  // The message must leave before the process does.
  process.send?.({ type: 'crashed', failure: failureOf(thrown) } satisfies FromChild, () =>
    process.exit(1),
  );
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
send({ type: 'ready' });
