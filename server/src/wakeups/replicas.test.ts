// Wakeups between replicas, over a real NATS: heard by all others and once, kept apart by the prefix, bounded, and
// lost without harm while NATS is away.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from 'nats';
import { pino } from 'pino';
import { eventually } from '../../../test/harness/eventually.ts';
import { type NatsServer, nats, startNats } from '../../../test/harness/nats.ts';
import type { HandlerId, TaskId } from '../rules/task.ts';
import { createIncidents, type Incidents } from './incidents.ts';
import { createNatsLink, type NatsLink } from './nats.ts';
import { createReplicaWakeups } from './replicas.ts';
import type { HintName, Hints, Wakeups } from './wakeups.ts';

type Replica = {
  readonly wakeups: Wakeups;
  readonly link: NatsLink;
  readonly subjects: ReadonlySet<string>;
  readonly incidents: Incidents;
  readonly lines: { level: number; msg: string }[];
};

const none = { credentialsFile: '', user: '', passwordFile: '', tokenFile: '' };
const noTls = { tlsCaFile: '', tlsCertificateFile: '', tlsKeyFile: '' };
const id = (digit: string) => `01890a5d-ac96-774b-bcce-b302099a805${digit}` as TaskId;

describe('wakeups between replicas', { skip: nats.skip, concurrency: 1 }, () => {
  let server: NatsServer;
  let stranger: NatsConnection;
  let one: Replica;
  let two: Replica;
  const replicas: Replica[] = [];

  async function addReplica(prefix = 'muster', access = {}): Promise<Replica> {
    const lines: { level: number; msg: string }[] = [];
    const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
    const incidents = createIncidents(logger, () => performance.now());
    const subjects = new Set<string>();
    const real = createNatsLink({
      access: { servers: [server.address], ...none, ...noTls, ...access },
      name: 'replica',
      ...{ incidents, logger },
    });
    const link = watched(real, subjects);
    const wakeups = createReplicaWakeups({ link, prefix, incidents, logger, movedLingerMs: 50 });
    const replica = { wakeups, link, subjects, incidents, lines };
    replicas.push(replica);
    await wakeups.start();
    return replica;
  }

  /** What a replica hears of one name from now on. */
  function listen<Name extends HintName>({ wakeups }: Replica, name: Name): Hints[Name][] {
    const heard: Hints[Name][] = [];
    stops.push(wakeups.subscribe(name, (hint) => heard.push(hint)));
    return heard;
  }

  /** Everything that was sent before has arrived, because NATS keeps the order of one sender. */
  async function settled(from: Replica, ...to: Replica[]): Promise<void> {
    const marks = to.map((replica) => listen(replica, 'drain'));
    await sleep(1); // Its turn has been sent.
    from.wakeups.publish('drain', { sessionIds: [], graceMs: 7 });
    for (const mark of marks) await eventually(() => mark.length > 0);
    await sleep(1);
  }

  const stops: (() => void)[] = [];
  const connected = (...all: Replica[]) => eventually(() => all.every((r) => r.link.isConnected()));

  before(async () => {
    server = await startNats();
    stranger = await connect({ servers: server.address });
    one = await addReplica();
    two = await addReplica();
    await connected(one, two);
    await sleep(20); // The looks after connecting are over.
  });
  after(async () => {
    for (const { wakeups } of replicas) await wakeups.stop();
    await stranger?.close();
    await server?.stop();
  });

  it('are heard by the others, and here once', async () => {
    const [here, there] = [listen(one, 'ready'), listen(two, 'ready')];
    one.wakeups.publish('ready', { handlerIds: [1 as HandlerId] });
    one.wakeups.publish('ready', { handlerIds: [2 as HandlerId] });
    await settled(one, one, two);
    const hint = { handlerIds: [1, 2], newest: false };
    assert.deepEqual([here, there], [[hint], [hint]]);
  });

  it('are heard by none of another cluster', async () => {
    const other = await addReplica('other.cluster');
    const heard = listen(other, 'detached');
    await connected(other);
    await eventually(() => heard.length === 1, Boolean, { what: 'the look after connecting' });
    one.wakeups.publish('detached', { sessionIds: [] });
    await settled(one, two);
    await settled(other, other);
    assert.equal(heard.length, 1);
  });

  it('tell of moves only while somebody listens, and a little longer', async () => {
    const hears = () => two.subjects.has('muster.cluster.moved');
    assert.ok(!hears());
    const heard: Hints['moved'][] = [];
    const stop = two.wakeups.subscribe('moved', (hint) => heard.push(hint));
    await settled(two, one); // Its subscription stands.
    const tasks = [
      { taskId: id('1'), finished: false },
      { taskId: id('2'), finished: true },
    ];
    one.wakeups.publish('moved', { tasks });
    await eventually(() => heard.length === 1);
    assert.deepEqual(heard, [{ tasks }]);
    stop();
    assert.ok(hears(), 'waits that follow each other share a subscription');
    const again = two.wakeups.subscribe('moved', () => {});
    await sleep(60);
    assert.ok(hears());
    again();
    await eventually(() => !hears());
    one.wakeups.publish('moved', { tasks });
    await settled(one, two);
    assert.equal(heard.length, 1);
  });

  it('count what is malformed, and say so once', async () => {
    const heard = listen(one, 'cancel');
    const before = one.incidents.total('malformed');
    for (const body of ['', 'no JSON', '{"version":1}', '{"version":9,"orders":[]}'])
      stranger.publish('muster.cluster.cancel', body);
    await stranger.flush();
    await eventually(() => one.incidents.total('malformed') === before + 4);
    assert.deepEqual(heard, []);
    assert.equal(one.lines.filter(({ msg }) => /none of ours/.test(msg)).length, 1);
    assert.equal(one.lines.filter(({ level }) => level >= 50).length, 0);
  });

  it('are dropped and counted while NATS is away, and look for themselves when it is back', async () => {
    const heard = listen(two, 'ready');
    await server.stop();
    await eventually(() => !one.link.isConnected() && !two.link.isConnected());
    const before = one.incidents.total('dropped');
    const here = listen(one, 'ready');
    one.wakeups.publish('ready', { handlerIds: [1 as HandlerId] });
    await eventually(() => here.length === 1);
    assert.equal(one.incidents.total('dropped'), before + 1);
    assert.match(one.link.problem() ?? '', /the connection broke|ECONNREFUSED/);
    const looks = (['dictionaries', 'detached', 'delayed'] as const).map((name) =>
      listen(one, name),
    );
    await server.start();
    await connected(one, two);
    for (const look of looks) await eventually(() => look.length === 1);
    one.wakeups.publish('ready', { handlerIds: [3 as HandlerId] });
    await eventually(() => heard.length > 0);
    assert.deepEqual(heard, [{ handlerIds: [3], newest: false }]);
    const outages = one.lines.filter(({ msg }) => /NATS cannot be used/.test(msg));
    assert.ok(outages.length <= 3, JSON.stringify(outages));
  });

  it('go on trying, with the reason at hand, where nobody lets them in', async () => {
    const locked = await startNats({ user: 'muster', password: 'right' });
    const servers = ['127.0.0.1:1', locked.address];
    const replica = await addReplica('muster', {
      servers,
      user: 'muster',
      passwordFile: '/dev/null',
    });
    const problem = () => replica.link.problem() ?? '';
    await eventually(problem, (text) => assert.match(text, /Authorization Violation/));
    assert.match(problem(), /127\.0\.0\.1:1: .*ECONNREFUSED/);
    assert.match(replica.lines.map(({ msg }) => msg).join(), /Check nats-credentials-file/);
    await locked.stop();
  });

  it('end within a second or two, although an attempt hangs', async () => {
    const silent = createServer().listen(0, '127.0.0.1'); // Takes connections, and says nothing.
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const replica = await addReplica('muster', { servers: [`127.0.0.1:${port}`] });
    await once(silent, 'connection');
    const begun = performance.now();
    await replica.wakeups.stop();
    assert.ok(performance.now() - begun < 3000);
    silent.close();
  });

  it('hold a bounded number of bytes that NATS has not taken', async () => {
    const replica = await addReplica();
    await connected(replica);
    const { link, incidents } = replica;
    const before = incidents.total('dropped');
    const chunk = new Uint8Array(512 * 1024);
    for (let sent = 0; sent < 64; sent += 1) link.publish('elsewhere', chunk);
    assert.equal(incidents.total('dropped') - before, 32);
    await eventually(() => {
      const dropped = incidents.total('dropped');
      link.publish('elsewhere', chunk);
      return incidents.total('dropped') === dropped;
    });
  });
});

/** The link, and the subjects that it is asked to hear. */
function watched(link: NatsLink, subjects: Set<string>): NatsLink {
  return {
    ...link,
    subscribe(subject, heard) {
      subjects.add(subject);
      const stop = link.subscribe(subject, heard);
      return () => {
        subjects.delete(subject);
        stop();
      };
    },
  };
}
