// The catalogue of built-in handlers. All are off unless an agent names them: each lets
// whoever may submit tasks act with the agent's own network and rights.

import { type AnyHandler, MusterError } from '@muster/sdk';
import { checkOptionKeys } from '@muster/sdk/internal';
import { grpcCall } from './grpc-call.ts';
import { httpRequest } from './http-request.ts';
import { type ShellExecOptions, shellExec } from './shell-exec.ts';

/** A built-in handler to offer. `shell.exec` needs the list of commands that may be run. */
export type BuiltIn =
  | 'http.request'
  | 'grpc.call'
  | ({ readonly name: 'shell.exec' } & ShellExecOptions);

/** The definitions of the built-in handlers that are named. Throws OPTION_INVALID. */
export function builtInHandlers(builtIns: readonly BuiltIn[]): AnyHandler[] {
  return builtIns.map(definition);
}

const shellExecKeys = ['name', 'allow', 'allowEnv', 'outputBytesMax'];

function definition(builtIn: BuiltIn): AnyHandler {
  if (builtIn === 'http.request') return httpRequest;
  if (builtIn === 'grpc.call') return grpcCall;
  if (typeof builtIn === 'object' && builtIn?.name === 'shell.exec') {
    checkOptionKeys('Built-in "shell.exec"', builtIn, shellExecKeys);
    return shellExec(builtIn);
  }
  throw unknownBuiltIn(builtIn);
}

function unknownBuiltIn(builtIn: unknown): MusterError {
  const message =
    builtIn === 'shell.exec'
      ? 'Built-in "shell.exec" needs a list of commands: { name: "shell.exec", allow: ["/usr/bin/ffmpeg"] }.'
      : `There is no built-in handler ${JSON.stringify(builtIn)}. There are: http.request, grpc.call, shell.exec.`;
  return new MusterError('OPTION_INVALID', message, { metadata: { option: 'builtIns' } });
}
