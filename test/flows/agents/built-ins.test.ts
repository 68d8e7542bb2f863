// Built-in handlers as durable tasks: HTTP requests, allowed programs, and any gRPC method found by
// reflection. They are off unless an agent names them.

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { createAgent } from '@muster/agent';
import type { TaskFailedError } from '@muster/sdk';
import { gated } from '../../handlers/gates.ts';
import { flow } from '../../harness/flow.ts';

const wait = { timeout: '20s' } as const;
const fast = { retry: { initialDelay: '0s' } } as const;

/** Answers with what it was asked; /flaky answers 503 to the first request of each query. */
function startHttpServer(): Promise<{ server: Server; url: string }> {
  const asked = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = request.url ?? '';
      const isFirst = !asked.has(url);
      asked.add(url);
      if (url.startsWith('/missing')) response.statusCode = 404;
      if (url.startsWith('/flaky') && isFirst) response.statusCode = 503;
      response.setHeader('content-type', 'application/json');
      const { method, headers } = request;
      const body = Buffer.concat(chunks).toString();
      response.end(JSON.stringify({ method, url, body, type: headers['content-type'] ?? null }));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ server, url: `http://127.0.0.1:${port}` });
    });
  });
}

const failure = (check: (failure: TaskFailedError['failure'], attempts: number) => void) => {
  return (error: TaskFailedError) => {
    check(error.failure, error.attempts);
    return true;
  };
};

const builtIns = [
  'http.request',
  'grpc.call',
  { name: 'shell.exec', allow: ['echo', 'sh'] },
] as const;

flow('built-ins', { agent: { builtIns } }, (stage) => {
  let http: { server: Server; url: string };
  before(async () => {
    http = await startHttpServer();
  });
  after(() => http.server.closeAllConnections());
  after(() => http.server.close());

  it('sends an HTTP request and records the response', async () => {
    const input = { url: `${http.url}/path?q=1`, body: { n: 1 } };
    const task = await stage.client.submit('http.request', input);
    const output = (await task.result(wait)) as { status: number; body: unknown };
    assert.equal(output.status, 200);
    assert.deepEqual(output.body, {
      ...{ method: 'POST', url: '/path?q=1', body: '{"n":1}', type: 'application/json' },
    });
  });

  it('tries an HTTP request again where that may help, and only there', async () => {
    const flaky = await stage.client.submit(
      'http.request',
      { url: `${http.url}/flaky?${stage.engine.name}` },
      fast,
    );
    assert.equal(((await flaky.result(wait)) as { status: number }).status, 200);
    assert.equal((await flaky.get()).attempt, 2);
    const missing = await stage.client.submit('http.request', { url: `${http.url}/missing` }, fast);
    await assert.rejects(
      missing.result(wait),
      failure(({ message }, attempts) => {
        assert.match(message, /404/);
        assert.equal(attempts, 1);
      }),
    );
  });

  it('runs a program of its list with arguments that nothing expands', async () => {
    const input = { command: 'echo', args: ['$HOME', '*', '; ls'] };
    const task = await stage.client.submit('shell.exec', input);
    assert.deepEqual(await task.result(wait), {
      ...{ exitCode: 0, stdout: '$HOME * ; ls\n', stderr: '', truncated: false },
    });
  });

  it('fails a program’s task by its exit code', async () => {
    const input = { command: 'sh', args: ['-c', 'echo sorry >&2; exit 4'] };
    const task = await stage.client.submit('shell.exec', input, { retry: { maxAttempts: 1 } });
    await assert.rejects(
      task.result(wait),
      failure(({ message, details }) => {
        assert.match(message, /4/);
        assert.match(JSON.stringify(details), /sorry/);
      }),
    );
  });

  it('refuses a program that is not on its list, for good', async () => {
    const input = { command: 'rm', args: ['-rf', '/nowhere'] };
    const task = await stage.client.submit('shell.exec', input, fast);
    await assert.rejects(
      task.result(wait),
      failure(({ name, message }, attempts) => {
        assert.deepEqual([name, attempts], ['InputInvalid', 1]);
        assert.match(message, /"rm" is not allowed here. Allowed: echo, sh/);
      }),
    );
  });

  it('ends a program with its task', async () => {
    const input = { command: 'sh', args: ['-c', 'sleep 60'] };
    const options = { timeout: '500ms', retry: { maxAttempts: 1 } } as const;
    const task = await stage.client.submit('shell.exec', input, options);
    await assert.rejects(
      task.result(wait),
      failure(({ kind }) => assert.equal(kind, 'TIMEOUT')),
    );
  });

  it('calls a gRPC method that it finds by reflection: the coordinator’s own', async () => {
    const asked = await stage.client.submit(gated, 'for grpc.call', { delay: '1h' });
    const task = await stage.client.submit('grpc.call', {
      address: stage.address,
      method: 'muster.v1.TaskService/GetTask',
      request: { id: asked.id },
    });
    const { task: seen } = (await task.result(wait)) as {
      task: { id: string; state: string };
    };
    assert.deepEqual([seen.id, seen.state], [asked.id, 'TASK_STATE_DELAYED']);
    await asked.cancel();
  });

  it('submits a task by grpc.call', async () => {
    const data = Buffer.from('{"command":"echo","args":["by gRPC"]}').toString('base64');
    const task = await stage.client.submit('grpc.call', {
      address: stage.address,
      method: 'muster.v1.TaskService/SubmitTasks',
      request: {
        tasks: [
          {
            handler: 'shell.exec',
            input: { mediaType: 'application/json', data },
            priority: 7,
            labels: { by: 'gRPC' },
            attemptTimeout: { seconds: 30 },
          },
        ],
      },
    });
    const { tasks } = (await task.result(wait)) as { tasks: { id: string }[] };
    const submitted = stage.client.handle<{ stdout: string }>(tasks[0]?.id ?? '');
    assert.equal((await submitted.result(wait)).stdout, 'by gRPC\n');
    const stored = await submitted.get();
    assert.deepEqual([stored.priority, stored.labels], [7, { by: 'gRPC' }]);
  });

  it('decides by the gRPC status whether to try again', async () => {
    const task = await stage.client.submit(
      'grpc.call',
      {
        address: stage.address,
        method: 'muster.v1.TaskService/GetTask',
        request: { id: '018f0000-0000-7000-8000-000000000000' },
      },
      fast,
    );
    await assert.rejects(
      task.result(wait),
      failure(({ name, details }, attempts) => {
        assert.deepEqual([name, attempts], ['GRPC_NOT_FOUND', 1]);
        assert.equal((details as { code: string }).code, 'NOT_FOUND');
      }),
    );
    const nobody = await stage.client.submit(
      'grpc.call',
      { address: '127.0.0.1:1', method: 'a.B/C', proto: protoOfB },
      { retry: { initialDelay: '0s', maxAttempts: 2 } },
    );
    await assert.rejects(
      nobody.result(wait),
      failure(({ name }, attempts) => assert.deepEqual([name, attempts], ['GRPC_UNAVAILABLE', 2])),
    );
  });

  it('offers none of them unless they are named', async () => {
    const agent = await stage.addAgent({ handlers: [gated], agentId: 'modest' });
    const { agent: seen } = await stage.client.services.fleet.getAgent({ id: agent.id });
    assert.deepEqual(seen?.handlers, ['gate.pass']);
    const unknown = { builtIns: ['shell.exec' as never], address: stage.address };
    assert.throws(() => createAgent(unknown), { reason: 'OPTION_INVALID' });
  });
});

const protoOfB = `syntax = "proto3"; package a;
message M {}
service B { rpc C(M) returns (M); }`;
