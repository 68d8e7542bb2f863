// What tests and simulations of this repository need besides the public API. Not public:
// anything here may change in any release.

export { type AgentPlace, type AgentWorld, ConnectedAgent } from './agent.ts';
export { type Clock, type Random, systemClock, type Timer } from './link/clock.ts';
export type { Stream, StreamEnd, StreamListener, Transport } from './link/transport.ts';
export { resolveOptions } from './options.ts';
export { MemoryStream, MemoryTransport } from './simulation/memory-transport.ts';
export { VirtualClock } from './simulation/virtual-clock.ts';
