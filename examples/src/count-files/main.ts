// Counts the lines, words and bytes of a folder tree on three agents:
//
//   node main.ts [DIR]        default: node_modules
//
// Starts a coordinator and three agents as processes, submits one task per hundred files, waits
// with a progress bar, and prints what was counted, and by whom. Then a schedule counts the first
// files again, each second.

import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, type TaskGroup } from '@muster/sdk';
import { Children } from './children.ts';
import { add, type CountOutput, type Counts, countFiles, zero } from './handlers.ts';
import { recount } from './recount.ts';
import { type AgentWork, printAgents, printExtensions, showProgress } from './report.ts';
import { listFiles, split } from './tree.ts';

const filesPerTask = 100;
const agentNames = ['counter-1', 'counter-2', 'counter-3'];

/** Counts one folder with a coordinator at hand. Returns the exit code. */
async function count(folder: string, client: Client, signal: AbortSignal): Promise<number> {
  const { files, unreadable } = await listFiles(folder);
  const inputs = split(files, filesPerTask).map((part) => ({ folder, files: part }));
  console.error(`${files.length} files of ${folder} in ${inputs.length} tasks`);

  const group = await client.submitMany(countFiles, inputs);
  for await (const progress of group.progress({ signal })) showProgress(progress);
  const outputs = await group.results({ signal });

  const extensions = new Map<string, Counts>();
  for (const output of outputs)
    for (const [extension, counts] of Object.entries(output.extensions))
      extensions.set(extension, add(extensions.get(extension) ?? zero, counts));
  printExtensions(extensions, totalOf(extensions.values()));
  console.log();
  printAgents(await workOfAgents(client, group, outputs));
  console.log();
  await recount(client, inputs[0] ?? { folder, files: [] }, signal);

  const skipped = [unreadable, ...outputs.map((output) => output.unreadable)].flat();
  for (const what of skipped.slice(0, 10)) console.error(`not counted: ${what}`);
  if (skipped.length > 10) console.error(`not counted: ${skipped.length - 10} more`);
  return skipped.length > 0 ? 1 : 0;
}

/** Which agent ran which task is known to the coordinator; what came out of it, to us. */
async function workOfAgents(
  client: Client,
  group: TaskGroup<CountOutput>,
  outputs: readonly CountOutput[],
): Promise<Map<string, AgentWork>> {
  const agents = new Map<string, AgentWork>(
    agentNames.map((name) => [name, { ...zero, tasks: 0 }]),
  );
  const outputOf = new Map(group.ids.map((id, at) => [id, outputs[at]]));
  for await (const task of client.list({ handler: countFiles.name, pageSize: 1_000 })) {
    const counted = totalOf(Object.values(outputOf.get(task.id)?.extensions ?? {}));
    const before = agents.get(task.agentId ?? '') ?? { ...zero, tasks: 0 };
    agents.set(task.agentId ?? '', { ...add(before, counted), tasks: before.tasks + 1 });
  }
  return agents;
}

function totalOf(parts: Iterable<Counts>): Counts {
  return [...parts].reduce(add, zero);
}

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  const folder = await realpath(process.argv[2] ?? 'node_modules');
  const dataFolder = await mkdtemp(join(tmpdir(), 'count-files-'));
  const children = new Children();
  try {
    const address = await Promise.race([
      children.startCoordinator(dataFolder),
      once(stop.signal, 'abort').then(() => Promise.reject(stop.signal.reason)),
    ]);
    for (const name of agentNames) children.startAgent(name, address);
    const client = createClient({ address });
    try {
      const signal = AbortSignal.any([stop.signal, children.broken]);
      return await count(folder, client, signal).catch((error) => {
        throw signal.aborted ? signal.reason : error;
      });
    } finally {
      await client.close();
    }
  } finally {
    await children.end();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`count-files: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
