// The contract as it is loaded at run time: what survives the way through protobuf JSON,
// and what reflection tells a client that knows nothing.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import {
  type Client,
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { loadContract, reflectionDefinition, type ServiceConstructor, TaskState } from './index.ts';

const expectedServices = [
  'AgentService',
  'FleetService',
  'HandlerService',
  'InspectService',
  'LimitService',
  'NamespaceService',
  'ScheduleService',
  'TaskService',
].map((name) => `muster.v1.${name}`);

describe('the loaded contract', () => {
  it('has a client constructor and a definition for every service', () => {
    const { muster } = loadContract();
    for (const name of expectedServices) {
      const service = muster[name.slice('muster.v1.'.length) as keyof typeof muster];
      assert.equal(typeof service, 'function', name);
      assert.ok(Object.keys(service.service).length > 0, name);
    }
    assert.equal(muster.TaskService.service.SubmitTasks.path, '/muster.v1.TaskService/SubmitTasks');
  });

  it('fills in defaults and keeps bytes as they are', () => {
    const { messages } = loadContract();
    const status = messages['google.rpc.Status'];
    const decoded = status.deserialize(status.serialize({ code: 5 }));
    assert.deepEqual({ ...decoded }, { code: 5, message: '', details: [] });
    const payload = messages['muster.v1.Payload'];
    const bytes = payload.deserialize(payload.serialize({ data: Buffer.from([0, 255]) })).data;
    assert.ok(Buffer.isBuffer(bytes));
    assert.deepEqual([...bytes], [0, 255]);
  });

  it('tells an optional field that is zero from one that is absent', () => {
    const policy = loadContract().messages['muster.v1.RetryPolicy'];
    assert.equal(policy.deserialize(policy.serialize({ maxAttempts: 0 })).maxAttempts, 0);
    assert.equal(policy.deserialize(policy.serialize({})).maxAttempts, undefined);
  });

  it('names enum values by their strings', () => {
    assert.equal(TaskState.TASK_STATE_READY, 'TASK_STATE_READY');
  });
});

describe('reflection', () => {
  it('lists all services and answers with the files as they were written', async (t) => {
    const server = new Server();
    new ReflectionService(reflectionDefinition()).addToServer(server);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    t.after(() => server.forceShutdown());
    const services = await reflect(port, { listServices: '*' });
    assert.deepEqual(
      services.listServicesResponse?.service.map(({ name }) => name).sort(),
      expectedServices,
    );
    const files = await reflect(port, { fileContainingSymbol: 'muster.v1.TaskService' });
    const text = Buffer.concat(files.fileDescriptorResponse?.fileDescriptorProto ?? []).toString(
      'latin1',
    );
    assert.match(text, /muster\/v1\/task_service\.proto/);
    assert.match(text, /google\/protobuf\/timestamp\.proto/);
    assert.match(text, /media_type/);
  });
});

interface ReflectionAnswer {
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
}

interface ReflectionClient extends Client {
  ServerReflectionInfo(): ClientDuplexStream<object, ReflectionAnswer>;
}

interface ReflectionProto {
  readonly grpc: { reflection: { v1: { ServerReflection: ReflectionConstructor } } };
}

type ReflectionConstructor = ServiceConstructor<ReflectionClient, object>;

/** Asks the reflection service one question, through its own published .proto file. */
async function reflect(port: number, question: object): Promise<ReflectionAnswer> {
  const path = createRequire(import.meta.url)
    .resolve('@grpc/reflection')
    .replace(/src.index\.js$/, 'proto/grpc/reflection/v1/reflection.proto');
  const loaded = loadPackageDefinition(loadSync(path)) as unknown as ReflectionProto;
  const client = new loaded.grpc.reflection.v1.ServerReflection(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
  );
  try {
    const call = client.ServerReflectionInfo();
    call.end(question);
    for await (const answer of call) return answer;
    throw new Error('The reflection service gave no answer.');
  } finally {
    client.close();
  }
}
