// `muster dev`: one command for a coordinator, its database and an agent that starts again when
// its handlers change; and `muster agent` and `muster server` as they are deployed.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../harness/eventually.ts';
import { type RunningProcess, startNode } from '../../harness/processes.ts';
import { temporaryFolder } from '../../harness/reaper.ts';
import { muster, musterBin } from './muster.ts';

const anyPorts = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
const sdk = fileURLToPath(import.meta.resolve('@muster/sdk'));

/** A handler file outside of the repository that answers with `word`. */
function writeHandlers(file: string, word: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `import { defineHandler } from ${JSON.stringify(sdk)};
     export const say = defineHandler({ name: 'word.say', run: () => ${JSON.stringify(word)} });`,
  );
}

async function addressOf(process: RunningProcess): Promise<string> {
  const [, address = ''] = await process.line(/coordinator (\S+:\d+)/, { timeoutMs: 60_000 });
  return address;
}

const say = (address: string) =>
  muster(['task', 'submit', 'word.say', '--wait', '--wait-timeout', '20s'], {
    env: { MUSTER_ADDRESS: address },
  });

describe('muster dev', () => {
  it('runs a handler file, and runs it anew when it changes', async () => {
    const folder = temporaryFolder('dev');
    const file = join(folder, 'handlers.ts');
    writeHandlers(file, 'first');
    const words = ['dev', file, '--database', join(folder, 'data'), ...anyPorts];
    const dev = await startNode(musterBin, words, { cwd: folder });
    const address = await addressOf(dev);
    assert.equal((await say(address)).out, '"first"\n');
    writeHandlers(file, 'second');
    await eventually(
      () => say(address),
      ({ out }) => out === '"second"\n',
      { timeoutMs: 60_000, what: 'the agent to start again with the changed handler' },
    );
    const pids = await agentPids(address);
    assert.deepEqual(await dev.end('SIGINT'), { code: 0, signal: null });
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.ok(existsSync(join(folder, 'data')));
  });

  it('offers handlers to play with where no file is named', async () => {
    const dev = await startNode(musterBin, ['dev', '--database', 'memory', ...anyPorts]);
    const env = { MUSTER_ADDRESS: await addressOf(dev) };
    const words = ['task', 'submit', 'dev.echo', '--input', '"hi"', '--wait'];
    assert.equal((await muster(words, { env })).out, '"hi"\n');
    assert.deepEqual(await dev.end('SIGTERM'), { code: 0, signal: null });
  });

  it('says what is wrong with a file or a setting', async () => {
    const missing = await muster(['dev', 'nowhere.ts']);
    assert.equal(missing.code, 2);
    assert.match(missing.note, /There is no file "nowhere\.ts"/);
    const wrong = await muster(['dev', '--database', 'memory', '--grpc-address', 'nonsense']);
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.note, /grpc-address/);
  });
});

describe('muster server and muster agent', () => {
  it('serve until they are told to stop, and end with 0', async () => {
    const server = await startNode(musterBin, ['server', '--database', 'memory', ...anyPorts]);
    const ready = await server.line(/"event":"ready".*"grpcAddress":"([^"]+)"/, {
      timeoutMs: 60_000,
    });
    const address = String(ready[1]);
    const file = join(temporaryFolder('agent'), 'handlers.ts');
    writeHandlers(file, 'served');
    const words = ['agent', file, '--address', address, '--id', 'box', '--slots', '2'];
    const agent = await startNode(musterBin, words);
    assert.equal((await say(address)).out, '"served"\n');
    assert.deepEqual(await agent.end('SIGTERM'), { code: 0, signal: null });
    assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
  });

  it('refuse wrong settings and files without handlers, exit code 2', async () => {
    const setting = await muster(['server', '--grpc-adress', 'x']);
    assert.equal(setting.code, 2);
    assert.match(setting.note, /--grpc-address/);
    const file = join(temporaryFolder('agent'), 'empty.ts');
    writeFileSync(file, 'export const nothing = 1;');
    const empty = await muster(['agent', file]);
    assert.equal(empty.code, 2);
    assert.match(empty.note, /exports no handlers/);
    assert.match((await muster(['agent'])).note, /Give a file that exports handlers/);
  });
});

/** Process ids of the connected agents, from what they say about their host. */
async function agentPids(address: string): Promise<number[]> {
  const { out } = await muster(['agents', '--json'], { env: { MUSTER_ADDRESS: address } });
  return out
    .trim()
    .split('\n')
    .map((line) => Number(JSON.parse(line).host.split(' ').at(-1)));
}
