// The program of an agent process: node agent-main.ts FILE-OF-HANDLERS OPTIONS-AS-JSON. It says
// `serving NAME` once its session stands, and ends when it has drained.

import { type AgentOptions, createAgent, loadHandlers } from '@muster/agent';

const [file = '', options = '{}'] = process.argv.slice(2);
const handlers = await loadHandlers(file);
const agent = createAgent({ ...(JSON.parse(options) as AgentOptions), handlers });
const ran = agent.run();
await agent.start();
console.log(`serving ${agent.id}`);
await ran;
