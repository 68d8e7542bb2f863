// A process with agents of a bench. They can leave and come back without a new process, so that the start of a program is
// no part of a figure.

import { fileURLToPath } from 'node:url';
import { startNode } from '../../harness/processes.ts';
import type { AgentsWord, Noted } from '../protocol.ts';

/** A process with agents. */
export interface BenchAgents {
  readonly pid: number;
  /** Resolves when all their sessions stand. */
  join(): Promise<void>;
  /** Drains them. */
  leave(): Promise<void>;
  /** Sets so many timers to each of so many whole seconds, from a calendar moment in milliseconds. */
  setTimers(from: number, moments: number, each: number): Promise<void>;
  /** What handlers and timers have noted since it was last asked. */
  take(): Promise<Noted>;
  stop(): Promise<void>;
}

/** How many agents the process has, and how many slots they share. */
export interface AgentsOptions {
  readonly slots: number;
  /** Default 1. */
  readonly agents?: number;
}

const answerMs = 120_000;
const main = fileURLToPath(new URL('../agent-main.ts', import.meta.url));

/** Starts the process; nobody has joined yet. */
export async function startBenchAgents(
  address: string,
  { slots, agents = 1 }: AgentsOptions,
): Promise<BenchAgents> {
  const process = await startNode(main, [address, String(slots), String(agents)]);
  await process.line(/^agents started$/);
  const say = async (word: AgentsWord, answer: RegExp) => {
    const from = process.lines.length;
    process.write(`${word}\n`);
    return process.line(answer, { from, timeoutMs: answerMs });
  };
  return {
    pid: process.pid,
    join: async () => void (await say('join', /^agents ready$/)),
    leave: async () => void (await say('leave', /^agents gone$/)),
    setTimers: async (from, moments, each) =>
      void (await say(`timers ${from} ${moments} ${each}`, /^timers set$/)),
    take: async () => {
      const [line] = await say('take', /^\{"noted":.*\}$/);
      return (JSON.parse(line) as { noted: Noted }).noted;
    },
    stop: async () => {
      await process.end('SIGTERM');
    },
  };
}
