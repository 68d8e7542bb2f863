// One process of a peer, as the bench holds it: asked one question at a time, followed while it runs
// jobs, and ended at the latest when the bench ends.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { forgetProcess, reapProcess } from '../../harness/reaper.ts';
import type { Answer, PeerProcessTask, Progress, Request, Span } from './conversation.ts';

/** A process of a peer. */
export interface Member {
  /** Asks; fails if the process ends, or does not answer within a minute. */
  ask(request: Request): Promise<Span>;
  /** Who is told of each progress; the one before is forgotten. */
  follow(listener: (progress: Progress) => void): void;
  end(): Promise<void>;
}

const main = fileURLToPath(new URL('peer-process.ts', import.meta.url));
const answerMs = 60_000;
const saidMax = 2_000;

/** Starts a process for this peer. */
export function startMember(task: PeerProcessTask): Member {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = fork(main, [JSON.stringify(task)], { execArgv: [], env, silent: true });
  const { pid } = child;
  if (pid !== undefined) reapProcess(pid);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-saidMax);
    });
  }
  let listener: (progress: Progress) => void = () => {};
  let pending: PromiseWithResolvers<Span> | undefined;
  const fail = (why: string) => pending?.reject(new Error(`${task.name} ${why}:\n${said}`));
  child.on('message', (answer: Answer) => {
    if (answer.kind === 'progress') listener(answer);
    else pending?.resolve(answer);
  });
  child.once('error', (error) => fail(String(error)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      if (pid !== undefined) forgetProcess(pid);
      fail(`ended (${signal ?? `exit code ${code}`})`);
      resolve();
    });
  });
  return {
    ask: async (request) => {
      pending = Promise.withResolvers<Span>();
      const timer = setTimeout(() => fail(`did not answer ${request.do}`), answerMs);
      child.send(request);
      return pending.promise.finally(() => clearTimeout(timer));
    },
    follow: (next) => {
      listener = next;
    },
    end: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
