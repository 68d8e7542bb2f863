// `muster task watch`: a line for every change of tasks, until all have ended.

import { isFinished, type Task, type TaskState } from '@muster/sdk';
import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { failureText, jsonText } from '../../printing/task-text.ts';
import { printable } from '../../printing/terminal.ts';
import { readIds } from './ids.ts';

/** `muster task watch`. */
export const taskWatch = defineCommand({
  name: 'task watch',
  summary: 'Follow tasks: a line for every change, until all have ended.',
  positionals: 'ID... | -',
  count: [1, Number.POSITIVE_INFINITY],
  details: [
    'With --json one document per change. States in between may be passed over, an end never.',
    'Exit code 1 if one of them failed or was cancelled.',
  ],
  options: { ...jsonOption, ...connectionOptions },
  examples: [
    ['muster task watch 01890a5d-ac96-774b-bcce-b302099a8057', 'Until it has ended.'],
    ['muster task submit report.build | muster task watch -', 'Submit and follow.'],
  ],
  async run({ values, positionals, terminal }) {
    const ids = await readIds(positionals, terminal);
    const ends = new Map<string, TaskState>();
    await withClient(
      values,
      async (client) => {
        for await (const task of client.watch(ids, { view: 'basic', signal: terminal.signal })) {
          terminal.out(values.json ? jsonText(task) : printable(changeLine(task)));
          if (isFinished(task.state)) ends.set(task.id, task.state);
        }
      },
      '60s',
    );
    const missing = ids.filter((id) => !ends.has(id));
    for (const id of missing) terminal.note(`${id} is not stored, or not any more.`);
    if (missing.length > 0) return exitCodes.notFound.code;
    const succeeded = [...ends.values()].every((state) => state === 'SUCCEEDED');
    return succeeded ? exitCodes.ok.code : exitCodes.failed.code;
  },
});

function changeLine(task: Task): string {
  const { progress } = task;
  const far =
    task.state === 'RUNNING' && progress !== undefined
      ? `  ${progress.completed}${progress.total > 0 ? `/${progress.total}` : ''} ${progress.message}`
      : '';
  const failure = task.failure === undefined ? '' : `  ${failureText(task.failure)}`;
  const attempt = task.attempt > 1 ? `  attempt ${task.attempt}` : '';
  return `${task.id} ${task.state}${attempt}${far}${failure}`.trimEnd();
}
