/**
 * Keeps a second process off the folder of an embedded database, which two writers would corrupt (measured).
 *
 * The file `muster.lock` names its holder. A holder whose process is gone has left by crashing: its lock is taken over.
 * A holder on another host cannot be asked, so it is never taken over.
 */
import { mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { FolderHeld } from '../errors.ts';

type Holder = {
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one of the same number; 0 where the system does not say. */
  readonly processStart: number;
  readonly nonce: string;
};

/** Folders that this process holds: two stores in one process would corrupt one as well. */
const held = new Set<string>();

/** How long a taken-over lock is watched for somebody who took it over at the same time, in milliseconds. */
const takeOverWatchMs = 100;

/** Makes the folder if need be and holds it. Throws `FolderHeld`, which names the holder. */
export function holdFolder(folder: string): { release(): void } {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  const file = join(path, 'muster.lock');
  const self: Holder = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    nonce: `${process.hrtime.bigint()}-${Math.random()}`,
  };
  if (held.has(path)) throw heldBy(path, self);
  if (!create(file, self)) takeOver(path, file, self);
  held.add(path);
  return {
    release: () => {
      held.delete(path);
      if (read(file)?.nonce === self.nonce) unlinkSync(file);
    },
  };
}

function create(file: string, self: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(self), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function takeOver(path: string, file: string, self: Holder): void {
  const holder = read(file);
  if (holder !== null && isAlive(holder)) throw heldBy(path, holder);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(self));
  renameSync(draft, file);
  // Of several who take over at once, the last to rename holds it: the others see a stranger's name.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, takeOverWatchMs);
  const now = read(file);
  if (now !== null && now.nonce !== self.nonce) throw heldBy(path, now);
}

/** Null: unreadable, as after a crash in the middle of writing. */
function read(file: string): Holder | null {
  try {
    const { pid, host, processStart: start, nonce } = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof pid !== 'number' || typeof host !== 'string') return null;
    return { pid, host, processStart: Number(start), nonce: String(nonce) };
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  // This process does not hold it, so a process of the same number did before.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return holder.processStart === 0 || holder.processStart === processStart(holder.pid);
}

/** Start of a process in the kernel's ticks, where /proc has it; else 0. */
function processStart(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
  } catch {
    return 0;
  }
}

function heldBy(path: string, holder: Holder): FolderHeld {
  return new FolderHeld(
    `The database folder ${path} is held by process ${holder.pid} on ${holder.host}. Stop that coordinator, ` +
      `or give this one a folder of its own (--database). If that process is gone for certain, remove ${join(path, 'muster.lock')}.`,
  );
}
