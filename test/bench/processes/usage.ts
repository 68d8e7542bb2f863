// What processes and the machine use, as Linux tells it under /proc; zeros where there is no such place.

import { readFileSync } from 'node:fs';

/** Ticks of processor time in a second, on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Resident memory of a process, in bytes. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = read(`/proc/${pid}/status`);
  const of = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** Seconds of processor time that a process has used. */
export function processorSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}

/** Seconds of processor time that the whole machine has used. */
export function machineSeconds(): number {
  const [line = ''] = read('/proc/stat').split('\n');
  const fields = line.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = fields;
  return (user + nice + system + interrupts + softInterrupts) / ticksPerSecond;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
