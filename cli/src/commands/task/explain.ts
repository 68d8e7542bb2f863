// `muster task explain`: why a task is not running.

import type { Explanation, Obstacle } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { jsonText, timeText } from '../../printing/task-text.ts';
import { printable, type Terminal } from '../../printing/terminal.ts';
import { readIds } from './ids.ts';

/** `muster task explain`. */
export const taskExplain = defineCommand({
  name: 'task explain',
  summary: 'Say why a task is not running.',
  positionals: 'ID',
  count: [1, 1],
  details: ['The first line says what decides first; the others name all that keeps it.'],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster task explain 01890a5d-ac96-774b-bcce-b302099a8057', 'Why it waits.']],
  async run({ values, positionals, terminal }) {
    const [id = ''] = await readIds(positionals, terminal);
    const explanation = await withClient(values, (client) => client.explain(id));
    if (values.json) terminal.out(jsonText(explanation));
    else print(terminal, explanation);
    return exitCodes.ok.code;
  },
});

function print(
  terminal: Terminal,
  { state, sentence, obstacles, ahead, oldestDueTime }: Explanation,
) {
  terminal.out(printable(`${state}. ${sentence}`));
  for (const obstacle of obstacles)
    terminal.out(printable(`  ${obstacle.kind}${factsOf(obstacle)}`));
  if (ahead > 0)
    terminal.out(`  ${ahead} others go first, the oldest due at ${timeText(oldestDueTime)}`);
}

function factsOf({ limit, until, slots, agents, note, nearestHandler, holders }: Obstacle): string {
  const facts = [
    limit === undefined ? undefined : `limit ${limit}`,
    until === undefined ? undefined : `until ${timeText(until)}`,
    agents === undefined ? undefined : `agents ${agents}`,
    slots === undefined ? undefined : `slots ${slots}`,
    note === undefined ? undefined : `note ${JSON.stringify(note)}`,
    nearestHandler === undefined ? undefined : `nearest ${nearestHandler}`,
    holders.length === 0 ? undefined : `held by ${holders.join(' ')}`,
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? '' : `: ${facts.join(', ')}`;
}
