// A scene for tests of commands: they run in this process, against a coordinator of a few lines that keeps what it is asked.

import { Metadata, Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js';
import { loadContract } from '@muster/proto';
import type { Terminal } from '../printing/terminal.ts';
import { run } from '../run.ts';

/** Answers by method. */
export type Answers = Readonly<Record<string, (request: never) => object>>;

/** What a coordinator of a few lines does. */
export interface Script {
  /** Services of the contract that it has. */
  readonly services: readonly (keyof ReturnType<typeof loadContract>['muster'])[];
  readonly answers: Answers;
  /** Reason with which a method without an answer is refused, as NOT_FOUND. */
  readonly missing: string;
}

/** How a command ended, what it printed and what it asked for. */
export interface ScriptedRun<Request> {
  readonly code: number;
  readonly out: string;
  readonly note: string;
  readonly methods: readonly string[];
  readonly requests: readonly Request[];
}

/** Runs `muster WORDS` against a coordinator that follows the script. */
export async function runScripted<Request>(
  script: Script,
  words: readonly string[],
): Promise<ScriptedRun<Request>> {
  const asked: [method: string, request: Request][] = [];
  const out: string[] = [];
  const notes: string[] = [];
  const terminal: Terminal = {
    out: (line) => void out.push(line),
    note: (line) => void notes.push(line),
    redraw: () => {},
    live: false,
    columns: 80,
    readInput: async () => '',
    confirm: async () => undefined,
    signal: new AbortController().signal,
  };
  const server = serverOf(script, (method, request) => void asked.push([method, request]));
  try {
    const address = await listen(server);
    const code = await run([...words, '--address', address], terminal);
    const [methods, requests] = [asked.map(([name]) => name), asked.map(([, request]) => request)];
    return { code, out: out.join('\n'), note: notes.join('\n'), methods, requests };
  } finally {
    server.forceShutdown();
  }
}

function serverOf(
  { services, answers, missing }: Script,
  ask: (method: string, request: never) => void,
): Server {
  const server = new Server();
  for (const name of services) {
    const { service } = loadContract().muster[name];
    const methods = Object.keys(service).map((method) => [
      method,
      (call: { request: never }, callback: sendUnaryData<object>) => {
        ask(method, call.request);
        const answer = answers[method];
        if (answer === undefined) return callback(refusal(missing));
        callback(null, answer(call.request));
      },
    ]);
    server.addService(service, Object.fromEntries(methods));
  }
  return server;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    const listening = (error: Error | null, port: number) =>
      error ? reject(error) : resolve(`127.0.0.1:${port}`);
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), listening);
  });
}

function refusal(reason: string) {
  const { messages } = loadContract();
  const info = messages['google.rpc.ErrorInfo'].serialize({ reason, domain: 'muster' });
  const type_url = 'type.googleapis.com/google.rpc.ErrorInfo';
  const details = [{ type_url, value: info }];
  const metadata = new Metadata();
  const message = { code: status.NOT_FOUND, message: `refused: ${reason}`, details };
  metadata.set('grpc-status-details-bin', messages['google.rpc.Status'].serialize(message));
  return { code: message.code, details: message.message, metadata };
}
