/**
 * Before a coordinator begins: do those that run on the same database have the same settings where they must agree?
 *
 * Of two that begin at the same time, the one whose row came first begins. A row that stands still belongs to a process that
 * was killed and has not been declared dead yet: with that one nobody has to agree.
 */
import type { Logger } from 'pino';
import { type AgreedSettings, disagreements, disagreementText } from '../rules/agreement.ts';
import type { CoordinatorId } from '../rules/task.ts';
import { sleep, type Time } from '../rules/time.ts';
import type { CoordinatorRow, Coordinators } from '../store/store.ts';

/** Settings differ from those of a coordinator that is alive; the message names it, both values, and the way out. */
export class SettingsDisagree extends Error {
  override readonly name = 'SettingsDisagree';
}

/** What the comparison needs. */
export type AgreementOptions = {
  readonly coordinators: Pick<Coordinators, 'list'>;
  readonly id: CoordinatorId;
  readonly settings: AgreedSettings;
  readonly timeoutMs: number;
  /** Differences are told and not refused. */
  readonly mayDiffer: boolean;
  readonly logger: Logger;
  readonly time: Time;
};

const rowsMax = 1000;
const lookMs = 200;

/** Compares settings with those of the others. Throws `SettingsDisagree`. */
export async function requireAgreement(options: AgreementOptions): Promise<void> {
  const { id, settings, mayDiffer, logger } = options;
  const rows = await options.coordinators.list(null, rowsMax);
  const own = rows.find((row) => row.id === id);
  if (own === undefined) return;
  for (const other of rows) {
    const found = disagreements(settings, other.settings);
    if (found.length === 0 || !isOlder(other, own)) continue;
    const told = disagreementText(found, other);
    if (mayDiffer) logger.warn({ other: other.id, found }, told);
    else if (await givesSignsOfLife(other, options)) throw new SettingsDisagree(told);
  }
}

function isOlder(other: CoordinatorRow, own: CoordinatorRow): boolean {
  if (!other.alive || other.draining || other.id === own.id) return false;
  return (
    other.startedAt < own.startedAt || (other.startedAt === own.startedAt && other.id < own.id)
  );
}

/** True as soon as its counter has risen; false when it has not for longer than both allow, or when its row is gone. */
async function givesSignsOfLife(
  other: CoordinatorRow,
  { coordinators, timeoutMs, time }: AgreementOptions,
): Promise<boolean> {
  const theirs = other.settings['coordinator-timeout'];
  const until = time.now() + Math.max(timeoutMs, typeof theirs === 'number' ? theirs : 0);
  while (time.now() < until) {
    await sleep(time, lookMs);
    const rows = await coordinators.list(null, rowsMax);
    const now = rows.find(({ id }) => id === other.id);
    if (now === undefined || !now.alive || now.draining) return false;
    if (now.counter !== other.counter) return true;
  }
  return false;
}
