// Values by lease. Two leases of one task at a time are rare (the outcome of a lapsed one waits
// for its answer while a later one runs), so that the task's id is the key and the epoch is
// compared; joining both into a key cost an agent more than all its other bookkeeping.

import { keyOf, type LeaseRef } from './lease.ts';

/** What knows its lease. */
export interface Leased {
  readonly ref: LeaseRef;
}

/** A map from leases. */
export class LeaseMap<Value extends Leased> {
  /** One lease of each task. */
  readonly #byTask = new Map<string, Value>();
  /** Further leases of tasks that have one above, by `keyOf`. Nearly always empty. */
  readonly #further = new Map<string, Value>();

  /** Leases with a value. */
  get size(): number {
    return this.#byTask.size + this.#further.size;
  }

  /** The value of this very lease. */
  get(ref: LeaseRef): Value | undefined {
    const value = this.#byTask.get(ref.taskId);
    if (value === undefined || value.ref.leaseEpoch === ref.leaseEpoch) return value;
    return this.#further.get(keyOf(ref));
  }

  /** Whether this very lease has a value. */
  has(ref: LeaseRef): boolean {
    return this.get(ref) !== undefined;
  }

  /** Puts a value in the place of whatever its lease had. */
  set(value: Value): void {
    const { ref } = value;
    const other = this.#byTask.get(ref.taskId);
    if (other === undefined || other.ref.leaseEpoch === ref.leaseEpoch) {
      this.#byTask.set(ref.taskId, value);
    } else this.#further.set(keyOf(ref), value);
  }

  /** Takes a lease out; false if it had no value. */
  delete(ref: LeaseRef): boolean {
    const value = this.#byTask.get(ref.taskId);
    if (value === undefined) return false;
    if (value.ref.leaseEpoch !== ref.leaseEpoch) return this.#further.delete(keyOf(ref));
    this.#byTask.delete(ref.taskId);
    for (const [key, further] of this.#further) {
      if (further.ref.taskId !== ref.taskId) continue;
      this.#further.delete(key);
      this.#byTask.set(ref.taskId, further);
      break;
    }
    return true;
  }

  /** Takes all out. */
  clear(): void {
    this.#byTask.clear();
    this.#further.clear();
  }

  /** All values, in the order in which their tasks came. */
  values(): Value[] {
    return [...this.#byTask.values(), ...this.#further.values()];
  }
}
