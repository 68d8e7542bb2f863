// A cluster for a long story, and how it ends: with a line for each promise that was not kept.

import { type Cluster, type ClusterShape, startCluster } from '../faults/cluster/places/cluster.ts';
import type { Hit } from '../faults/cluster/play/journal.ts';
import type { Load } from '../faults/cluster/play/load.ts';
import { text } from '../faults/cluster/play/seed.ts';
import { type Judgement, judge } from '../faults/cluster/verdict/judge.ts';
import { newHistory } from '../faults/history.ts';
import { startPostgres } from '../harness/postgres.ts';

/** What a story has. */
export interface SoakStage {
  readonly cluster: Cluster;
  readonly history: string;
  /** The label of all tasks. */
  readonly label: string;
  /** Waits for the end of all tasks, prints what was broken, and answers what is known. */
  end(loads: readonly Pick<Load, 'told'>[], hits?: readonly Hit[]): Promise<Judgement>;
}

const shownMax = 10;

/** Starts one, tells the story, and ends it in any case. */
export async function onStage<Answer>(
  shape: ClusterShape,
  tell: (stage: SoakStage) => Promise<Answer>,
): Promise<Answer> {
  const postgres = await startPostgres();
  const cluster = await startCluster(postgres, shape);
  const history = newHistory();
  const label = 'soak';
  try {
    return await tell({
      ...{ cluster, history, label },
      async end(loads, hits = []) {
        const judgement = await judge({ cluster, loads, history, label, hits });
        const found = judgement.breaches.map(text);
        for (const line of found.slice(0, shownMax)) console.log(`    ${line.slice(0, 500)}`);
        if (found.length > shownMax) console.log(`    and ${found.length - shownMax} more`);
        return judgement;
      },
    });
  } finally {
    for (const complaint of await cluster.stop()) console.log(`    ${complaint.slice(0, 500)}`);
    await postgres.stop('immediate');
  }
}

/** One line of a report: whether it is as promised, and what was seen. */
export function report(isKept: boolean, seen: string): boolean {
  console.log(`${isKept ? 'ok    ' : 'BROKEN'}  ${seen}`);
  return isKept;
}
