// The public API of `@muster/agent`: make an agent from handlers and run it.

export { type Agent, createAgent } from './agent.ts';
export type { BuiltIn } from './built-ins/built-ins.ts';
export { loadHandlers } from './handlers/load.ts';
export type { AgentLogger, AgentOptions } from './options.ts';
