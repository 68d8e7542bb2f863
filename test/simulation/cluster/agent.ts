// One agent's machine: the real agent, whose handler takes as long as its input says, over the simulated network.

import { ConnectedAgent, resolveOptions, type Transport } from '@muster/agent/internal';
import { defineHandler } from '@muster/sdk';
import type { Tap } from '../world/network.ts';
import { Process } from '../world/process.ts';
import type { Surroundings } from './coordinator.ts';
import type { Ledger, Run } from './ledger.ts';

/** What a task of the simulation asks for. */
export interface Work {
  readonly ms: number;
  readonly fails: boolean;
}

/** The handlers: what takes seconds, and what is over so fast that it is sent ahead of free slots. */
export const workHandlers = { long: 'simulation.long', short: 'simulation.short' } as const;

/** Counts how often an agent with a healthy coordinator is asked to move, so that a simulation without moves is noticed. */
function counted(tap: Tap, ledger: Ledger): Tap {
  return {
    sent: (message) => tap.sent(message),
    read(message) {
      if (message.goAway?.reason.includes('more agents than its share')) ledger.moves += 1;
      return tap.read(message);
    },
  };
}

/** A machine on which an agent runs, is killed, and runs again. */
export class AgentPlace {
  readonly host: string;
  readonly slots: number;
  readonly #around: Surroundings;
  readonly #addresses: readonly string[];
  readonly #ledger: Ledger;
  readonly #tap: Tap;
  #process: Process;
  #agent: ConnectedAgent | undefined;

  constructor(
    host: string,
    slots: number,
    addresses: readonly string[],
    around: Surroundings,
    ledger: Ledger,
    tap: Tap,
  ) {
    this.host = host;
    this.slots = slots;
    this.#around = around;
    this.#addresses = addresses;
    this.#ledger = ledger;
    this.#tap = counted(tap, ledger);
    this.#process = new Process(host, around.world, around.chance);
    this.begin();
  }

  /** The process that runs here, or ran here last. */
  get process(): Process {
    return this.#process;
  }

  /** Starts an agent. */
  begin(): void {
    const { world, chance, network } = this.#around;
    const own = new Process(this.host, world, chance, chance.between(-1, 1) * 3_600_000);
    this.#process = own;
    const transport: Transport = {
      open: (address, listener) => network.dial(this.host, own, address, listener, this.#tap),
    };
    const handlers = Object.values(workHandlers).map((name) => this.#handler(name, own));
    const settings = resolveOptions({
      ...{ handlers, agentId: this.host, slots: this.slots, logger: false },
      drainGrace: '5s',
    });
    const addresses = [...this.#addresses].sort(() => chance.number() - 0.5);
    const place = { addresses, namespace: 'default', wanted: {} };
    this.#agent = new ConnectedAgent(settings, place, {
      ...{ clock: own.clock, transport, random: chance.number },
    });
    this.#agent.start().catch(() => {});
  }

  #handler(name: string, own: Process) {
    const retry = { maxAttempts: 3, initialDelay: '1s', maxDelay: '10s' } as const;
    return defineHandler({
      ...{ name, retry, lostAttemptsMax: 100 },
      run: (input: Work, context) => {
        const { taskId, attempt, leaseEpoch, signal } = context;
        const sessionId = this.#agent?.sessionId ?? '';
        const run: Run = { taskId, attempt, leaseEpoch, sessionId, process: own, isStopped: false };
        this.#ledger.began(run, this.slots);
        return new Promise<number>((resolve, reject) => {
          const end = (returned: boolean) => {
            timer.cancel();
            this.#ledger.ended(run, returned);
            if (returned) resolve(attempt);
            else reject(new Error('It failed.'));
          };
          const timer = own.clock.after(input.ms, () => end(!input.fails || attempt > 1));
          signal.addEventListener('abort', () => {
            run.isStopped = true;
            end(false);
          });
        });
      },
    });
  }

  /** The process ends at once, and another begins later. */
  restart(how: 'killed' | 'vanished', afterMs: number): void {
    const { world, network } = this.#around;
    const own = this.#process;
    if (!own.isAlive) return;
    own.die();
    network.gone(own, how);
    world.after(afterMs, () => this.begin());
  }

  /** The agent leaves in order, and another begins later. */
  drain(afterMs: number): void {
    const own = this.#process;
    this.#agent
      ?.drain()
      .then(() => {
        if (own === this.#process) this.restart('killed', afterMs);
      })
      .catch(() => {});
  }
}
