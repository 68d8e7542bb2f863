// Applies schedules call by call: first asks of every portion what it would do, then does it.

import type {
  AppliedSchedule__Output,
  ApplySchedulesRequest,
  ApplySchedulesResponse__Output,
  UnservedHandler__Output,
} from '@muster/proto';
import { MusterError } from '@muster/sdk';
import type { FaultList } from '../file/faults.ts';
import type { ReadyEntry } from './definitions.ts';
import { type Difference, differencesOf } from './differences.ts';
import { addViolations } from './violations.ts';

/** `ApplySchedules`, for the namespace that is meant. */
export type ApplyCall = (
  request: Pick<ApplySchedulesRequest, 'specs' | 'validateOnly'>,
) => Promise<ApplySchedulesResponse__Output>;

/** What applying does to one schedule. */
export interface Change {
  readonly name: string;
  readonly action: 'CREATED' | 'UPDATED' | 'UNCHANGED';
  /** UPDATED: the options that change. */
  readonly differences: readonly Difference[];
}

/** What applying does. */
export interface Outlook {
  /** In the order of the file. */
  readonly changes: readonly Change[];
  /** Handlers that no agent serves at this moment; of each call the first 20. */
  readonly unserved: readonly UnservedHandler__Output[];
}

/** Asks what applying would do. What the coordinator refuses, of any portion, joins the faults. */
export async function askChunks(
  chunks: readonly (readonly ReadyEntry[])[],
  call: ApplyCall,
  faults: FaultList,
): Promise<Outlook> {
  const changes: Change[] = [];
  const unserved = new Map<string, UnservedHandler__Output>();
  for (const chunk of chunks) {
    try {
      const answer = await call({ specs: chunk.map(({ spec }) => spec), validateOnly: true });
      for (const [at, applied] of answer.schedules.entries())
        changes.push(changeOf(applied, chunk[at]));
      for (const handler of answer.unservedHandlers) unserved.set(handler.handler, handler);
    } catch (error) {
      if (!(error instanceof MusterError && addViolations(error, chunk, faults))) throw error;
    }
  }
  return { changes, unserved: [...unserved.values()] };
}

/** Applies all portions. Each is applied as a whole or not at all; an error says how many were before it. */
export async function applyChunks(
  chunks: readonly (readonly ReadyEntry[])[],
  call: ApplyCall,
): Promise<void> {
  let applied = 0;
  for (const chunk of chunks) {
    try {
      await call({ specs: chunk.map(({ spec }) => spec), validateOnly: false });
      applied += chunk.length;
    } catch (error) {
      if (!(error instanceof MusterError) || applied === 0) throw error;
      const { metadata, violations, retryDelayMs, code } = error;
      const message = `${error.message} The ${applied} schedules before were applied: apply the file again, and it goes on with the others.`;
      const facts = { metadata, violations, retryDelayMs, code, cause: error };
      throw new MusterError(error.reason, message, facts);
    }
  }
}

function changeOf(applied: AppliedSchedule__Output, ready: ReadyEntry | undefined): Change {
  const { name, changedFields, specBefore } = applied;
  const action = applied.action.replace('APPLY_ACTION_', '') as Change['action'];
  const isUpdate = action === 'UPDATED' && ready !== undefined;
  return {
    name,
    action,
    differences: isUpdate ? differencesOf(specBefore, ready.spec, changedFields) : [],
  };
}
