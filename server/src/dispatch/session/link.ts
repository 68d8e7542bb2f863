/**
 * One stream to one agent, from the writing side: honest about back-pressure, and surely ended.
 *
 *   open ─▶ closing (the status is on its way) ─▶ over
 *
 * Messages are made when the stream takes them: `wake` may be called as often as one likes, and within one turn of the
 * event loop everything that happened is packed together. While the stream is blocked nothing is made; how long it has
 * been blocked is for the sweep to judge. grpc-js cannot reset a stream whose peer reads nothing, so what is left of it
 * after `closeGraceMs` is closed beneath it.
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { ConnectRequest__Output, ConnectResponse } from '@muster/proto';
import type { Time } from '../../rules/time.ts';
import type { AgentAnswer } from '../../wire/agent-answers.ts';
import { type CallRefused, statusOf } from '../../wire/status.ts';

/** A stream as grpc-js hands it over. */
export type AgentStream = ServerDuplexStream<ConnectRequest__Output, ConnectResponse>;

/** The writing side of one stream. */
export type Link = {
  /** Something may wait to be sent. */
  wake(): void;
  /** Where messages come from; null: nothing waits. */
  draw(next: () => AgentAnswer | null): void;
  /** Ends the stream: in order for null, else with this refusal as its status. Harmless if it is over. */
  close(refusal: CallRefused | null): void;
  /** Since when the peer takes no more; null: it does. */
  blockedSince(): number | null;
};

const closeGraceMs = 1000;

/** The writing side of a stream that has just begun. */
export function createLink(stream: AgentStream, time: Time): Link {
  let open = true;
  let scheduled = false;
  let blockedAt: number | null = null;
  let next: () => AgentAnswer | null = () => null;

  function pump(): void {
    scheduled = false;
    while (open && blockedAt === null) {
      const message = next();
      if (message === null) return;
      if (!stream.write(message)) blockedAt = time.now();
    }
  }

  stream.on('drain', () => {
    blockedAt = null;
    pump();
  });
  stream.on('close', () => {
    open = false;
  });

  return {
    wake() {
      if (scheduled || !open) return;
      scheduled = true;
      queueMicrotask(pump);
    },
    draw(source) {
      next = source;
    },
    close(refusal) {
      if (!open) return;
      open = false;
      next = () => null;
      if (stream.destroyed) return;
      if (refusal === null) stream.end();
      else stream.emit('error', statusOf(refusal));
      const timer = time.after(closeGraceMs, () => resetStream(stream), 'background');
      stream.once('close', () => timer.cancel());
    },
    blockedSince: () => blockedAt,
  };
}

/** What may lie beneath a stream of grpc-js: interceptors, and at the bottom the HTTP/2 stream. */
type Beneath = {
  readonly stream?: { close?(code: number): void; readonly closed?: boolean };
  readonly nextCall?: Beneath;
};

const http2Cancel = 8;

function resetStream(stream: AgentStream): void {
  let call: Beneath | undefined = (stream as unknown as { readonly call?: Beneath }).call;
  while (call?.nextCall !== undefined) call = call.nextCall;
  if (call?.stream?.closed === false) call.stream.close?.(http2Cancel);
}
