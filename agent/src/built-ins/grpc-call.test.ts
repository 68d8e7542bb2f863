import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { fromJSON, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import protobuf from 'protobufjs';
import { grpcCall } from './grpc-call.ts';
import { runBuiltIn } from './testing.ts';

const proto = `
  syntax = "proto3";
  package stock.v1;
  import "google/protobuf/timestamp.proto";
  enum Unit { UNIT_UNSPECIFIED = 0; UNIT_PIECE = 1; }
  message Item { string name = 1; int64 amount_left = 2; Unit unit = 3; bytes photo = 4; google.protobuf.Timestamp seen = 5; }
  message GetItemRequest { string item_name = 1; Filter only_if = 2; }
  message Filter { repeated Range price_ranges = 1; map<string, Range> by_shop = 2; }
  message Range { int32 at_least = 1; }
  service Stock {
    rpc GetItem(GetItemRequest) returns (Item);
    rpc WatchItem(GetItemRequest) returns (stream Item);
  }`;

interface Request {
  readonly itemName: string;
  readonly onlyIf?: { readonly priceRanges: { readonly atLeast: number }[] };
}
type Call = ServerUnaryCall<Request, object>;

function answer(call: Call, reply: sendUnaryData<object>): void {
  const { itemName, onlyIf } = call.request;
  const token = call.metadata.get('x-token')[0];
  if (itemName === 'never') return;
  if (itemName in status) {
    const code = status[itemName as keyof typeof status];
    reply({ code, details: `you said ${itemName}` });
    return;
  }
  reply(null, {
    name: `${itemName} for ${token}${onlyIf?.priceRanges.map(({ atLeast }) => ` ${atLeast}`) ?? ''}`,
    amountLeft: '9007199254740993',
    unit: 'UNIT_PIECE',
    photo: Buffer.from([1, 2, 3]),
    seen: { seconds: 5, nanos: 0 },
  });
}

/** With `keepCase` as in descriptors, which name fields as the .proto file does. */
function definition(keepCase = false): PackageDefinition {
  const { root } = protobuf.parse(proto, new protobuf.Root(), { keepCase });
  root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')?.nested ?? {});
  root.resolveAll();
  return fromJSON(root.toJSON(), { longs: String, enums: String });
}

/** A FileDescriptorSet is nothing but field 1, repeated. */
function toDescriptorSet(definitions: PackageDefinition): Buffer {
  const message = definitions['stock.v1.Item'] as MessageTypeDefinition<object, object>;
  const set = protobuf.Writer.create();
  for (const file of message.fileDescriptorProtos) set.uint32(0x0a).bytes(file);
  return Buffer.from(set.finish());
}

const servers: Server[] = [];

/** A stock service, with the versions of reflection that are asked for. */
async function serve(...reflection: ('v1' | 'v1alpha')[]): Promise<string> {
  const definitions = definition();
  const server = new Server();
  servers.push(server);
  const service = definitions['stock.v1.Stock'] as ServiceDefinition;
  server.addService(service, { GetItem: answer, WatchItem: () => {} });
  const filtered = {
    addService(added: ServiceDefinition, implementation: UntypedServiceImplementation) {
      const path = Object.values(added)[0]?.path ?? '';
      if (reflection.some((version) => path.includes(`.${version}.`))) {
        server.addService(added, implementation);
      }
    },
  };
  new ReflectionService(definition(true)).addToServer(filtered as unknown as Server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return `127.0.0.1:${port}`;
}

const item = (name: string) => ({
  name,
  amountLeft: '9007199254740993',
  unit: 'UNIT_PIECE',
  photo: 'AQID',
  seen: { seconds: '5', nanos: 0 },
});

describe('grpc.call', () => {
  after(() => {
    for (const server of servers) server.forceShutdown();
  });

  const call = (address: string, itemName: string, more: object = {}) =>
    runBuiltIn(grpcCall, {
      ...{ address, method: 'stock.v1.Stock/GetItem', request: { itemName } },
      ...{ metadata: { 'x-token': 'me' } },
      ...more,
    });

  test('calls a method that it learns of by reflection, with JSON and metadata', async () => {
    assert.deepEqual(await call(await serve('v1', 'v1alpha'), 'nut'), item('nut for me'));
  });

  test('sends nested messages, with fields of several words', async () => {
    const onlyIf = { priceRanges: [{ atLeast: 3 }], byShop: { a: { atLeast: 1 } } };
    const more = { request: { itemName: 'nut', onlyIf } };
    const address = await serve('v1');
    assert.deepEqual(await call(address, 'nut', more), item('nut for me 3'));
    assert.deepEqual(await call(address, 'nut', { ...more, proto }), item('nut for me 3'));
  });

  test('falls back to the older reflection', async () => {
    assert.deepEqual(await call(await serve('v1alpha'), 'nut'), item('nut for me'));
  });

  test('needs no reflection if it is given the proto or a descriptor set', async () => {
    const address = await serve();
    await assert.rejects(call(address, 'nut'), { name: 'GRPC_UNIMPLEMENTED' });
    assert.deepEqual(await call(address, 'nut', { proto }), item('nut for me'));
    const descriptorSet = toDescriptorSet(definition(true)).toString('base64');
    assert.deepEqual(await call(address, 'nut', { descriptorSet }), item('nut for me'));
  });

  test('what the request itself caused is final; what time may mend is not', async () => {
    const address = await serve('v1');
    for (const [name, nonRetryable] of [
      ...([
        ['NOT_FOUND', true],
        ['INVALID_ARGUMENT', true],
        ['PERMISSION_DENIED', true],
      ] as const),
      ...([
        ['UNAVAILABLE', false],
        ['RESOURCE_EXHAUSTED', false],
        ['ABORTED', false],
      ] as const),
      ...([
        ['INTERNAL', false],
        ['UNKNOWN', false],
      ] as const),
    ]) {
      const thrown = {
        name: `GRPC_${name}`,
        nonRetryable,
        message: new RegExp(`you said ${name}`),
      };
      await assert.rejects(call(address, name), thrown);
    }
    await assert.rejects(call('127.0.0.1:1', 'nut'), {
      name: 'GRPC_UNAVAILABLE',
      nonRetryable: false,
    });
  });

  test('names what there is where a service, method or field is not', async () => {
    const address = await serve('v1');
    const refused = (more: object, message: RegExp) =>
      assert.rejects(call(address, 'nut', more), { nonRetryable: true, message });
    await refused({ method: 'stock.v1.Stock/GetItems' }, /no method "GetItems".*GetItem/);
    await refused({ method: 'stock.v1.Stocks/GetItem' }, /Reflection said|no service/);
    await refused({ method: 'stock.v1.Stock/WatchItem' }, /streams/);
    await refused({ method: 'GetItem' }, /package\.Service\/Method/);
    await refused({ request: { itemNam: 'x' } }, /no field "itemNam".*itemName/);
    const onlyIf = { priceRanges: [{ atLeast: 1 }, { least: 1 }] };
    await refused({ request: { onlyIf } }, /Range has no field "onlyIf.priceRanges.1.least"/);
    await refused({ proto, request: { onlyIf } }, /no field "onlyIf.priceRanges.1.least"/);
    await refused({ proto: 'message {' }, /"proto" cannot be read/);
  });

  test('ends with its signal, and by its deadline', async () => {
    const address = await serve('v1');
    const stop = new AbortController();
    const input = { address, method: 'stock.v1.Stock/GetItem', request: { itemName: 'never' } };
    const pending = runBuiltIn(grpcCall, input, stop.signal);
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    await assert.rejects(pending, { message: 'stopped' });
    const soon = new Date(Date.now() + 100);
    await assert.rejects(runBuiltIn(grpcCall, input, undefined, soon), {
      name: 'GRPC_DEADLINE_EXCEEDED',
      nonRetryable: false,
    });
  });
});
