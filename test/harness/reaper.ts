// Ends what a test process leaves behind, however that process ends: a shell that waits
// at the end of a pipe. While the test process lives, it writes down which processes and
// folders are its own; when the pipe closes (exit, crash, SIGKILL) the shell kills those
// processes by their ids and removes those folders. Nothing is ever ended by name.

import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

const script = `
trap '' INT TERM HUP
pids=
folders=
while read -r verb what; do
  case $verb in
    process) pids="$pids $what" ;;
    ended) rest=; for p in $pids; do [ "$p" = "$what" ] || rest="$rest $p"; done; pids=$rest ;;
    folder) folders="$folders $what" ;;
  esac
done
for p in $pids; do kill -KILL "$p"; done
[ -z "$pids" ] || sleep 0.5
for f in $folders; do rm -rf "$f"; done
`;

let pipe: Writable | undefined;

function tell(line: string): void {
  pipe ??= start();
  pipe.write(`${line}\n`);
}

function start(): Writable {
  const shell = spawn('sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return shell.stdin;
}

/** Has the process killed when this one ends. Call `forgetProcess` as soon as it has ended by itself. */
export function reapProcess(pid: number): void {
  tell(`process ${pid}`);
}

/** The process has ended; its id may soon belong to somebody else. */
export function forgetProcess(pid: number): void {
  tell(`ended ${pid}`);
}

/** Makes an empty folder below the system's temporary one; it is removed when this process ends. */
export function temporaryFolder(name = 'test'): string {
  const folder = mkdtempSync(join(tmpdir(), `muster-${name}-`));
  tell(`folder ${folder}`);
  return folder;
}
