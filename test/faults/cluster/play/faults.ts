// Lets planned faults happen, several at a time if it comes to that, and writes down whom they hit.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../places/cluster.ts';
import type { PlannedFault } from './fault-kinds.ts';
import type { Hit } from './journal.ts';

/** What came of a plan. */
export interface PlayedFaults {
  /** One line for each fault, with the second at which it began. */
  readonly told: readonly string[];
  readonly hits: readonly Hit[];
  /** The kinds of the faults that happened; the others found their place taken. */
  readonly kinds: readonly string[];
}

/** Plays them all; resolves when the last one is over and undone. */
export async function playFaults(
  cluster: Cluster,
  faults: readonly PlannedFault[],
  say: (step: string) => void = () => {},
): Promise<PlayedFaults> {
  const inUse = new Set<string>();
  const told: string[] = [];
  const hits: Hit[] = [];
  const kinds: string[] = [];
  const play = async (fault: PlannedFault) => {
    await sleep(fault.atMs);
    const { kind } = fault;
    const touched = kind.touches(fault);
    const isFree = touched.every((each) => !inUse.has(each));
    told.push(`${tell(fault)}${isFree ? '' : ': left out, its place is taken'}`);
    say(told.at(-1) ?? '');
    if (!isFree) return;
    let isAlone = inUse.size === 0;
    for (const each of touched) inUse.add(each);
    kinds.push(kind.name);
    const hit = { ...kind.hits?.(fault, cluster), from: Date.now(), to: Number.POSITIVE_INFINITY };
    await kind.begin(cluster, fault);
    isAlone &&= inUse.size === touched.length;
    if (kind.hits && !(kind.harmlessAlone && isAlone)) hits.push(hit);
    await sleep(fault.lastsMs);
    await kind.end(cluster, fault);
    if (!kind.isForEver) hit.to = Date.now() + (kind.lingersMs ?? 0);
    for (const each of touched) inUse.delete(each);
  };
  await Promise.all(faults.map(play));
  return { told, hits, kinds };
}

/** One line about a fault. */
export function tell({ kind, atMs, lastsMs, agent, coordinator, whim }: PlannedFault): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const where = `agent-${agent}, coordinator-${coordinator}, whim ${whim.toFixed(3)}`;
  return `${seconds(atMs)} s: ${kind.name} for ${seconds(lastsMs)} s (${where})`;
}
