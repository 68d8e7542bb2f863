// What operators ask: namespaces, handlers, agents, coordinators, reflection, health; and what a token may do.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { type ConnectRequest, type ConnectResponse__Output, loadContract } from '@muster/proto';
import { eventually } from '../../harness/eventually.ts';
import { temporaryFolder } from '../../harness/reaper.ts';
import { refusal } from './raw-client.ts';
import { type ApiStage, apiSuite } from './suite.ts';

/** An agent that only says hello, and what it hears. */
function openAgent(stage: ApiStage, agentId: string, handlers: readonly string[]) {
  const { muster } = loadContract();
  const client = new muster.AgentService(stage.coordinator.address, credentials.createInsecure());
  const stream = client.Connect();
  const heard: ConnectResponse__Output[] = [];
  stream.on('data', (message: ConnectResponse__Output) => heard.push(message));
  stream.on('error', () => {});
  const say = (message: ConnectRequest) => stream.write(message);
  say({
    hello: {
      agentId,
      handlers: handlers.map((name) => ({
        name,
        version: '1',
        inputSchema: '{}',
        description: 'For tests.',
      })),
      slots: 1,
      labels: { zone: 'a' },
      protocolVersion: 1,
      sdk: 'test/1',
    },
  });
  let sequence = 0;
  const beat = setInterval(() => {
    sequence += 1;
    say({ heartbeat: { sequence } });
  }, 500);
  const heardOf = (kind: ConnectResponse__Output['message']) =>
    eventually(() => heard.find(({ message }) => message === kind), Boolean, {
      what: `a ${String(kind)}`,
    });
  return {
    heardOf,
    end() {
      clearInterval(beat);
      stream.cancel();
      client.close();
    },
  };
}

apiSuite('administration', [], (stage) => {
  it('makes, changes, lists and deletes namespaces', async () => {
    const { namespaces, tasks } = stage.clients;
    const made = await namespaces('CreateNamespace', {
      namespace: { name: 'shop', description: 'a', retentionWindow: { seconds: 3600 } },
    });
    assert.equal(made.namespace?.retentionWindow?.seconds, 3600);
    const again = await refusal(namespaces('CreateNamespace', { namespace: { name: 'shop' } }));
    assert.deepEqual([again.code, again.reason], [6, 'NAMESPACE_EXISTS']);
    const submitted = await tasks('SubmitTasks', {
      namespace: 'shop',
      tasks: [{ handler: 'shop.task' }],
    });
    const elsewhere = await refusal(tasks('GetTask', { id: submitted.tasks[0]?.id ?? '' }));
    assert.equal(elsewhere.reason, 'TASK_NOT_FOUND');
    const full = await refusal(namespaces('DeleteNamespace', { name: 'shop' }));
    assert.deepEqual([full.code, full.reason], [9, 'NAMESPACE_NOT_EMPTY']);
    await namespaces('UpdateNamespace', {
      namespace: { name: 'shop', description: 'b' },
      updateMask: { paths: ['description'] },
    });
    const { namespace } = await namespaces('GetNamespace', { name: 'shop' });
    assert.deepEqual([namespace?.description, namespace?.retentionWindow?.seconds], ['b', 3600]);
    const page = await namespaces('ListNamespaces', { pageSize: 1 });
    assert.deepEqual(
      page.namespaces.map(({ name }) => name),
      ['default'],
    );
    const rest = await namespaces('ListNamespaces', { pageToken: page.nextPageToken });
    assert.deepEqual([rest.namespaces.map(({ name }) => name), rest.nextPageToken], [['shop'], '']);
    await tasks('CancelTasks', { namespace: 'shop', ids: submitted.tasks.map(({ id }) => id) });
    await namespaces('DeleteNamespace', { name: 'shop' });
    const gone = await refusal(
      tasks('SubmitTasks', { namespace: 'shop', tasks: [{ handler: 'a' }] }),
    );
    assert.equal(gone.reason, 'NAMESPACE_NOT_FOUND');
  });

  it('refuses namespaces of bad syntax, empty masks, and the end of the default one', async () => {
    const { namespaces } = stage.clients;
    const fieldOf = async (calling: Promise<unknown>) =>
      (await refusal(calling)).violations[0]?.field;
    const create = (namespace: object) => fieldOf(namespaces('CreateNamespace', { namespace }));
    assert.equal(await create({ name: 'A' }), 'namespace.name');
    assert.equal(await create({ name: '' }), 'namespace.name');
    assert.equal(
      await create({ name: 'x', retentionWindow: { seconds: 1 } }),
      'namespace.retention_window',
    );
    assert.equal(await create({ name: 'x', createTime: { seconds: 1 } }), 'namespace.create_time');
    const update = (paths: string[]) =>
      fieldOf(
        namespaces('UpdateNamespace', { namespace: { name: 'default' }, updateMask: { paths } }),
      );
    assert.equal(await update([]), 'update_mask');
    assert.equal(await update(['name']), 'update_mask.paths[0]');
    assert.equal(await fieldOf(namespaces('DeleteNamespace', { name: 'default' })), 'name');
    const missing = await refusal(namespaces('GetNamespace', { name: 'defaults' }));
    assert.equal(missing.metadata.nearest_namespace, 'default');
  });

  it('lists the handlers that agents serve, and names the nearest to a mistyped one', async () => {
    const { handlers, tasks } = stage.clients;
    const agent = openAgent(stage, 'mailer', ['email.send', 'email.sort']);
    after(agent.end);
    await agent.heardOf('welcome');
    const { handlers: listed } = await handlers('ListHandlers', {});
    const sent = listed.find(({ name }) => name === 'email.send');
    assert.deepEqual([sent?.agentIds, sent?.agentCount, sent?.versions], [['mailer'], 1, ['1']]);
    const { handler } = await handlers('GetHandler', { name: 'email.send' });
    assert.deepEqual([handler?.inputSchema, handler?.description], ['{}', 'For tests.']);
    const refused = await refusal(handlers('GetHandler', { name: 'emial.send' }));
    assert.deepEqual(
      [refused.reason, refused.metadata.nearest_handler],
      ['HANDLER_NOT_FOUND', 'email.send'],
    );
    const required = await refusal(
      tasks('SubmitTasks', { tasks: [{ handler: 'email.sent' }], requireHandler: true }),
    );
    assert.equal(required.metadata.nearest_handler, 'email.send');
    const { unservedHandlers } = await tasks('SubmitTasks', {
      tasks: [{ handler: 'emial.send', startDelay: { seconds: 60 } }],
    });
    assert.deepEqual(
      [unservedHandlers[0]?.handler, unservedHandlers[0]?.nearestHandler],
      ['emial.send', 'email.send'],
    );
    const served = await tasks('SubmitTasks', {
      tasks: [{ handler: 'email.sort', startDelay: { seconds: 60 } }],
      requireHandler: true,
    });
    assert.deepEqual(served.unservedHandlers, []);
  });

  it('lists agents and coordinators, and drains an agent', async () => {
    const { fleet } = stage.clients;
    const agent = openAgent(stage, 'drained', ['drain.me']);
    after(agent.end);
    await agent.heardOf('welcome');
    const { agents } = await fleet('ListAgents', {});
    const listed = agents.find(({ id }) => id === 'drained');
    assert.deepEqual(
      [listed?.state, listed?.slots, listed?.handlers, listed?.labels.zone],
      ['SESSION_STATE_ATTACHED', 1, ['drain.me'], 'a'],
    );
    const { coordinators } = await fleet('ListCoordinators', {});
    const own = coordinators.find(({ id }) => id === listed?.coordinatorId);
    assert.equal(own?.address, stage.coordinator.address);
    assert.equal((await fleet('GetCoordinator', { id: own?.id ?? '' })).coordinator?.alive, true);
    const asked = await fleet('DrainAgent', { id: 'drained', drainGrace: { seconds: 5 } });
    assert.deepEqual(asked.sessionIds, [listed?.sessionId]);
    const { drain } = (await agent.heardOf('drain')) as ConnectResponse__Output;
    assert.equal(drain?.drainGrace?.seconds, 5);
    assert.equal((await fleet('GetAgent', { id: 'drained' })).agent?.draining, true);
    assert.equal((await refusal(fleet('GetAgent', { id: 'nobody' }))).reason, 'AGENT_NOT_FOUND');
    assert.equal((await refusal(fleet('DrainAgent', { id: 'nobody' }))).reason, 'AGENT_NOT_FOUND');
    assert.equal(
      (await refusal(fleet('GetCoordinator', { id: 'x' }))).reason,
      'COORDINATOR_NOT_FOUND',
    );
  });

  it('answers a generic client by reflection and health', async () => {
    const client = new Client(stage.coordinator.address, credentials.createInsecure());
    after(() => client.close());
    // list_services, by the bytes of ServerReflectionRequest: field 7, '*'.
    const listed = await new Promise<Buffer>((resolve, reject) => {
      const stream = client.makeBidiStreamRequest(
        '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
      );
      stream.on('data', resolve);
      stream.on('error', reject);
      stream.end(Buffer.from('\x3a\x01*', 'latin1'));
    });
    for (const service of ['Task', 'Handler', 'Agent', 'Fleet', 'Namespace'])
      assert.match(listed.toString('latin1'), new RegExp(`muster\\.v1\\.${service}Service`));
    const health = (service: string) =>
      new Promise<Buffer>((resolve, reject) => {
        client.makeUnaryRequest(
          '/grpc.health.v1.Health/Check',
          (bytes: Buffer) => bytes,
          (bytes: Buffer) => bytes,
          Buffer.concat([Buffer.of(0x0a, service.length), Buffer.from(service)]),
          (error, answer) => (error ? reject(error) : resolve(answer as Buffer)),
        );
      });
    const serving = Buffer.of(0x08, 1);
    assert.deepEqual(await health(''), serving);
    assert.deepEqual(await health('muster.v1.TaskService'), serving);
    await assert.rejects(health('nobody.knows'), { code: 5 });
  });
});

const tokensFile = join(temporaryFolder('tokens'), 'tokens.json');
const secrets = { web: 'web-0123456789abcdef', operator: 'operator-0123456789abcdef' };
writeFileSync(
  tokensFile,
  JSON.stringify([
    { name: 'web', token: secrets.web, namespaces: ['default'], rights: ['submit'] },
    { name: 'operator', token: secrets.operator, namespaces: ['*'], rights: ['administer'] },
  ]),
);

apiSuite('tokens', ['--tokens-file', tokensFile], (stage) => {
  const web = { authorization: `Bearer ${secrets.web}` };
  const operator = { authorization: `Bearer ${secrets.operator}` };
  const task = { tasks: [{ handler: 'token.task' }] };

  it('are asked for', async () => {
    const { tasks, fleet } = stage.clients;
    for (const headers of [{}, { authorization: 'Bearer nobody-0123456789abcdef' }]) {
      const refused = await refusal(tasks('SubmitTasks', task, headers));
      assert.deepEqual([refused.code, refused.reason], [16, 'TOKEN_INVALID']);
    }
    assert.equal((await refusal(fleet('ListAgents', {}))).reason, 'TOKEN_INVALID');
  });

  it('allow what they were given for, where they were given', async () => {
    const { tasks, handlers, fleet, namespaces } = stage.clients;
    await tasks('SubmitTasks', task, web);
    await handlers('ListHandlers', {}, web);
    await namespaces('CreateNamespace', { namespace: { name: 'other' } }, operator);
    await fleet('ListCoordinators', {}, operator);
    const denied = async (calling: Promise<unknown>) => {
      const refused = await refusal(calling);
      assert.deepEqual([refused.code, refused.reason], [7, 'RIGHT_MISSING']);
      return refused.metadata;
    };
    assert.deepEqual(
      { ...(await denied(tasks('SubmitTasks', { ...task, namespace: 'other' }, web))) },
      { right: 'submit', namespace: 'other' },
    );
    await denied(tasks('SubmitTasks', task, operator));
    await denied(tasks('SubmitTasks', { ...task, namespace: 'nobody-knows' }, web));
    await denied(handlers('ListHandlers', { namespace: 'other' }, web));
    await denied(fleet('ListCoordinators', {}, web));
    await denied(fleet('DrainAgent', { id: 'a' }, web));
    await denied(namespaces('CreateNamespace', { namespace: { name: 'third' } }, web));
    await denied(namespaces('DeleteNamespace', { name: 'other' }, web));
    const seen = await namespaces('ListNamespaces', {}, web);
    assert.deepEqual(
      seen.namespaces.map(({ name }) => name),
      ['default'],
    );
  });
});
