// Runs handlers of `isolation: 'process'` in child processes, one attempt at a time each, so
// that a handler which blocks its event loop or exits fails nothing but its own attempt.
//
//   starting ─ready─▶ busy ─ended─▶ idle ─run─▶ busy …      any ──exit──▶ gone
//
// There are never more children than attempts have run at a time, which slots bound.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HandlerFailure } from '@muster/sdk/internal';
import type { StopCause } from '../attempt/stop.ts';
import type { ChildConnection, FromChild, ToChild } from './child-protocol.ts';
import type { Execution, Executor, Running, Settled } from './executor.ts';

/** The children of one agent, shared by all its handlers. */
export class ChildPool {
  readonly #idle: Child[] = [];
  readonly #all = new Set<Child>();
  readonly #connection: ChildConnection;

  constructor(connection: ChildConnection) {
    this.#connection = connection;
  }

  /** Children that live. */
  get size(): number {
    return this.#all.size;
  }

  /** Runs handlers of this file. */
  executor(file: string): Executor {
    return {
      execute: (execution) => this.#execute(file, execution),
      close: () => this.close(),
    };
  }

  /** Kills every child. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((child) => child.kill()));
  }

  #execute(file: string, execution: Execution): Running {
    const child = this.#idle.pop() ?? this.#fork();
    const ended = child.run(file, execution, this.#connection).then((settled) => {
      if (child.isIdle) this.#idle.push(child);
      return settled;
    });
    return {
      ended,
      stop: (cause) => child.stop(cause),
      kill: () => void child.kill(),
    };
  }

  #fork(): Child {
    const child = new Child(() => {
      this.#all.delete(child);
      const index = this.#idle.indexOf(child);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    this.#all.add(child);
    return child;
  }
}

/** One child process. */
class Child {
  readonly #process: ChildProcess;
  readonly #gone: Promise<void>;
  #ready = false;
  /** Sent once the child is ready. */
  #waiting: ToChild[] = [];
  #execution: Execution | undefined;
  #settle: ((settled: Settled) => void) | undefined;
  #crashed = false;
  #exited = false;

  constructor(gone: () => void) {
    this.#process = forkChild();
    this.#process.on('message', (message: FromChild) => this.#received(message));
    this.#gone = new Promise((resolve) => {
      const end = (how: string) => {
        if (this.#exited) return;
        this.#exited = true;
        gone();
        this.#end({ failure: exitFailure(how) });
        resolve();
      };
      this.#process.on('exit', (code, signal) =>
        end(signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`),
      );
      this.#process.on('error', (error) => {
        // Only a child that never began has no 'exit'.
        if (this.#process.pid === undefined) end(`could not be started: ${error.message}`);
      });
    });
  }

  get isIdle(): boolean {
    return !this.#exited && !this.#crashed && this.#execution === undefined;
  }

  run(file: string, execution: Execution, connection: ChildConnection): Promise<Settled> {
    const { assigned, input, checkpoint, deadline, payloadBytesMax, logLinesMax } = execution;
    this.#execution = execution;
    this.#process.ref();
    this.#process.channel?.ref();
    const limits = { payloadBytesMax, logLinesMax };
    const run = { file, assigned, input, checkpoint, deadline, ...limits, connection };
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#send({ type: 'run', run });
    });
  }

  stop(cause: StopCause): void {
    if (this.#execution) this.#send({ type: 'stop', cause });
  }

  async kill(): Promise<void> {
    if (!this.#exited) this.#process.kill('SIGKILL');
    await this.#gone;
  }

  #send(message: ToChild): void {
    if (!this.#ready) this.#waiting.push(message);
    // A child that is about to end is noticed by its 'exit'.
    else if (this.#process.connected) this.#process.send(message, () => {});
  }

  #received(message: FromChild): void {
    const sink = this.#execution?.sink;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        for (const each of this.#waiting.splice(0)) this.#send(each);
        return;
      case 'progress':
        sink?.progress(message.completed, message.total, message.message);
        return;
      case 'checkpoint':
        sink?.checkpoint(message.payload);
        return;
      case 'log':
        sink?.log(message.level, message.message, message.at);
        return;
      case 'linesDropped':
        sink?.linesDropped(message.count);
        return;
      case 'returned':
        this.#end({ output: message.output });
        return;
      case 'failed':
        this.#end({ failure: message.failure });
        return;
      case 'crashed':
        this.#crashed = true;
        this.#end({ failure: message.failure });
    }
  }

  #end(settled: Settled): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#execution = undefined;
    this.#waiting = [];
    this.#process.unref();
    this.#process.channel?.unref();
    settle?.(settled);
  }
}

function forkChild(): ChildProcess {
  // In development the program is TypeScript, in the published package JavaScript.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const program = fileURLToPath(new URL(`./child-main.${extension}`, import.meta.url));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return fork(program, [], {
    env,
    execArgv: process.execArgv.filter((flag) => !/^--(inspect|test|watch|eval|print)/.test(flag)),
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function exitFailure(how: string): HandlerFailure {
  const message = `The handler's process ${how} before the handler had returned.`;
  return {
    kind: 'FAILURE_KIND_ERROR',
    name: 'HandlerProcessExited',
    message,
    stack: '',
    details: null,
    nonRetryable: false,
  };
}
