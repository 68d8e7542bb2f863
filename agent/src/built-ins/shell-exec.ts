// `shell.exec`: runs a program, never a shell: what is run is a command from the agent's own
// list, with arguments that nothing expands. The whole process group ends with the attempt.

import { type ChildProcess, spawn } from 'node:child_process';
import { basename, isAbsolute } from 'node:path';
import { type AnyHandler, defineHandler, type HandlerContext } from '@muster/sdk';
import { invalidOption } from '@muster/sdk/internal';
import { checkKeys, InputError, optionalText, requiredText, texts } from './input.ts';

/** Options of `shell.exec`, set where the agent is made. */
export interface ShellExecOptions {
  /** Commands that may be run: absolute paths, or names that are looked up in the agent's PATH. */
  readonly allow: readonly string[];
  /** Environment variables that tasks may set. Default: none. */
  readonly allowEnv?: readonly string[];
  /** Bytes of stdout, and of stderr, that are kept: the last ones. Default 256 KiB. */
  readonly outputBytesMax?: number;
}

/** Input of `shell.exec`. */
export interface ShellExecInput {
  /** One of the agent's list, exactly as it stands there. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Default: the agent's own. */
  readonly cwd?: string;
  /** Only variables that the agent lets tasks set. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to the program's stdin. */
  readonly stdin?: string;
  /** Exit codes that are a success. Default: 0. */
  readonly expectedExitCodes?: readonly number[];
}

/** Output of `shell.exec`. */
export interface ShellExecOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** True if either was longer than is kept. */
  readonly truncated: boolean;
}

const inputKeys = ['command', 'args', 'cwd', 'env', 'stdin', 'expectedExitCodes'];
const argsMax = 1000;
/** What programs get of the agent's own environment: nothing that could be a secret. */
const passedEnv = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER'];
/** After the abort, the group is asked to end, and a moment later killed. */
const terminateMs = 1000;

/** The definition of `shell.exec` for one agent. Throws OPTION_INVALID without a list. */
export function shellExec(options: ShellExecOptions): AnyHandler {
  const { allow } = options;
  const isList = Array.isArray(allow) && allow.length > 0 && allow.every(isCommand);
  if (!isList) {
    const must = 'a list of absolute paths, or of names without slashes';
    throw invalidOption('Built-in "shell.exec"', 'allow', JSON.stringify(allow), must);
  }
  return defineHandler({
    name: 'shell.exec',
    description: `Runs one of: ${allow.map((each) => basename(each)).join(', ')}.`,
    run: (input: ShellExecInput, context) => execute(checkInput(input, options), context),
  }) as AnyHandler;
}

function isCommand(command: unknown): boolean {
  if (typeof command !== 'string' || command === '') return false;
  return isAbsolute(command) || !/[/\\]/.test(command);
}

type Checked = ReturnType<typeof checkInput>;

function checkInput(given: unknown, options: ShellExecOptions) {
  const input = checkKeys(given, inputKeys);
  const command = requiredText(input, 'command');
  if (!options.allow.includes(command)) {
    const allowed = options.allow.join(', ');
    throw new InputError(`Command "${command}" is not allowed here. Allowed: ${allowed}.`);
  }
  const env = texts(input, 'env');
  const refused = Object.keys(env).find((name) => !options.allowEnv?.includes(name));
  if (refused !== undefined) {
    throw new InputError(`Tasks may not set the environment variable "${refused}" here.`);
  }
  return {
    command,
    args: list(input, 'args', (each): each is string => typeof each === 'string'),
    cwd: optionalText(input, 'cwd'),
    env,
    stdin: optionalText(input, 'stdin'),
    expected: list(input, 'expectedExitCodes', (each): each is number => Number.isInteger(each)),
    bytesMax: options.outputBytesMax ?? 256 * 1024,
  };
}

function list<Item>(
  input: Record<string, unknown>,
  key: string,
  isItem: (each: unknown) => each is Item,
): Item[] {
  const value = input[key] ?? [];
  if (Array.isArray(value) && value.length <= argsMax && value.every(isItem)) return value;
  throw new InputError(`"${key}" must be a list of at most ${argsMax} items of its kind.`);
}

async function execute(input: Checked, { signal }: HandlerContext): Promise<ShellExecOutput> {
  signal.throwIfAborted();
  const { command, args, cwd, env, stdin } = input;
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...ownEnv(), ...env },
    // A group of its own, so that what the program starts ends with it.
    detached: true,
    stdio: 'pipe',
  });
  const stdout = new Tail(input.bytesMax);
  const stderr = new Tail(input.bytesMax);
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  // A program that does not read its stdin is no failure.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin ?? '');
  const stop = () => endGroup(child);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { code, by } = await ended(child);
    signal.throwIfAborted();
    return judge({ code, by, stdout, stderr }, input);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function ended(child: ChildProcess): Promise<{ code: number | null; by: string | null }> {
  return new Promise((resolve, reject) => {
    child.on('close', (code, by) => resolve({ code, by }));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const final = error.code === 'ENOENT' || error.code === 'EACCES';
      const message = `The program could not be started: ${error.message}`;
      reject(final ? new InputError(message) : error);
    });
  });
}

function judge(
  end: { code: number | null; by: string | null; stdout: Tail; stderr: Tail },
  { expected }: Checked,
): ShellExecOutput {
  const { code, by } = end;
  const stdout = end.stdout.text();
  const stderr = end.stderr.text();
  const truncated = end.stdout.truncated || end.stderr.truncated;
  const good = expected.length === 0 ? [0] : expected;
  if (code !== null && good.includes(code)) return { exitCode: code, stdout, stderr, truncated };
  const how = code === null ? `was killed by ${by}` : `ended with exit code ${code}`;
  throw new ExitError(how, { exitCode: code, stderr: stderr.slice(-4000) });
}

/** The program failed. */
class ExitError extends Error {
  override readonly name = 'ProgramFailed';
  readonly details: object;

  constructor(how: string, details: { exitCode: number | null; stderr: string }) {
    const lines = details.stderr.trim().split('\n').slice(-5).join('\n');
    super(`The program ${how}.${lines === '' ? '' : ` Its last words: ${lines}`}`);
    this.details = details;
  }
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), terminateMs);
  child.once('close', () => clearTimeout(timer));
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function ownEnv(): Record<string, string> {
  return Object.fromEntries(
    passedEnv.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    ),
  );
}

/** The last bytes of a stream. */
class Tail {
  readonly #bytesMax: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  truncated = false;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#bytesMax) return;
    this.truncated = true;
    // Seldom, so that a long output is not copied with every chunk.
    if (this.#bytes > 2 * this.#bytesMax) this.#chunks = [this.#last()];
    this.#bytes = this.#chunks.reduce((sum, each) => sum + each.length, 0);
  }

  text(): string {
    return this.#last().toString('utf8');
  }

  #last(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#bytesMax));
  }
}
