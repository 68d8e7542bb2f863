// What is wrong with a file: each fault with its place and a way out. The first ones are kept, all are counted.

import type { Place } from './documents.ts';

/** Faults that are shown. */
export const faultsShownMax = 20;

/** One thing that is wrong. */
export interface Fault {
  readonly place: Place;
  /** The schedule that it is about. Empty: none, or one without a name. */
  readonly schedule: string;
  /** What is wrong, with which value, and what to do. */
  readonly what: string;
}

/** The faults of one file. */
export interface Faults {
  /** The first of them. */
  readonly first: readonly Fault[];
  /** How many there are. */
  readonly count: number;
}

/** Gathers faults. */
export class FaultList implements Faults {
  readonly first: Fault[] = [];
  count = 0;

  add(fault: Fault): void {
    this.count += 1;
    if (this.count <= faultsShownMax) this.first.push(fault);
  }
}

/** Faults as lines: `jobs.yaml:12:11: nightly-report: …`. Editors find the place by the beginning. */
export function faultsText(file: string, { first, count }: Faults): string {
  const inOrder = first.toSorted((a, b) => a.place.line - b.place.line);
  const lines = inOrder.map(({ place, schedule, what }) => {
    const about = schedule === '' ? '' : `${schedule}: `;
    return `${file}:${place.line}:${place.column}: ${about}${what}`;
  });
  const nothing = 'Nothing was applied.';
  const head =
    count === 1 ? `One thing is wrong. ${nothing}` : `${count} things are wrong. ${nothing}`;
  const tail = count > first.length ? [`These are the first ${first.length} of ${count}.`] : [];
  return [head, ...lines, ...tail].join('\n');
}
