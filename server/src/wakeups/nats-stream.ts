/**
 * Messages that NATS keeps (JetStream).
 *
 * A stream that is not there is made; one that is there stays as its operators have made it.
 */
import type { NatsConnection } from 'nats';

/** A stream, and what it is made for. */
export type StreamWish = { readonly name: string; readonly subjects: readonly string[] };

/** One message; the stream leaves out another with the same id that comes within its window. */
export type KeptMessage = {
  readonly id: string;
  readonly subject: string;
  readonly bytes: Uint8Array;
};

const answerTimeoutMs = 5_000;
const nanosecondsPerMs = 1_000_000;
const duplicateWindowMs = 10 * 60_000;
/** A stream of ours ends somewhere, whoever reads it or not. */
const ageMaxMs = 7 * 24 * 3600_000;
/** NATS' number for a stream that is not there. */
const streamNotFound = 10059;

/** Streams that were found or made, over each connection. */
const found = new WeakMap<NatsConnection, Set<string>>();

/** Settles when the stream has stored all of them; rejects if it may lack one. */
export async function keepMessages(
  nats: NatsConnection,
  stream: StreamWish,
  messages: readonly KeptMessage[],
): Promise<void> {
  const known = found.get(nats) ?? new Set();
  found.set(nats, known);
  if (!known.has(stream.name)) await ensure(nats, stream);
  known.add(stream.name);
  const client = nats.jetstream({ timeout: answerTimeoutMs });
  const expect = { streamName: stream.name };
  const answers = await Promise.allSettled(
    messages.map(({ id, subject, bytes }) => client.publish(subject, bytes, { msgID: id, expect })),
  );
  const refused = answers.find((answer) => answer.status === 'rejected');
  if (refused === undefined) return;
  // It may have been removed: look again before the next.
  known.delete(stream.name);
  throw refused.reason;
}

async function ensure(nats: NatsConnection, { name, subjects }: StreamWish): Promise<void> {
  const { streams } = await nats.jetstreamManager({ timeout: answerTimeoutMs });
  try {
    await streams.info(name);
  } catch (error) {
    if (numberOf(error) !== streamNotFound) throw error;
    await streams.add({
      ...{ name, subjects: [...subjects] },
      max_age: ageMaxMs * nanosecondsPerMs,
      duplicate_window: duplicateWindowMs * nanosecondsPerMs,
    });
  }
}

function numberOf(error: unknown): number | undefined {
  return (error as { api_error?: { err_code?: number } }).api_error?.err_code;
}
