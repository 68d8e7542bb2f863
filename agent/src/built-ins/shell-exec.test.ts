import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtInHandlers } from './built-ins.ts';
import { type ShellExecInput, type ShellExecOutput, shellExec } from './shell-exec.ts';
import { runBuiltIn } from './testing.ts';

const node = process.execPath;
const handler = shellExec({
  allow: [node, 'sleep', 'no-such-program'],
  allowEnv: ['GREETING'],
  outputBytesMax: 1000,
});

function exec(input: ShellExecInput, signal?: AbortSignal): Promise<ShellExecOutput> {
  return runBuiltIn<ShellExecOutput>(handler, input, signal);
}

function script(text: string): Pick<ShellExecInput, 'command' | 'args'> {
  return { command: node, args: ['-e', text] };
}

/** Whether a process exists and is not a zombie that nobody has waited for. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('shell.exec', () => {
  test('runs a program with arguments that nothing expands', async () => {
    const args = ['-e', 'console.log(process.argv.slice(1).join("|"))', '--', '$HOME', '*;ls'];
    const { stdout, exitCode, truncated } = await exec({ command: node, args });
    assert.equal(stdout, '$HOME|*;ls\n');
    assert.equal(exitCode, 0);
    assert.equal(truncated, false);
  });

  test('passes stdin, folder and the variables that are allowed, and nothing else', async () => {
    process.env.SECRET_OF_AGENT = 'x';
    const text =
      'process.stdin.on("data", (d) => console.log([d, process.cwd(), process.env.GREETING, process.env.SECRET_OF_AGENT].join()))';
    const { stdout } = await exec({
      ...script(text),
      ...{ stdin: 'in', cwd: '/', env: { GREETING: 'hi' } },
    });
    assert.equal(stdout, 'in,/,hi,\n');
    await assert.rejects(exec({ ...script('1'), env: { LD_PRELOAD: 'x' } }), {
      message: /may not set.*LD_PRELOAD/,
      nonRetryable: true,
    });
  });

  test('refuses what is not on the list, for good', async () => {
    for (const command of ['/bin/sh', 'sh', `${node} -e 1`]) {
      await assert.rejects(exec({ command }), { message: /is not allowed/, nonRetryable: true });
    }
    await assert.rejects(exec({ command: 'no-such-program' }), { nonRetryable: true });
  });

  test('another exit code than expected fails, with the last words of stderr', async () => {
    const failing = script('console.error("it broke"); process.exit(4)');
    await assert.rejects(exec(failing), {
      name: 'ProgramFailed',
      message: /exit code 4.*it broke/s,
      details: { exitCode: 4, stderr: 'it broke\n' },
    });
    assert.equal((await exec({ ...failing, expectedExitCodes: [4] })).exitCode, 4);
  });

  test('keeps the last bytes of a long output', async () => {
    const text = 'process.stdout.write("a".repeat(1e6) + "the end")';
    const { stdout, truncated } = await exec(script(text));
    assert.equal(stdout.length, 1000);
    assert.match(stdout, /the end$/);
    assert.equal(truncated, true);
  });

  test('a cancel ends the whole process group, even one that ignores SIGTERM', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-shell-'));
    const file = join(folder, 'pids');
    const stop = new AbortController();
    const text = `
      process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn('sleep', ['60']);
      require('node:fs').writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + child.pid);
      setInterval(() => {}, 1000);`;
    const pending = exec(script(text), stop.signal);
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
    const pids = readFileSync(file, 'utf8').split(' ').map(Number);
    assert.ok(pids.every(runs));
    stop.abort(new Error('stopped'));
    await assert.rejects(pending, { message: 'stopped' });
    while (pids.some(runs)) await sleep(20);
    rmSync(folder, { recursive: true });
  });

  test('cannot be enabled without a list', () => {
    assert.throws(() => builtInHandlers(['shell.exec' as never]), { reason: 'OPTION_INVALID' });
    assert.throws(() => shellExec({ allow: [] }), { reason: 'OPTION_INVALID' });
    assert.throws(() => shellExec({ allow: ['./local'] }), { reason: 'OPTION_INVALID' });
  });
});
