// Handlers that a test holds in its hand: an attempt waits at the gate of its task until the test opens
// it, so that a running task can be looked at without guessing how long it runs.

import { defineHandler, type HandlerContext } from '@muster/sdk';

interface Gate {
  readonly opened: PromiseWithResolvers<void>;
  readonly entered: PromiseWithResolvers<HandlerContext>;
}

/** By task id; a test process makes few. */
const gates = new Map<string, Gate>();

function gateOf(taskId: string): Gate {
  let gate = gates.get(taskId);
  if (!gate) {
    gate = { opened: Promise.withResolvers(), entered: Promise.withResolvers() };
    gates.set(taskId, gate);
  }
  return gate;
}

/** Lets every attempt of the task pass, now and later. */
export function openGate(taskId: string): void {
  gateOf(taskId).opened.resolve();
}

/** The context of the first attempt of the task that has come to its gate. */
export function atGate(taskId: string): Promise<HandlerContext> {
  return gateOf(taskId).entered.promise;
}

/** Comes to the gate of the task and waits until it is opened; an attempt that is to stop throws why. */
export function passGate(context: HandlerContext): Promise<void> {
  const gate = gateOf(context.taskId);
  gate.entered.resolve(context);
  const { signal } = context;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    gate.opened.promise.then(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}

/** Waits at its gate and returns its input. Stops when it is asked to. */
export const gated = defineHandler({
  name: 'gate.pass',
  cancelGrace: '2s',
  async run(input: string | undefined, context) {
    await passGate(context);
    return input ?? 'passed';
  },
});
