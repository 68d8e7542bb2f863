/**
 * The task of a nominal time: made of the schedule's template, the time, and what came of the one before.
 */
import { hash } from 'node:crypto';
import { zoneOf } from '../calendar/zone.ts';
import type { NewTask, Payload, TaskId } from '../task.ts';
import type { FireDecision, Schedule } from './schedule.ts';
import type { DecidedFire, Turn } from './turn.ts';

/** What may stand in a template of an input. */
export const placeholders = [
  'nominal_time',
  'local_time',
  'local_date',
  'schedule',
  'key',
  'previous_output',
] as const;

type Placeholder = (typeof placeholders)[number];

/** What the tasks of a turn are made with. */
export type Making = {
  readonly newId: () => TaskId;
  readonly now: number;
  readonly previousOutput: Payload | null;
};

const withTask: ReadonlySet<FireDecision> = new Set([
  'FIRED',
  'CAUGHT_UP',
  'BY_HAND',
  'BACKFILLED',
]);

/** The tasks of a turn, by nominal time. */
export function tasksOf(
  schedule: Schedule,
  { fires }: Pick<Turn, 'fires'>,
  making: Making,
): ReadonlyMap<number, NewTask> {
  return new Map(
    fires
      .filter(({ decision }) => withTask.has(decision))
      .map((fire) => [fire.nominalAt, taskOf(schedule, fire, making)]),
  );
}

/** The identity of a nominal time, for handlers and their own writes. */
export function fireKey({ name }: Pick<Schedule, 'name'>, nominalAt: number): string {
  return `${name}@${utcText(nominalAt)}`;
}

function taskOf(
  schedule: Schedule,
  fire: DecidedFire,
  { newId, now, previousOutput }: Making,
): NewTask {
  const { task, misfire, timing } = schedule.spec;
  const key = fireKey(schedule, fire.nominalAt);
  const { startDeadlineMs } = misfire;
  // What somebody asked for by hand was not due before.
  const dueAt = fire.decision === 'BY_HAND' || fire.backfill ? now : fire.dueAt;
  const input =
    schedule.input === null || !task.inputIsTemplate
      ? schedule.input
      : filled(schedule.input, {
          nominal_time: quoted(utcText(fire.nominalAt)),
          local_time: quoted(localText(fire.nominalAt, timing.zone)),
          local_date: quoted(localText(fire.nominalAt, timing.zone).slice(0, 10)),
          schedule: quoted(schedule.name),
          key: quoted(key),
          previous_output: jsonOf(previousOutput) ?? 'null',
        });
  return {
    id: newId(),
    namespaceId: schedule.namespaceId,
    handlerId: schedule.handlerId,
    priority: task.priority,
    key: task.key ?? null,
    labels: task.labels,
    input,
    options: task.options,
    contentHash: Buffer.from(hash('sha256', `${schedule.id} ${key}`, 'hex').slice(0, 32), 'hex'),
    // Told to the handler; nobody else can submit under it, because no key is taken.
    idempotency: { key, ttlMs: 0 },
    dueAt: null,
    startDelayMs: 0,
    totalTimeoutMs: task.totalTimeoutMs,
    startTtlMs: startDeadlineMs === null ? null : Math.max(1, dueAt + startDeadlineMs - now),
    origin: {
      ...{ traceparent: null, tracestate: null, parentId: null, rootId: null, retryOf: null },
      nominalAt: fire.nominalAt,
    },
    offer: null,
  };
}

function filled(template: Payload, values: Readonly<Record<Placeholder, string>>): Payload {
  const text = template.data
    .toString('utf8')
    .replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name as Placeholder] ?? whole);
  return { mediaType: template.mediaType, data: Buffer.from(text) };
}

/** Placeholders of a template that nobody knows. */
export function unknownPlaceholders(text: string): readonly string[] {
  const names = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name);
  return names.filter((name) => !placeholders.some((known) => known === name));
}

const quoted = (text: string) => JSON.stringify(text);

/** The text of a JSON payload; null: it is none. */
function jsonOf(payload: Payload | null): string | null {
  if (payload === null || !/^application\/(\w+\+)?json\b/.test(payload.mediaType)) return null;
  try {
    const text = payload.data.toString('utf8');
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
}

function utcText(timeMs: number): string {
  return withoutZeros(new Date(timeMs).toISOString());
}

/** RFC 3339 as the clock on the wall of a zone shows it; that of UTC if the zone is unknown here. */
function localText(timeMs: number, zoneName: string): string {
  const zone = zoneOf(zoneName);
  if (zone === null) return utcText(timeMs);
  const { offset } = zone.stretchAt(timeMs);
  const wall = withoutZeros(new Date(timeMs + offset).toISOString()).slice(0, -1);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function withoutZeros(iso: string): string {
  return iso.replace('.000Z', 'Z');
}
