// Tasks as text for people and as JSON for machines.

import { isFinished, type Task, type TaskFailure } from '@muster/sdk';
import type { Column } from './table.ts';
import { printFacts } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Characters of a value that are shown to people; `--json` prints all. */
const valueCharactersMax = 2_000;

/** A value as JSON text for machines. Bytes become `{"base64": …}`. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part instanceof Uint8Array ? { base64: Buffer.from(part).toString('base64') } : part,
  );
}

/** A value for people: JSON, cut where it is long. */
export function valueText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = jsonText(value);
  if (text.length <= valueCharactersMax) return text;
  return `${text.slice(0, valueCharactersMax)}… (${text.length} characters; --json prints all)`;
}

/** A failure in one line. */
export function failureText(failure: TaskFailure | undefined): string | undefined {
  if (failure === undefined) return undefined;
  const kind = failure.kind === 'ERROR' ? '' : `${failure.kind} `;
  return `${kind}${failure.name}${failure.message === '' ? '' : `: ${failure.message}`}`;
}

/** A moment as ISO text, and how long ago or ahead that is. */
export function timeText(time: Date | undefined, now = new Date()): string | undefined {
  if (time === undefined) return undefined;
  const ms = now.getTime() - time.getTime();
  return `${time.toISOString()} (${ms < 0 ? `in ${spanText(-ms)}` : `${spanText(ms)} ago`})`;
}

/** A length of time in its largest whole unit: `450ms`, `12s`, `3m`, `5h`, `2d`. */
export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < 120_000) return `${Math.floor(ms / 1_000)}s`;
  if (ms < 7_200_000) return `${Math.floor(ms / 60_000)}m`;
  if (ms < 172_800_000) return `${Math.floor(ms / 3_600_000)}h`;
  return `${Math.floor(ms / 86_400_000)}d`;
}

/** How far a running task is, or why it waits. */
function remark(task: Task, now: Date): string | undefined {
  if (task.state === 'RUNNING' && task.cancelRequestTime !== undefined) return 'asked to stop';
  if (task.state === 'RUNNING' && task.progress !== undefined) {
    const { completed, total, message } = task.progress;
    return `${completed}${total > 0 ? `/${total}` : ''}${message === '' ? '' : ` ${message}`}`;
  }
  if (task.state === 'DELAYED' && task.dueTime !== undefined)
    return `due in ${spanText(task.dueTime.getTime() - now.getTime())}`;
  return failureText(task.failure)?.slice(0, 60);
}

/** Columns of a list of tasks. */
export function taskColumns(now = new Date()): readonly Column<Task>[] {
  const age = (time: Date | undefined) =>
    time === undefined ? undefined : spanText(now.getTime() - time.getTime());
  return [
    { title: 'ID', cell: (task) => task.id },
    { title: 'HANDLER', cell: (task) => task.handler },
    { title: 'STATE', cell: (task) => task.state },
    { title: 'ATTEMPT', right: true, cell: (task) => task.attempt },
    { title: 'AGE', right: true, cell: (task) => age(task.createTime) },
    { title: 'AGENT', cell: (task) => task.agentId },
    { title: '', cell: (task) => remark(task, now) ?? ' ' },
  ];
}

/** A task with all that is known about it. */
export function printTask(terminal: Terminal, task: Task): void {
  const labels = Object.entries(task.labels).map(([key, value]) => `${key}=${value}`);
  printFacts(terminal, [
    ['id', task.id],
    ['handler', task.handler],
    ['namespace', task.namespace],
    ['state', task.state],
    ['attempt', task.attempt],
    ['lost attempts', task.lostAttempts || undefined],
    ['priority', task.priority || undefined],
    ['key', task.key],
    ['labels', labels.join(' ')],
    ['agent', task.agentId],
    ['created', timeText(task.createTime)],
    ['due', isFinished(task.state) ? undefined : timeText(task.dueTime)],
    ['started', timeText(task.leaseTime)],
    ['ended', timeText(task.endTime)],
    ['deadline', timeText(task.deadlineTime)],
    ['cancel asked', timeText(task.cancelRequestTime)],
    ['cancel reason', task.cancelReason],
    ['retry of', task.retryOf],
    ['parent', task.parentId],
    ['idempotency key', task.idempotencyKey],
    ['progress', task.state === 'RUNNING' ? remark(task, new Date()) : undefined],
    ['input', valueText(task.input)],
    ['output', valueText(task.output)],
    ['failure', failureText(task.failure)],
    ['details', valueText(task.failure?.details)],
    ['stack', task.failure?.stack],
  ]);
  for (const attempt of task.attempts) {
    const end = attempt.endTime === undefined ? '' : `, ended ${attempt.endTime.toISOString()}`;
    terminal.out('');
    printFacts(terminal, [
      [`attempt ${attempt.number}`, `${attempt.outcome} on ${attempt.agentId}${end}`],
      ['  failure', failureText(attempt.failure)],
      [
        '  log',
        attempt.logLines
          .map((line) => `${line.time?.toISOString() ?? ''} ${line.level} ${line.message}`)
          .join('\n'),
      ],
    ]);
  }
}
