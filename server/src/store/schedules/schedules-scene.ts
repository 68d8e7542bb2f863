/** Schedules in a real store for tests: rows with a next time of the test's own, and turns at a moment of its own. */
import { createIdGenerator } from '../../rules/ids.ts';
import { tasksOf } from '../../rules/schedule/fired-task.ts';
import { timingSpec } from '../../rules/schedule/scene.ts';
import type {
  MisfirePolicy,
  OverlapPolicy,
  ScheduleId,
  ScheduleSpec,
  TimingSpec,
} from '../../rules/schedule/schedule.ts';
import { takeTurn } from '../../rules/schedule/turn.ts';
import type { HandlerId, TaskId } from '../../rules/task.ts';
import { defaultNamespace } from '../scene/scene.ts';
import type { Decide, DueSchedule, Store, TakenTurn } from '../store.ts';

/** What a schedule of a scene says; the rest has its default. */
export type SceneSchedule = {
  readonly name: string;
  readonly timing: Partial<TimingSpec>;
  readonly misfire?: Partial<MisfirePolicy>;
  readonly overlap?: Partial<OverlapPolicy>;
  readonly failuresMax?: number;
  /** The next nominal time that is to be decided. */
  readonly nextAt: number;
};

/** Long ago: every clock is past it. */
const longAgo = Date.parse('2020-01-01T00:00:00Z');

function specOf({ timing, misfire, overlap, failuresMax }: SceneSchedule): ScheduleSpec {
  const [options, totalTimeoutMs, labels] = [null, null, null];
  return {
    description: '',
    timing: timingSpec(timing),
    task: { inputIsTemplate: false, priority: 0, options, totalTimeoutMs, labels },
    misfire: {
      ...{ rule: 'ONCE', lateMs: 60_000, catchUpMs: null, allMax: 100, startDeadlineMs: null },
      ...misfire,
    },
    overlap: { rule: 'ALLOW', runningMax: null, bufferMax: 0, ...overlap },
    failuresMax: failuresMax ?? null,
  };
}

/** Stores schedules whose turn it is; answers their ids by name. */
export async function storeDue(
  store: Store,
  handlerId: HandlerId,
  schedules: readonly SceneSchedule[],
): Promise<ReadonlyMap<string, ScheduleId>> {
  const nextOf = new Map(schedules.map(({ name, nextAt }) => [name, nextAt]));
  const written = schedules.map((each) => {
    const spec = specOf(each);
    return { name: each.name, handlerId, handler: '', spec, input: null };
  });
  const bySpec = new Map(written.map(({ spec, name }) => [spec, name]));
  const ids = new Map<string, ScheduleId>();
  await store.schedules.apply(
    defaultNamespace,
    written,
    {
      begin({ id, spec }) {
        const name = bySpec.get(spec) ?? '';
        ids.set(name, id);
        return { state: 'ACTIVE', nextAt: nextOf.get(name) ?? 0, lookAt: longAgo, pauseNote: '' };
      },
      change: () => null,
      approve: () => {},
    },
    { validateOnly: false, mayExist: true },
  );
  return ids;
}

/** Decides as the scheduling role does, but at a moment of the test's own; null: the database's. */
export function decideAt(moment: number | null): Decide {
  let now = 0;
  const random = (bytes: number) => crypto.getRandomValues(Buffer.alloc(bytes));
  const newId = createIdGenerator({ now: () => now, random });
  return (due: DueSchedule): TakenTurn => {
    now = due.now;
    const turn = takeTurn(due.schedule, due.open, moment ?? Math.floor(due.now));
    const making = { now, newId: newId as () => TaskId, previousOutput: null };
    return { turn, tasks: tasksOf(due.schedule, turn, making) };
  };
}
