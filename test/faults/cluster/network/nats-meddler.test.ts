import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connect, type NatsConnection } from 'nats';
import { eventually } from '../../../harness/eventually.ts';
import { type NatsServer, nats, startNats } from '../../../harness/nats.ts';
import { Chance } from '../../../simulation/world/chance.ts';
import { createFrameReader } from './nats-frames.ts';
import { type NatsMeddler, startNatsMeddler } from './nats-meddler.ts';

describe('frames of NATS', () => {
  const text =
    'INFO {}\r\nMSG a.b 1 3\r\n\r\nx\r\nPING\r\nHMSG a 2 reply 4 6\r\nabcdef\r\nPUB c 0\r\n\r\n';
  const expected = [
    ['INFO {}\r\n', false],
    ['MSG a.b 1 3\r\n\r\nx\r\n', true],
    ['PING\r\n', false],
    ['HMSG a 2 reply 4 6\r\nabcdef\r\n', true],
    ['PUB c 0\r\n\r\n', true],
  ];

  it('are read whole, however the bytes come', () => {
    for (const step of [1, 2, 7, text.length]) {
      const read = createFrameReader();
      const frames = [];
      for (let at = 0; at < text.length; at += step)
        frames.push(...read(Buffer.from(text.slice(at, at + step))));
      assert.deepEqual(
        frames.map(({ bytes, isMessage }) => [bytes.toString(), isMessage]),
        expected,
      );
    }
  });
});

describe('a meddler before NATS', { skip: nats.skip }, () => {
  let server: NatsServer;
  let meddler: NatsMeddler;
  let speaker: NatsConnection;
  let listener: NatsConnection;
  let heard: string[] = [];

  before(async () => {
    server = await startNats();
    meddler = await startNatsMeddler(server.address, new Chance(1).number);
    speaker = await connect({ servers: server.address });
    listener = await connect({ servers: meddler.address });
    listener.subscribe('told', { callback: (_error, message) => heard.push(message.string()) });
    await listener.flush();
  });
  after(async () => {
    await speaker.close();
    await listener.close();
    await meddler.close();
    await server.stop();
  });

  async function tell(count: number): Promise<string[]> {
    heard = [];
    const told = Array.from({ length: count }, (_, n) => `message ${n}`);
    const before = meddler.messages;
    for (const text of told) speaker.publish('told', text);
    await speaker.flush();
    await eventually(() => meddler.messages === before + count);
    await listener.flush();
    return told;
  }

  it('lets messages pass until it is told otherwise', async () => {
    assert.deepEqual(await tell(20), heard);
    assert.equal(meddler.meddled, 0);
  });

  it('loses them', async () => {
    meddler.meddle('drop');
    await tell(20);
    assert.deepEqual(heard, []);
    meddler.meddle('drop', 0.5);
    await tell(40);
    assert.ok(heard.length > 5 && heard.length < 35, `${heard.length} of 40 were heard`);
  });

  it('doubles them', async () => {
    meddler.meddle('double');
    const told = await tell(20);
    await eventually(() => heard.length === 40);
    assert.deepEqual(
      heard,
      told.flatMap((text) => [text, text]),
    );
  });

  it('shuffles them', async () => {
    meddler.meddle('reorder');
    const told = await tell(20);
    await eventually(() => heard.length === 20);
    assert.notDeepEqual(heard, told);
    assert.deepEqual(heard.toSorted(), told.toSorted());
    meddler.meddle(undefined);
    assert.deepEqual(await tell(5), heard);
  });
});
