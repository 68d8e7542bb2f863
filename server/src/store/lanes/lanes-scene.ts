/**
 * A scene with a limited handler, for tests of lanes.
 */
import { type HandlerLimits, noLimits } from '../../rules/lanes/limits.ts';
import type { HandlerId, LaneId, Lease, TaskId } from '../../rules/task.ts';
import {
  createScene,
  defaultNamespace,
  outcomeOf,
  type Scene,
  type SceneSession,
} from '../scene/scene.ts';
import type { LaneClaim, Store } from '../store.ts';

/** A scene whose handler has limits. */
export type LanesScene = Scene & {
  readonly session: () => Promise<SceneSession>;
  /** Sets the limits of the handler, or of another, and settles it. */
  limit(limits: Partial<HandlerLimits>, handlerId?: HandlerId): Promise<void>;
  /** Stores a task for each key; '' is none. */
  submitKeys(...keys: readonly string[]): Promise<readonly TaskId[]>;
  /** Claims from the handler's lanes for so many slots of a session. */
  claimLanes(
    session: SceneSession,
    slots: number,
    more?: { readonly freed?: readonly LaneId[]; readonly handlerId?: HandlerId },
  ): Promise<LaneClaim>;
  succeed(...leases: readonly Lease[]): Promise<void>;
};

/** Makes the scene; its handler is not limited yet. */
export async function createLanesScene(store: Store): Promise<LanesScene> {
  const scene = await createScene(store);
  return {
    ...scene,
    async limit(limits, handlerId = scene.handlerId) {
      const set = await store.lanes.setHandlerLimits(handlerId, { ...noLimits, ...limits });
      if (set !== 'SET') throw new Error(`Unknown limits: ${set.missing.join(', ')}.`);
      await settleAll(store);
    },
    async submitKeys(...keys) {
      const tasks = keys.map((name) =>
        scene.newTask({ key: name === '' ? null : { name, weight: 1 } }),
      );
      await scene.submit(...tasks);
      return tasks.map(({ id }) => id);
    },
    claimLanes: (session, slots, { freed = [], handlerId = scene.handlerId } = {}) =>
      store.lanes.claim({
        handlerId,
        slots: Array.from({ length: slots }, () => ({
          sessionId: session.id,
          attachment: session.attachment,
        })),
        freed,
        bytesMax: 8 * 1024 * 1024,
      }),
    async succeed(...leases) {
      await store.leases.record(leases.map((lease) => outcomeOf(lease, 'SUCCEEDED')));
    },
  };
}

/** Settles every handler. */
export async function settleAll(store: Store): Promise<void> {
  while ((await store.lanes.settle(1_000)).more);
}

/** States of tasks, in order. */
export async function statesOf(store: Store, ids: readonly TaskId[]): Promise<readonly string[]> {
  const states = await store.tasks.states(defaultNamespace, ids);
  return ids.map((id) => states.get(id)?.state ?? 'MISSING');
}
