// `muster events`: follows what happens to tasks and schedules, as coordinators tell it over NATS.

import type { Following, ToldEvent } from '@muster/server/events';
import { defineCommand } from '../command-line/command.ts';
import { wordOf } from '../command-line/option-values.ts';
import { jsonOption } from '../connection.ts';
import { exitCodes, UsageError } from '../exit-codes.ts';
import { natsAccessOf, natsOptions } from '../nats.ts';
import { jsonText } from '../printing/task-text.ts';
import { printable } from '../printing/terminal.ts';

/** `muster events`. */
export const events = defineCommand({
  name: 'events',
  summary: 'Follow lifecycle events of tasks and schedules over NATS, until Ctrl-C.',
  positionals: '',
  count: [0, 0],
  details: [
    'Coordinators publish them if their setting "events" says so. Each is told at most once:',
    'what is published while nobody listens, or while NATS is away, is not heard later.',
  ],
  options: {
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAME',
      doc: 'Namespace; * for all. Default: MUSTER_NAMESPACE, else "default".',
    },
    handler: {
      type: 'string',
      value: 'NAME',
      doc: 'Events of this handler, or of those that begin so: email.>. Default: all.',
    },
    event: {
      type: 'string',
      multiple: true,
      value: 'KIND',
      doc: 'Only those, such as failed or schedule-fired; docs/events.md lists them. Default: all.',
    },
    ...jsonOption,
    ...natsOptions,
  },
  examples: [
    ['muster events --nats 127.0.0.1:4222', 'Everything in the namespace "default".'],
    ["muster events --event failed --handler 'email.>' --json", 'Failures, for a program.'],
  ],
  async run({ values, terminal }) {
    const { eventKinds, followEvents } = await import('@muster/server/events');
    const namespace = values.namespace ?? process.env.MUSTER_NAMESPACE ?? 'default';
    const following = new Promise<number>((resolve) => {
      let listened = false;
      const end = (code: number) => void follower.stop().then(() => resolve(code));
      const follower: Following = followEvents({
        access: natsAccessOf(values, process.env),
        prefix: wordsOf(
          'nats-subject-prefix',
          values['nats-subject-prefix'] ?? process.env.MUSTER_NATS_SUBJECT_PREFIX ?? 'muster',
        ),
        namespace: wordsOf('namespace', namespace),
        kinds: (values.event ?? []).map((text) => wordOf('event', text, eventKinds)),
        handler: wordsOf('handler', values.handler ?? '>'),
        heard: (event) => terminal.out(values.json ? jsonText(event) : printable(lineOf(event))),
        connected() {
          listened = true;
          terminal.note(`Listening on ${follower.subjects.join(', ')}.`);
        },
        failed(problem) {
          terminal.note(printable(listened ? `${problem} It goes on trying.` : problem));
          if (!listened) end(exitCodes.unreachable.code);
        },
      });
      terminal.signal.addEventListener('abort', () => end(exitCodes.interrupted.code));
    });
    return following;
  },
});

/** Words of a subject, wildcards among them. */
function wordsOf(option: string, text: string): string {
  if (/^[A-Za-z0-9_*-]+(\.[A-Za-z0-9_*-]+)*(\.>)?$|^>$/.test(text)) return text;
  throw new UsageError(`--${option} is "${text}", but must be words with dots between them.`);
}

function lineOf({ time, type, data }: ToldEvent): string {
  const { taskId, handler, namespace, attempt, schedule, nominalTime, decision } = data;
  const what = type.slice(schedule === undefined ? 'muster.task.'.length : 'muster.'.length);
  const words = [
    ...[handler, schedule, nominalTime, decision, taskId],
    ...[attempt && `attempt ${attempt}`, namespace !== 'default' && `in ${namespace}`],
  ];
  return `${time} ${what.padEnd(9)}  ${words.filter(Boolean).join('  ')}`;
}
