// One coordinator's place in the cluster: the real roles and lives, over a simulated network and database.

import { Metadata } from '@grpc/grpc-js';
import { loadContract } from '@muster/proto';
import {
  anyone,
  beginLives,
  type Config,
  createDictionaries,
  createInProcessWakeups,
  noEvents,
  type Role,
} from '@muster/server/internal';
import { pino } from 'pino';
import { type Database, storeOf } from '../database/store.ts';
import type { Chance } from '../world/chance.ts';
import type { Network } from '../world/network.ts';
import { Process } from '../world/process.ts';
import type { ServerStream } from '../world/server-stream.ts';
import type { World } from '../world/world.ts';

type Call = { request: Buffer; metadata: Metadata; cancelled: boolean; on(): void };
type Unary = (call: Call, answer: (error: object | null, value?: unknown) => void) => void;

/** What is common to a simulated cluster. */
export interface Surroundings {
  readonly world: World;
  readonly chance: Chance;
  readonly network: Network;
  readonly database: Database;
  readonly config: Config;
}

const logger = pino({ level: process.env.MUSTER_SIMULATION_LOG ?? 'silent' });
const submitType = loadContract().muster.TaskService.service.SubmitTasks;

/** A machine on which a coordinator runs, is killed, and runs again. */
export class CoordinatorPlace {
  readonly address: string;
  readonly #around: Surroundings;
  #process: Process;
  #submit: Unary | undefined;
  #isOpen = false;

  constructor(address: string, around: Surroundings) {
    this.address = address;
    this.#around = around;
    this.#process = new Process(address, around.world, around.chance);
    this.begin();
  }

  /** The process that runs here, or ran here last. */
  get process(): Process {
    return this.#process;
  }

  /** Starts a coordinator; one that cannot start is started again. */
  begin(): void {
    const { world, chance, database, network, config } = this.#around;
    const own = new Process(this.address, world, chance);
    this.#process = own;
    this.#isOpen = false;
    const { time } = own;
    const store = storeOf(database, own);
    const wakeups = createInProcessWakeups(logger, time.soon);
    const dictionaries = createDictionaries({ store, wakeups, config, logger, time });
    const authentication = { authenticate: () => anyone };
    const base = {
      ...{ config, logger, store, wakeups, events: noEvents, dictionaries, authentication, time },
    };
    const openDoor = async (roles: readonly Role[]) => this.#open(own, roles, network);
    const start = async () => {
      await dictionaries.start();
      await beginLives(base, openDoor, () => this.restart('killed', 1000));
    };
    start().catch(() => this.restart('killed', 1000));
  }

  /** The process ends, and another begins later. */
  restart(how: 'killed' | 'vanished', afterMs: number): void {
    const { world, network } = this.#around;
    const own = this.#process;
    if (!own.isAlive) return;
    own.die();
    this.#isOpen = false;
    network.gone(own, how);
    world.after(afterMs, () => this.begin());
  }

  #open(own: Process, roles: readonly Role[], network: Network) {
    let connect: (stream: ServerStream) => void = () => {};
    for (const role of roles)
      role.routes?.({
        addService: (_, handlers) => {
          const methods = handlers as unknown as Record<string, unknown>;
          if (methods.Connect) connect = methods.Connect as typeof connect;
          if (methods.SubmitTasks) this.#submit = methods.SubmitTasks as Unary;
        },
      });
    const gated = (stream: ServerStream) => {
      if (this.#isOpen) connect(stream);
      else stream.refuse();
    };
    network.listen(this.address, { process: own, connect: gated });
    return {
      reachable: this.address,
      setOpen: (open: boolean) => {
        if (this.#process === own) this.#isOpen = open;
      },
      close: async () => {},
    };
  }

  /** A client's call; `answered` hears whether it was acknowledged, unless the process dies before. */
  submit(request: object, answered: (isStored: boolean) => void): void {
    this.#process.arrive(1, () => {
      if (!this.#isOpen || this.#submit === undefined) return answered(false);
      const bytes = submitType.requestSerialize(request);
      const call = { request: bytes, metadata: new Metadata(), cancelled: false, on() {} };
      this.#submit(call, (error) => answered(error === null));
    });
  }
}
