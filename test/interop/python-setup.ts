// What the Python programs need: packages from requirements.txt, and code generated from the
// .proto files. Both are made once below .venv, in folders named after what they are made from,
// and put in place by a rename, so that test files may do it at the same time.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type RunningProcess, repositoryRoot, startProcess } from '../harness/processes.ts';

const execute = promisify(execFile);

/** Where the Python programs of these tests are. */
export const pythonFolder = join(import.meta.dirname, 'python');

const madeFolder = join(import.meta.dirname, '.venv');
const protoFolder = join(repositoryRoot, 'proto');

/** Oldest Python for which the pinned packages are made. */
const minorMin = 10;

/** Why the Python tests cannot run on this machine; false if they can. */
export async function reasonToSkipPython(): Promise<string | false> {
  const probe = 'import sys, pip; print(sys.version_info.minor)';
  try {
    const { stdout } = await execute('python3', ['-c', probe]);
    if (Number(stdout) >= minorMin) return false;
    return `Python 3.${minorMin} or newer is needed, and python3 is 3.${stdout.trim()}`;
  } catch (error) {
    const [line] = (error as Error).message.trim().split('\n').slice(-1);
    return `python3 with pip is needed, and there is none (${line})`;
  }
}

/** Python with its packages and the generated contract. */
export interface Python {
  /** Runs a program of the folder to its end and reads the JSON that it prints. Throws what it wrote if it fails. */
  run(program: string, args: readonly string[]): Promise<PythonAnswer>;
  /** Starts a program of the folder. */
  start(program: string, args: readonly string[]): Promise<RunningProcess>;
}

/** What a program printed, and its exit code: 0, or 1 for an answer that is an error. */
export interface PythonAnswer {
  readonly code: number;
  // What is read from JSON is whatever the test then asserts.
  readonly value: Record<string, unknown>;
}

let setUp: Promise<Python> | undefined;

/** Installs and generates what is not there yet; the suites of one file, which begin at the same time, share it. */
export function setUpPython(): Promise<Python> {
  setUp ??= installAndGenerate();
  return setUp;
}

async function installAndGenerate(): Promise<Python> {
  const packages = await made('packages', requirements(), async (folder) => {
    await execute('python3', [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'],
      ...['--target', folder, '--requirement', join(pythonFolder, 'requirements.txt')],
    ]);
  });
  const contract = await made('contract', contractFiles(), async (folder) => {
    const env = { ...process.env, PYTHONPATH: packages };
    const generate = join(pythonFolder, 'generate.py');
    await execute('python3', [generate, protoFolder, folder], { env });
  });
  const env = {
    PYTHONPATH: [packages, contract].join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
  };
  return {
    run: (program, args) => answerOf(program, args, { ...process.env, ...env }),
    start: (program, args) =>
      startProcess(['python3', join(pythonFolder, program), ...args], { env, name: program }),
  };
}

async function answerOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<PythonAnswer> {
  const command = [join(pythonFolder, program), ...args];
  try {
    const { stdout } = await execute('python3', command, { env });
    return { code: 0, value: JSON.parse(stdout) };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as Partial<PythonFailure>;
    if (code === 1 && stdout.startsWith('{')) return { code, value: JSON.parse(stdout) };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

interface PythonFailure {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder below .venv whose name tells what it was made from; made unless it is there. */
async function made(
  name: string,
  sources: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(`${source}\n`);
  const folder = join(madeFolder, `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await make(partial);
  try {
    await rename(partial, folder);
  } catch {
    await rm(partial, { recursive: true, force: true }); // Another test file was faster.
  }
  return folder;
}

function requirements(): string[] {
  return [readFileSync(join(pythonFolder, 'requirements.txt'), 'utf8')];
}

function contractFiles(): string[] {
  const files = globSync('**/*.proto', { cwd: protoFolder }).sort();
  return [
    ...requirements(),
    ...files,
    ...files.map((file) => readFileSync(join(protoFolder, file), 'utf8')),
  ];
}
