// Agents for tests: in this process, where a test can hold a handler by a closure, or as a process of
// their own from a file of handlers, where they can be frozen, killed, or end themselves.

import { fileURLToPath } from 'node:url';
import { type Agent, type AgentOptions, createAgent } from '@muster/agent';
import { type RunningProcess, startNode } from './processes.ts';

/** An agent that is a process. */
export interface AgentProcess {
  /** Its name, as the coordinator knows it. */
  readonly id: string;
  readonly process: RunningProcess;
  /** Drains it by SIGTERM and expects exit code 0. */
  stop(): Promise<void>;
}

/** Options that reach the process; the rest of an agent's options cannot be written down. */
export type AgentProcessOptions = Pick<
  AgentOptions,
  'agentId' | 'slots' | 'silenceTimeout' | 'drainGrace' | 'builtIns' | 'namespace'
>;

/** Starts an agent in this process, without a log; resolves when its session stands. */
export async function startAgent(address: string, options: AgentOptions): Promise<Agent> {
  const agent = createAgent({ address, logger: false, drainGrace: '1s', ...options });
  await agent.start();
  return agent;
}

/**
 * Starts an agent process that offers what a file under test/handlers/ exports; resolves when its session stands.
 *
 * @param file name of the file without its folder, for example `bad.ts`
 */
export async function startAgentProcess(
  address: string,
  file: string,
  options: AgentProcessOptions = {},
): Promise<AgentProcess> {
  const main = fileURLToPath(new URL('./agent-main.ts', import.meta.url));
  const handlers = fileURLToPath(new URL(`../handlers/${file}`, import.meta.url));
  const settings = JSON.stringify({ drainGrace: '1s', ...options, address });
  const process = await startNode(main, [handlers, settings], { name: `agent of ${file}` });
  const [, id = ''] = await process.line(/^serving (.+)$/);
  return {
    id,
    process,
    async stop() {
      const { code, signal } = await process.end('SIGTERM');
      if (code === 0) return;
      const how = signal ?? `exit code ${String(code)}`;
      throw new Error(`Agent ${id} ended by ${how}:\n${process.lines.slice(-30).join('\n')}`);
    },
  };
}
