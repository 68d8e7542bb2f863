// `muster limit …`, and limits and pauses of handlers and namespaces, as real processes against a real coordinator.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createClient, defineHandler } from '@muster/sdk';
import { flow } from '../../harness/flow.ts';
import { muster } from './muster.ts';

const send = defineHandler({ name: 'email.send', run: () => 'sent' });
const build = defineHandler({ name: 'report.build', run: () => null });

const agent = { handlers: [send, build], slots: 10 };
const settings = { agent, roles: 'together', concurrency: 4 } as const;

flow('muster limit, and pauses', settings, (stage) => {
  const run = (...words: string[]) => muster(words, { env: { MUSTER_ADDRESS: stage.address } });
  const json = async (...words: string[]) => JSON.parse((await run(...words, '--json')).out);

  it('sets a shared limit, puts a handler under it, and deletes it when none is', async () => {
    const words = ['--rate', '600/m', '--burst', '20', '--description', 'their contract'];
    const made = await run('limit', 'set', 'mail.provider', ...words);
    assert.deepEqual([made.code, made.note], [0, '']);
    assert.equal(made.out, 'Limit mail.provider is set: 600/m (burst 20).\n');
    const limited = await run(
      ...['handlers', 'limit', send.name, '--concurrency', '5', '--key-rate', '10/5s'],
      ...['--shared', 'mail.provider'],
    );
    assert.equal(
      limited.out,
      'Handler email.send is limited: 5 at once; 10/5s of each key; shared: mail.provider.\n',
    );
    const list = await run('limit', 'list');
    assert.match(list.out, /^mail\.provider +0 +600\/m \(burst 20\) +20 +email\.send +their con/m);
    const used = await run('limit', 'delete', 'mail.provider');
    assert.equal(used.code, 5);
    assert.match(used.note, /email\.send[\s\S]*\[LIMIT_USED\]/);
    assert.equal(
      (await run('handlers', 'limit', send.name, '--none')).out,
      'Handler email.send has no limits.\n',
    );
    assert.deepEqual((await json('handlers', 'flow', send.name)).limits, {});
    assert.equal((await run('limit', 'delete', 'mail.provider')).code, 0);
    const missing = await run('limit', 'get', 'mail.provider');
    assert.equal(missing.code, 4);
    assert.match(missing.note, /no limit "mail\.provider" in namespace "default"/);
  });

  it('pauses a handler, whose tasks wait until it is resumed', async () => {
    const paused = await run('handlers', 'pause', build.name, '--note', 'no paper');
    assert.deepEqual([paused.code, paused.out], [0, 'Handler report.build is paused.\n']);
    assert.match((await run('handlers', 'flow', build.name)).out, /^state +PAUSED: no paper$/m);
    const id = (await run('task', 'submit', build.name, '--key', 'ada')).out.trim();
    const task = await run('task', 'get', id);
    assert.match(task.out, /^state +READY$/m);
    assert.match(task.out, /^key +ada$/m);
    await run('handlers', 'resume', build.name);
    assert.equal((await run('task', 'wait', id)).code, 0);
  });

  // What is printed is the same on both engines, and each word costs a process.
  if (stage.engine.name === 'pglite') return;

  it('pauses a whole namespace', async () => {
    // One of its own: the other tests run beside this one.
    const inNight = ['--namespace', 'night'];
    await run('namespaces', 'create', 'night');
    await stage.addAgent({ ...agent, namespace: 'night' });
    const paused = await run('namespaces', 'pause', ...inNight, '--note', 'until noon');
    assert.equal(paused.out, 'Namespace night is paused.\n');
    assert.match((await run('namespaces', 'list')).out, /^night .* until noon/m);
    const flowing = await run('handlers', 'flow', send.name, ...inNight);
    assert.match(flowing.out, /^state +PAUSED with its namespace$/m);
    const client = createClient({ address: stage.address, namespace: 'night' });
    stage.onEnd(() => client.close());
    const task = await client.submit(send, {});
    assert.equal((await task.get()).state, 'READY');
    assert.equal((await run('namespaces', 'resume', 'night')).code, 0);
    assert.equal(await task.result(), 'sent');
    assert.equal((await run('namespaces', 'pause', 'nowhere')).code, 4);
  });

  it('says of an unknown handler that it may be wrong, and refuses what is', async () => {
    const unknown = await run('handlers', 'pause', 'email.sned');
    assert.equal(unknown.code, 0);
    assert.match(unknown.note, /"email\.sned" is not registered\. Did you mean "email\.send"\?/);
    const wrong = [
      [['handlers', 'flow', 'email.sent'], 4, /Did you mean "email\.send"/],
      [['handlers', 'limit', send.name, '--shared', 'nobody.x'], 4, /no limit "nobody\.x"/],
      [['handlers', 'limit', send.name, '--concurrency', '1', '--key-concurrency', '2'], 2, /is 2/],
      [['limit', 'set', 'Wrong Name', '--concurrency', '1'], 2, /Wrong Name/],
      [['limit', 'set', 'a', '--rate', '10/s', '--concurrency', 'x'], 2, /--concurrency is "x"/],
    ] as const;
    for (const [words, code, said] of wrong) {
      const ran = await run(...words);
      assert.deepEqual([ran.code, ran.out], [code, ''], ran.note);
      assert.match(ran.note, said);
    }
  });
});
