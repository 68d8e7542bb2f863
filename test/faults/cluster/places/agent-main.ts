// An agent process whose dials go over the wires of its place.

import '../network/cables.ts';

await import('../../../harness/agent-main.ts');
