// The operators' commands as real processes: handlers, agents, namespaces, doctor, help, and
// what happens when nobody answers.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineHandler } from '@muster/sdk';
import { flow } from '../../harness/flow.ts';
import { freePort } from '../../harness/ports.ts';
import { muster } from './muster.ts';

const build = defineHandler({
  name: 'report.build',
  description: 'Builds a report.',
  version: 'v7',
  timeout: '90s',
  retry: { maxAttempts: 5 },
  run: () => null,
});

const agent = { handlers: [build], agentId: 'box', slots: 3 };

// One after the other: the last one drains the agent.
flow('muster for operators', { agent, concurrency: 1, roles: 'together' }, (stage) => {
  const run = (...words: string[]) => muster(words, { env: { MUSTER_ADDRESS: stage.address } });
  const doctorWords = () => ['doctor', '--http', stage.coordinator.httpAddress];

  it('lists handlers, and shows one', async () => {
    const list = await run('handlers');
    assert.match(list.out, /^HANDLER +AGENTS +VERSIONS +ATTEMPTS +TIMEOUT +DESCRIPTION$/m);
    assert.match(list.out, /^report\.build +1 +v7 +5 +90s +Builds a report\.$/m);
    const one = await run('handlers', 'report.build', '--json');
    const { name, agentIds, options } = JSON.parse(one.out);
    assert.deepEqual([name, agentIds, options.attemptTimeout], ['report.build', ['box'], '90s']);
    const near = await run('handlers', 'report.biuld');
    assert.equal(near.code, 4);
    assert.match(near.note, /report\.build/);
  });

  it('lists coordinators', async () => {
    const { out } = await run('cluster');
    assert.match(out, /^ADDRESS +STATE +ROLES +AGENTS +AGE +BEAT +HOST +VERSION$/m);
    assert.match(out, new RegExp(`^${stage.address} +ALIVE +all +\\d+ `, 'm'));
    const { address, alive, roles } = JSON.parse((await run('cluster', '--json')).out);
    assert.deepEqual([address, alive, roles.length], [stage.address, true, 4]);
  });

  it('lists agents', async () => {
    const { out } = await run('agents');
    assert.match(out, /^AGENT +STATE +RUNNING +AGE +HOST +SDK +HANDLERS$/m);
    assert.match(out, /^box +ATTACHED +0\/3 .* report\.build$/m);
    const { id, state, slots } = JSON.parse((await run('agents', '--json')).out);
    assert.deepEqual([id, state, slots], ['box', 'ATTACHED', 3]);
    assert.equal((await run('agents', '--state', 'lost')).note, 'No agent is connected.\n');
  });

  it('makes, changes, lists and deletes namespaces', async () => {
    const created = await run('namespaces', 'create', 'staging', '--retention', '2d');
    assert.equal(created.out, 'Namespace staging is made.\n');
    assert.equal((await run('namespaces', 'create', 'staging')).code, 5);
    const words = ['--retention', 'default', '--description', 'for trying'];
    assert.equal((await run('namespaces', 'update', 'staging', ...words)).code, 0);
    assert.match((await run('namespaces', 'list')).out, /^staging +default .* for trying$/m);
    assert.equal((await run('namespaces', 'delete', 'staging')).code, 0);
    assert.equal((await run('namespaces', 'delete', 'staging')).code, 4);
    const refused = await run('task', 'list', '--namespace', 'staging');
    assert.equal(refused.code, 4);
    assert.match(refused.note, /NAMESPACE_NOT_FOUND/);
  });

  it('finds nothing wrong with a healthy coordinator', async () => {
    const { code, out, note } = await run(...doctorWords());
    assert.deepEqual({ code, note }, { code: 0, note: '' }, out);
    for (const check of ['address', 'tls', 'health', 'database', 'token', 'namespace', 'clock'])
      assert.match(out, new RegExp(`^ok +${check} `, 'm'));
    assert.match(out, /^ok +versions +1 alive, version 0\.1\.0/m);
    assert.match(out, /^ok +agents +1 connected, 3 slots$/m);
  });

  it('finds a namespace that is not there, and says how to make it', async () => {
    const { code, out } = await run(...doctorWords(), '--namespace', 'nowhere');
    assert.equal(code, 1);
    assert.match(out, /^FAIL +namespace .*\n +-> .*muster namespaces create nowhere/m);
  });

  it('drains an agent', async () => {
    const { out } = await run('agents', 'drain', 'box', '--grace', '1s');
    assert.match(out, /^box drains \(session [0-9a-f-]+\)\.$/m);
    await stage.agent.ended;
    assert.equal((await run('agents', 'drain', 'nobody')).code, 4);
    const { out: seen } = await run(...doctorWords());
    assert.match(seen, /^WARN +agents +0 connected/m);
  });
});

describe('muster without a coordinator', () => {
  it('says that nobody answers, exit code 3', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const { code, note } = await muster(['handlers', '--address', address]);
    assert.equal(code, 3);
    assert.match(note, new RegExp(`${address}[\\s\\S]*"muster doctor" looks for the reason`));
    const doctor = await muster(['doctor', '--address', address]);
    assert.equal(doctor.code, 3);
    assert.match(doctor.out, /^FAIL +address .*ECONNREFUSED\n +-> Nobody listens there/m);
  });

  it('shows help, its version, and the way out of wrong words', async () => {
    const help = await muster(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /Exit codes:\n +0 +done/);
    assert.match((await muster(['task', 'submit', '--help'])).out, /Usage: muster task submit/);
    assert.match((await muster(['server', '--help'])).out, /--grpc-address/);
    assert.match((await muster(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
    const wrong = await muster(['task', 'sumbit', 'x']);
    assert.deepEqual([wrong.code, wrong.out], [2, '']);
    assert.match(wrong.note, /Did you mean "task submit"\?/);
    assert.equal((await muster([])).code, 2);
    const json = await muster(['task', 'submit', 'a.b', '--input', '{a:1}']);
    assert.equal(json.code, 2);
    assert.match(json.note, /The input \(--input\) is not JSON/);
    const id = await muster(['task', 'get', 'not-an-id']);
    assert.deepEqual([id.code, /"not-an-id" is no id/.test(id.note)], [2, true]);
  });
});
