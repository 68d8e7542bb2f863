// `muster schedule pause|resume`: stops a schedule from asking for tasks, and lets it ask again.

import { defineCommand } from '../../command-line/command.ts';
import { connectionOptions, jsonOption, withClient } from '../../connection.ts';
import { exitCodes } from '../../exit-codes.ts';
import { reportSchedule } from './report.ts';

/** `muster schedule pause`. */
export const schedulePause = defineCommand({
  name: 'schedule pause',
  summary: 'Stop a schedule from asking for tasks.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'What waits in its buffer waits on, and its tasks run on. Pausing a paused one changes the note.',
    'With --json one document: the schedule.',
  ],
  options: {
    note: { type: 'string', value: 'TEXT', doc: 'Why, for people; lists show it.' },
    ...jsonOption,
    ...connectionOptions,
  },
  examples: [
    ['muster schedule pause report/nightly --note "until the new printer is here"', 'With a note.'],
  ],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const schedule = await withClient(values, ({ schedules }) =>
      schedules.pause(name, values.note),
    );
    reportSchedule(terminal, schedule, { json: values.json, done: 'paused' });
    return exitCodes.ok.code;
  },
});

/** `muster schedule resume`. */
export const scheduleResume = defineCommand({
  name: 'schedule resume',
  summary: 'Let a paused schedule ask again, from now on.',
  positionals: 'NAME',
  count: [1, 1],
  details: [
    'What it would have asked for meanwhile was not asked for; "muster schedule backfill" makes up for it.',
    'With --json one document: the schedule.',
  ],
  options: { ...jsonOption, ...connectionOptions },
  examples: [['muster schedule resume report/nightly', 'It says when it asks next.']],
  async run({ values, positionals, terminal }) {
    const [name = ''] = positionals;
    const schedule = await withClient(values, ({ schedules }) => schedules.resume(name));
    reportSchedule(terminal, schedule, { json: values.json, done: 'resumed' });
    return exitCodes.ok.code;
  },
});
