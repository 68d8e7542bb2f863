// grpc-node#2953, #2734: half-dead connections stayed for days. Here each of three agents loses one direction, the
// other, or both of the wire to its coordinator, in silence; each goes to the other coordinator, and nothing runs again.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../harness/eventually.ts';
import { stageCluster } from './story.ts';
import { readAttached } from './verdict/evidence.ts';

const directions = ['up', 'down', 'both'] as const;

describe('half-open wires between agents and two coordinators [postgres]', () => {
  it('grpc-node#2953, #2734: are noticed, and agents go on at the other coordinator', async (t) => {
    const shape = { coordinators: 2, agents: directions.length, slots: 8, withoutNats: true };
    const { cluster, load, expectOnce } = await stageCluster(t, shape);
    const { databaseUrl, coordinators, agents, wires } = cluster;
    const work = load();
    await eventually(() => work.told.size > 50);
    const before = await readAttached(databaseUrl);
    assert.equal(before.length, agents.length);
    const broken = before.map(({ agentId, address }) => {
      const agent = agents.findIndex(({ name }) => agentId.startsWith(`${name}.`));
      const coordinator = coordinators.findIndex((place) => place.address === address);
      wires.agents[agent]?.[coordinator]?.drop(directions[agent]);
      return { agentId, address };
    });
    await eventually(
      () => readAttached(databaseUrl),
      (now) =>
        broken.every(({ agentId, address }) =>
          now.some((each) => each.agentId === agentId && each.address !== address),
        ),
      { timeoutMs: 20_000, what: 'all agents to be at the other coordinator' },
    );
    await expectOnce([work]);
  });
});
