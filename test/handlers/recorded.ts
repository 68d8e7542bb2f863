// A handler whose every run is written down outside the database, for tests that kill things. It runs
// for a given time, or until a file exists, and returns which run it was.

import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { defineHandler, type HandlerContext } from '@muster/sdk';
import { noteRun, signature } from '../faults/history.ts';

/** What a recorded handler is told. */
export interface RecordedInput {
  /** File of the history. */
  readonly history: string;
  /** Milliseconds that it runs. */
  readonly runMs?: number;
  /** It runs until this file exists. */
  readonly gate?: string;
  /** Milliseconds between two reports of progress with a checkpoint. Undefined: none. */
  readonly reportEveryMs?: number;
  /** So many attempts fail at their end. Default 0. */
  readonly failures?: number;
}

const gateLookMs = 25;

/** Runs as it is told and writes it down. */
export async function runRecorded(input: RecordedInput, context: HandlerContext): Promise<string> {
  noteRun(input.history, context, 'began');
  const beganAt = performance.now();
  const { signal } = context;
  try {
    for (;;) {
      const leftMs = (input.runMs ?? 0) - (performance.now() - beganAt);
      const isShut = input.gate !== undefined && !existsSync(input.gate);
      if (leftMs <= 0 && !isShut) break;
      const stepMs = Math.min(input.reportEveryMs ?? Infinity, isShut ? gateLookMs : leftMs);
      await delay(stepMs, undefined, { signal });
      if (input.reportEveryMs !== undefined) report(context, performance.now() - beganAt);
    }
  } catch (error) {
    noteRun(input.history, context, 'stopped');
    throw error;
  }
  if (context.attempt <= (input.failures ?? 0)) {
    noteRun(input.history, context, 'failed');
    throw new Error('It fails as it was told to.');
  }
  noteRun(input.history, context, 'finished');
  return signature({ ...context, pid: process.pid });
}

function report({ progress, checkpoint }: HandlerContext, ranMs: number): void {
  progress(Math.round(ranMs));
  checkpoint({ ranMs });
}

/** Runs as it is told. */
export const recorded = defineHandler({ name: 'recorded.work', run: runRecorded });
