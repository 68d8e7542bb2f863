// `muster task submit`: stores one task, or one per line of a file, and can wait for the end.

import type { Client, SubmitOptions, TaskGroup } from '@muster/sdk';
import { defineCommand, type Options, type Values } from '../../command-line/command.ts';
import { readInputs } from '../../command-line/input.ts';
import { durationOf, labelsOf, numberOf, timeOf } from '../../command-line/option-values.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes, UsageError } from '../../exit-codes.ts';
import { jsonText } from '../../printing/task-text.ts';
import { noteUnserved } from '../../printing/unserved.ts';
import { awaitTasks } from './wait.ts';

const options = {
  input: { type: 'string', short: 'i', value: 'JSON', doc: 'Input of the task.' },
  'input-file': {
    type: 'string',
    value: 'FILE',
    doc: 'Read the input from a file; "-": standard input.',
  },
  'input-lines': {
    type: 'string',
    value: 'FILE',
    doc: 'Submit one task per line of a file, each line one JSON input; "-": standard input.',
  },
  delay: { type: 'string', value: 'DURATION', doc: 'Wait before the task is due, such as 5m.' },
  'due-time': {
    type: 'string',
    value: 'TIME',
    doc: 'Not started earlier, such as 2031-04-05T06:07:08Z.',
  },
  priority: { type: 'string', value: 'N', doc: 'Larger is sooner: -100 to 100. Default 0.' },
  key: { type: 'string', value: 'TEXT', doc: 'Whom it is for: tasks of one key are one line.' },
  'key-weight': { type: 'string', value: 'N', doc: 'Turns of its key among others. Default 1.' },
  'max-attempts': {
    type: 'string',
    value: 'N',
    doc: 'Attempts in all. Default: of the handler, else 3.',
  },
  timeout: { type: 'string', value: 'DURATION', doc: 'Longest run of one attempt.' },
  'total-timeout': {
    type: 'string',
    value: 'DURATION',
    doc: 'Deadline of the whole task, retries included.',
  },
  'start-ttl': {
    type: 'string',
    value: 'DURATION',
    doc: 'Fail the task unless it starts within this time.',
  },
  'at-most-once': { type: 'boolean', doc: 'Never run it twice.' },
  label: {
    type: 'string',
    short: 'l',
    multiple: true,
    value: 'KEY=VALUE',
    doc: 'Label to filter by.',
  },
  'idempotency-key': {
    type: 'string',
    value: 'KEY',
    doc: 'Store one task per key, however often it is submitted.',
  },
  'idempotency-ttl': {
    type: 'string',
    value: 'DURATION',
    doc: 'How long the key is held. Default 24h.',
  },
  id: { type: 'string', value: 'UUID', doc: 'Id of the task, a UUIDv7 of this moment.' },
  'require-handler': {
    type: 'boolean',
    doc: 'Refuse the task if no agent has ever registered the handler.',
  },
  wait: { type: 'boolean', short: 'w', doc: 'Wait for the end and print the output.' },
  'wait-timeout': { type: 'string', value: 'DURATION', doc: 'Longest wait. Default: none.' },
  ...jsonOption,
  ...connectionOptions,
} as const satisfies Options;

/** `muster task submit`. */
export const taskSubmit = defineCommand({
  name: 'task submit',
  summary: 'Submit a task.',
  positionals: 'HANDLER [-]',
  count: [1, 2],
  details: [
    'Prints the id of the task; with --wait its output. With --json one document per task:',
    '{"id", "handler", "duplicate"}, with --wait {"id", "state", "output" or "error"}.',
  ],
  options,
  examples: [
    [
      `muster task submit email.send --input '{"to":"a@b.c"}' --wait`,
      'Submit and print the output.',
    ],
    [
      'echo \'{"to":"a@b.c"}\' | muster task submit email.send - --delay 5m',
      'In five minutes, input from a pipe.',
    ],
    [
      'muster task submit email.send --input-lines people.jsonl --wait',
      'One task per line, with a progress bar.',
    ],
    [
      'muster task submit report.build --idempotency-key 2031-04 --label team=ops',
      'Once per month, however often it is called.',
    ],
    [
      'muster task submit report.build --key customer-7 --key-weight 2',
      'Under limits customers take turns; this one has two where others have one.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [handler = '', dash] = positionals;
    if (dash !== undefined && dash !== '-')
      throw new UsageError(`"${dash}" is too much; the input goes into --input.`, 'task submit');
    const inputs = await readInputs(
      {
        ...(values.input === undefined ? {} : { input: values.input }),
        ...(values['input-file'] === undefined ? {} : { inputFile: values['input-file'] }),
        ...(values['input-lines'] === undefined ? {} : { inputLines: values['input-lines'] }),
        dash: dash === '-',
      },
      terminal,
    );
    const wishes = submitOptionsOf(values);
    if (inputs.many && (values.id !== undefined || values['idempotency-key'] !== undefined))
      throw new UsageError(
        '--id and --idempotency-key are for one task, not for lines.',
        'task submit',
      );
    return withClient(values, async (client) => {
      const group = inputs.many
        ? await client.submitMany(handler, inputs.inputs, wishes)
        : await submitOne(client, handler, inputs.input, wishes);
      const { unserved } = group.handles.find((handle) => handle.unserved !== undefined) ?? {};
      noteUnserved(terminal, handler, unserved, 'the task waits for one');
      if (values.wait === true) return awaitTasks(group, values, terminal);
      for (const { id, duplicate } of group.handles) {
        if (values.json) terminal.out(jsonText({ id, handler, duplicate }));
        else terminal.out(id);
        if (duplicate && !values.json) terminal.note(`${id} had been submitted before.`);
      }
      return exitCodes.ok.code;
    });
  },
});

async function submitOne(
  client: Client,
  handler: string,
  input: unknown,
  wishes: SubmitOptions,
): Promise<Pick<TaskGroup<unknown>, 'ids' | 'handles' | 'settled' | 'progress'>> {
  const handle = await client.submit(handler, input, wishes);
  const { settled, progress } = client.group([handle.id]);
  return { ids: [handle.id], handles: [handle], settled, progress };
}

function submitOptionsOf(values: Values<typeof options>): SubmitOptions {
  const retry = values['max-attempts'];
  const durations = {
    delay: values.delay,
    timeout: values.timeout,
    totalTimeout: values['total-timeout'],
    startTtl: values['start-ttl'],
    idempotencyTtl: values['idempotency-ttl'],
  };
  return {
    ...Object.fromEntries(
      Object.entries(durations).flatMap(([key, text]) =>
        text === undefined ? [] : [[key, durationOf(key, text)]],
      ),
    ),
    ...(values['due-time'] === undefined
      ? {}
      : { dueTime: timeOf('due-time', values['due-time']) }),
    ...(values.priority === undefined ? {} : { priority: numberOf('priority', values.priority) }),
    ...(values.key === undefined ? {} : { key: values.key }),
    ...(values['key-weight'] === undefined
      ? {}
      : { keyWeight: numberOf('key-weight', values['key-weight'], true) }),
    ...(retry === undefined ? {} : { retry: { maxAttempts: numberOf('max-attempts', retry) } }),
    ...(values['at-most-once'] === undefined ? {} : { atMostOnce: values['at-most-once'] }),
    ...(values.label === undefined ? {} : { labels: labelsOf(values.label) }),
    ...(values['idempotency-key'] === undefined
      ? {}
      : { idempotencyKey: values['idempotency-key'] }),
    ...(values.id === undefined ? {} : { id: values.id }),
    ...(values['require-handler'] === undefined
      ? {}
      : { requireHandler: values['require-handler'] }),
  };
}
