// Streams over gRPC. Each dial has a channel and a connection of its own, closed with the
// stream: grpc-js would share connections between channels, so that a new dial could get the
// half-dead one that it was made to replace. Keepalive is not relied on; heartbeats decide.

import { type ClientDuplexStream, type ServiceError, status } from '@grpc/grpc-js';
import { type ConnectRequest, type ConnectResponse__Output, loadContract } from '@muster/proto';
import { type Connection, errorOfCall, openChannel } from '@muster/sdk/internal';
import type { Stream, StreamEnd, StreamListener, Transport } from './transport.ts';

/** A transport to coordinators by gRPC. */
export function grpcTransport(connection: Connection): Transport {
  return { open: (address, listener) => openStream(connection, address, listener) };
}

const channelOptions = {
  'grpc.use_local_subchannel_pool': 1,
  // Its retry buffer would hide back-pressure.
  'grpc.enable_retries': 0,
  // Larger than any message that keeps to the contract: one item of the largest payloads.
  'grpc.max_receive_message_length': 256 * 1_048_576,
};

function openStream(connection: Connection, address: string, listener: StreamListener): Stream {
  const channel = openChannel(connection, address, channelOptions);
  const { AgentService } = loadContract().muster;
  const client = new AgentService(address, connection.credentials, {
    channelOverride: channel.getChannel(),
  });
  const call: ClientDuplexStream<ConnectRequest, ConnectResponse__Output> = client.connect(
    connection.metadata(),
  );
  let over = false;
  const end = (how: StreamEnd) => {
    if (over) return;
    over = true;
    channel.close();
    listener.ended(how);
  };
  call.on('data', (message: ConnectResponse__Output) => {
    if (!over) listener.received(message);
  });
  call.on('drain', () => {
    if (!over) listener.drained();
  });
  call.on('error', (error: ServiceError) => end(toEnd(error)));
  call.on('end', () => end({ status: 'OK', reason: '', message: 'the coordinator ended it' }));
  return {
    send: (message) => !over && call.write(message),
    end: () => void call.end(),
    abort() {
      over = true;
      call.cancel();
      channel.close();
    },
  };
}

/** The reason is only what the coordinator sent; the transport's own troubles have none. */
function toEnd(error: ServiceError): StreamEnd {
  const { reason, message } = errorOfCall(error);
  const sent = reason === 'UNREACHABLE' || reason === 'CALL_FAILED' ? '' : reason;
  return { status: status[error.code] ?? String(error.code), reason: sent, message };
}
