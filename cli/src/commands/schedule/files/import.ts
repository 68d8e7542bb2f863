// `muster schedule import --from SYSTEM FILE`: what other systems call jobs, as a file of `muster schedule apply`. It speaks to no
// coordinator: what it writes is meant to be read before it is applied.

import { writeFile } from 'node:fs/promises';
import { defineCommand, type Options, type Values } from '../../../command-line/command.ts';
import { wordOf } from '../../../command-line/option-values.ts';
import { exitCodes, UsageError } from '../../../exit-codes.ts';
import { printable, type Terminal } from '../../../printing/terminal.ts';
import { readCrontab } from '../../../schedules/import/crontab.ts';
import {
  countWarnings,
  type Imported,
  importedText,
  type WarningCount,
} from '../../../schedules/import/imported.ts';
import { containerHandlerDefault, readCronJobs } from '../../../schedules/import/kubernetes.ts';
import { isZone } from '../../../schedules/import/names.ts';
import { readXxlJobs } from '../../../schedules/import/xxl-job.ts';
import { readSource, sourceName } from './source.ts';

const command = 'schedule import';
const systems = ['crontab', 'xxl-job', 'kubernetes'] as const;

/** Different warnings that are printed; the file has all of them. */
const warningsShownMax = 50;

const options = {
  from: { type: 'string', value: 'SYSTEM', doc: `Where FILE is from: ${systems.join(', ')}.` },
  out: { type: 'string', short: 'o', value: 'FILE', doc: 'Write here. Default: standard output.' },
  zone: {
    type: 'string',
    value: 'ZONE',
    doc: 'Time zone where FILE names none, such as Europe/Berlin. Default: UTC, with a warning.',
  },
  'with-user': {
    type: 'boolean',
    doc: 'crontab: a user stands before each command, as in /etc/crontab.',
  },
  handler: {
    type: 'string',
    value: 'NAME',
    doc: `kubernetes: handler that gets image and command. Default ${containerHandlerDefault}.`,
  },
} as const satisfies Options;

/** `muster schedule import`. */
export const scheduleImport = defineCommand({
  name: command,
  summary: 'Turn a crontab, jobs of XXL-JOB or CronJobs into a file for "schedule apply".',
  positionals: 'FILE | -',
  count: [1, 1],
  details: [
    'Nothing is applied. What is different in Muster, or has no equal, is a WARNING beside the schedule.',
    'xxl-job: FILE is a dump of the table xxl_job_info by mysqldump. kubernetes: manifests of CronJobs.',
  ],
  options,
  examples: [
    [
      'crontab -l | muster schedule import --from crontab - --out schedules.yaml',
      'The own crontab.',
    ],
    [
      'muster schedule import --from xxl-job dump.sql --zone Asia/Shanghai --out schedules.yaml',
      'From mysqldump --complete-insert xxl_job xxl_job_info.',
    ],
    [
      'kubectl get cronjobs -o yaml | muster schedule import --from kubernetes - --handler pod.run',
      'CronJobs become tasks of a handler of your own.',
    ],
  ],
  async run({ values, positionals, terminal }) {
    const [path = ''] = positionals;
    const system = systemOf(values);
    const imported = read(system, await readSource(path, terminal, command), values);
    const text = importedText(imported, `${system}, ${sourceName(path)}`);
    if (values.out === undefined) terminal.out(text.trimEnd());
    else await write(values.out, text);
    report(imported, terminal);
    return exitCodes.ok.code;
  },
});

type System = (typeof systems)[number];

function systemOf(values: Values<typeof options>): System {
  const { from, zone } = values;
  if (from === undefined)
    throw new UsageError(`Say where the file is from: --from ${systems.join(' | ')}.`, command);
  const system = wordOf('from', from, systems);
  if (values['with-user'] === true && system !== 'crontab')
    throw new UsageError('--with-user is for --from crontab only.', command);
  if (values.handler !== undefined && system !== 'kubernetes')
    throw new UsageError('--handler is for --from kubernetes only.', command);
  if (zone !== undefined && !isZone(zone))
    throw new UsageError(
      `--zone is "${zone}", but must be an IANA time zone such as Europe/Berlin.`,
      command,
    );
  return system;
}

function read(system: System, text: string, values: Values<typeof options>): Imported {
  const { zone, handler } = values;
  switch (system) {
    case 'crontab':
      return readCrontab(text, { zone, withUser: values['with-user'] === true });
    case 'xxl-job':
      return readXxlJobs(text, { zone });
    case 'kubernetes':
      return readCronJobs(text, { zone, handler });
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(`--out cannot be written: ${(error as Error).message}`, command);
  }
}

function report(imported: Imported, terminal: Terminal): void {
  const warnings = countWarnings(imported);
  for (const warning of warnings.slice(0, warningsShownMax))
    terminal.note(printable(warningText(warning)));
  if (warnings.length > warningsShownMax)
    terminal.note(`${warnings.length - warningsShownMax} more warnings stand in the file.`);
  const { length } = imported.entries;
  const applicable = imported.entries.filter((entry) => entry.applicable).length;
  const all = warnings.reduce((sum, { count }) => sum + count, 0);
  terminal.note(
    `${counted(applicable, 'schedule')}, ${length - applicable} more commented out, ${counted(all, 'warning')}. Look at the file, then: muster schedule apply FILE`,
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function warningText({ warning, count, lines }: WarningCount): string {
  const [line] = lines;
  const where =
    line === undefined
      ? ''
      : count === 1
        ? ` line ${line}:`
        : ` ${count} times, first on line ${line}:`;
  return `WARNING:${where} ${warning}`;
}
