// NATS away for a minute under load, and then every wakeup lost, doubled or out of order: slower, never different.

import type { Client } from '@muster/sdk';
import type { Told } from '../faults/cluster/play/load.ts';
import { recorded } from '../handlers/recorded.ts';
import { uuidV7 } from '../harness/task-ids.ts';
import { onStage, report, type SoakStage } from './stage.ts';
import type { Story } from './story.ts';

/** Fewer slots than submitters: what the agent of one coordinator has no room for, the other's takes. */
const shape = { coordinators: 2, agents: 2, slots: 4 };
const quietSeconds = 20;
const outageSeconds = 60;
const meddledSeconds = 15;
/** Each submits one task after the other, and waits for it. */
const submitters = 16;

/** Measures while NATS is there, away, there again, and while its messages are meddled with. */
export const nats: Story = {
  name: 'nats',
  about: 'NATS stopped for 60 s under load, and its messages dropped, doubled, reordered',
  run: () =>
    onStage(shape, async (stage) => {
      const { server, meddler } = stage.cluster.nats ?? { server: undefined, meddler: undefined };
      if (server === undefined) throw new Error('There is no nats-server to be had.');
      const clients = [0, 1].map((only) => stage.cluster.connect('60s', only));
      const told = new Map<string, Told>();
      const measure = (phase: string, seconds: number) =>
        submitAndWait(stage, clients, told, phase, seconds);
      await measure('before', quietSeconds);
      await server.stop();
      await measure('NATS stopped', outageSeconds);
      await server.start();
      await measure('after', quietSeconds);
      for (const how of ['drop', 'double', 'reorder'] as const) {
        meddler.meddle(how);
        await measure(`every message: ${how}`, meddledSeconds);
      }
      const { breaches, tasks, runs, attempts } = await stage.end([{ told }]);
      const lost = breaches.filter(({ rule }) => rule === 'lost' || rule === 'stuck').length;
      return [
        report(
          lost === 0 && meddler.meddled > 0,
          `${told.size} tasks, ${lost} lost; ${meddler.meddled} messages meddled with`,
        ),
        report(
          attempts.length === 0 && runs.length === tasks.length,
          `${tasks.length} tasks stored, ${runs.length} runs`,
        ),
        report(breaches.length === 0, `${breaches.length} promises broken in all`),
      ].every(Boolean);
    }),
};

/** Keeps submitting for so long, one line of figures at the end. */
async function submitAndWait(
  { history, label }: SoakStage,
  clients: readonly Client[],
  told: Map<string, Told>,
  phase: string,
  seconds: number,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  const latencies: number[] = [];
  const submitter = async (client: Client) => {
    while (performance.now() < deadline) {
      const id = uuidV7();
      const begun = performance.now();
      const task = await client.submit(recorded, { history }, { id, labels: { story: label } });
      const output = await task.result({ timeout: '60s' });
      latencies.push(performance.now() - begun);
      const seen = Promise.resolve({ state: 'SUCCEEDED', output } as const);
      told.set(id, { id, failures: 0, acknowledged: true, cancelled: false, seen });
    }
  };
  const all = Array.from({ length: submitters }, (_, n) => clients[n % clients.length]);
  await Promise.all(all.map((client) => client && submitter(client)));
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor(latencies.length * share)] ?? 0);
  const rate = Math.round(latencies.length / seconds);
  console.log(
    `${phase.padEnd(24)} ${String(rate).padStart(5)} tasks/s   submit to result: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(0.999999)} ms`,
  );
}
