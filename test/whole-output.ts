// Loaded into the process of each test file, before the file. What a process has written to a pipe that is full waits in
// its memory, and is lost when the runner ends the process by force: results went missing without a word. A
// blocking pipe takes everything before the process goes on.

interface Blockable {
  readonly _handle?: { setBlocking?(blocking: boolean): unknown };
}

for (const stream of [process.stdout, process.stderr])
  (stream as unknown as Blockable)._handle?.setBlocking?.(true);
