// Reads a crontab: jobs of five fields or a nickname such as @daily, environment lines, comments. Each job becomes a schedule
// of `shell.exec`. As cron does, it skips times that were missed and does not try again.

import type { ScheduleOptions } from '@muster/sdk';
import type { Imported, ImportedEntry } from './imported.ts';
import { fitDescription, isZone, NameGiver } from './names.ts';
import { commandName, shellInput } from './shell-command.ts';

/** How a crontab is read. */
export interface CrontabOptions {
  /** True: a system crontab, which names a user before each command. */
  readonly withUser: boolean;
  /** Zone of jobs for which the crontab names none. Undefined: UTC, with a warning. */
  readonly zone?: string | undefined;
}

const nicknames = [
  ...['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'],
];

/** What to do instead of some variables. */
const ways: Readonly<Record<string, string>> = {
  SHELL: 'commands that need a shell are given to it',
  MAILTO: 'nothing is mailed: look at failed tasks, or follow their events',
  RANDOM_DELAY: 'jitter of a schedule does the same',
};

/** Reads the text of a crontab. Never throws. */
export function readCrontab(text: string, options: CrontabOptions): Imported {
  const crontab = new CrontabReader(options);
  for (const [at, line] of text.split(/\r?\n/).entries()) crontab.readLine(line.trim(), at + 1);
  return crontab.finish();
}

interface Job {
  readonly cron: string;
  readonly user: string | undefined;
  readonly command: string;
}

/** Reads line after line: what is said of the environment counts for the lines below it. */
class CrontabReader {
  readonly #options: CrontabOptions;
  readonly #names = new NameGiver();
  readonly #entries: ImportedEntry[] = [];
  readonly #warnings: string[] = [];
  readonly #told = new Set<string>();
  #comments: string[] = [];
  #zone: string | undefined;
  #shell = '/bin/sh';

  constructor(options: CrontabOptions) {
    this.#options = options;
    this.#zone = options.zone;
  }

  readLine(line: string, number: number): void {
    if (line === '') this.#comments = [];
    else if (line.startsWith('#')) this.#readComment(line, number);
    else if (!this.#readEnvironment(line, number)) this.#readJob(line, number);
  }

  finish(): Imported {
    if (this.#entries.length > 0)
      this.#warn(
        'Commands run by shell.exec, which is off unless an agent is started with it: muster agent --built-in shell.exec --allow COMMAND.',
      );
    return { entries: this.#entries, warnings: this.#warnings };
  }

  #readComment(line: string, number: number): void {
    const text = line.replace(/^#+\s*/, '');
    if (splitJob(text, this.#options.withUser) !== undefined)
      this.#warn(`Line ${number} is a job that is commented out; it is left out: ${text}`);
    else if (!/^m\s+h\s+dom\s+mon\s+dow/.test(text)) this.#comments.push(text);
  }

  #readEnvironment(line: string, number: number): boolean {
    const match = /^(["']?)([A-Za-z_]\w*)\1\s*=\s*(.*)$/.exec(line);
    if (match === null) return false;
    const [, , name = '', written = ''] = match;
    const value = written.replace(/^(["'])(.*)\1$/, '$2');
    this.#comments = [];
    if (name === 'CRON_TZ' || name === 'TZ') {
      this.#zone = value === '' ? this.#options.zone : value;
      if (value !== '' && !isZone(value))
        this.#warn(
          `Line ${number}: ${name} is "${value}", which is no IANA time zone; correct it in the schedules below.`,
        );
      else if (name === 'TZ' && value !== '')
        this.#once(
          'TZ',
          `Line ${number}: TZ is taken as the zone of the schedules; some crons set it for the commands alone.`,
        );
      return true;
    }
    if (name === 'SHELL') this.#shell = value;
    const way = ways[name] ?? 'set it where the agent runs, or in "env" of the input';
    this.#once(`${name}=${value}`, `Line ${number}: ${name}=${value} is not taken over; ${way}.`);
    return true;
  }

  #readJob(line: string, number: number): void {
    const comments = this.#comments;
    this.#comments = [];
    const silent = line.startsWith('-')
      ? 'The "-" before the job, which keeps it out of the log, has no equal.'
      : '';
    const job = splitJob(line.replace(/^-/, ''), this.#options.withUser);
    if (job === undefined) {
      this.#warn(`Line ${number} is no job of a crontab; it is left out: ${line}`);
      return;
    }
    const { description, warnings } = fitDescription(comments.join('\n'));
    const input = shellInput(job.command, this.#shell);
    const fault = cronFault(job.cron);
    if (this.#zone === undefined)
      this.#once(
        'zone',
        'cron uses the zone of its machine, which is not in the file: UTC is assumed. --zone gives another.',
      );
    const options: ScheduleOptions = {
      name: this.#names.give(commandName(job.command), `line-${number}`),
      ...(description === undefined ? {} : { description }),
      handler: 'shell.exec',
      cron: job.cron,
      ...(this.#zone === undefined ? {} : { zone: this.#zone }),
      input: input.input,
      misfire: 'SKIP',
      retry: { maxAttempts: 1 },
    };
    const user =
      job.user === undefined
        ? []
        : [`It ran as the user "${job.user}"; here it runs as the user of the agent.`];
    this.#entries.push({
      options,
      warnings: [fault, silent, ...warnings, ...user, ...input.warnings].filter(
        (each) => each !== '',
      ),
      line: number,
      applicable: fault === '',
    });
  }

  #once(about: string, warning: string): void {
    if (!this.#told.has(about)) this.#warn(warning);
    this.#told.add(about);
  }

  #warn(warning: string): void {
    this.#warnings.push(warning);
  }
}

const clockField = '[\\d*?,/~-]+\\s+';
const calendarField = '[\\dA-Za-z*?,/~#-]+\\s+';
const times = `(@\\S+\\s+|(?:${clockField}){3}(?:${calendarField}){2})`;
const userJob = new RegExp(`^${times}(\\S+)\\s+(.+)$`);
const plainJob = new RegExp(`^${times}()(.+)$`);

function splitJob(line: string, withUser: boolean): Job | undefined {
  const match = (withUser ? userJob : plainJob).exec(line);
  if (match === null) return undefined;
  const [, cron = '', user = '', command = ''] = match;
  return {
    cron: cron.trim().replace(/\s+/g, ' '),
    user: withUser ? user : undefined,
    command,
  };
}

/** Why an expression has no equal here; empty if it has. */
function cronFault(cron: string): string {
  const nickname = cron.toLowerCase();
  if (nickname === '@reboot')
    return '@reboot has no equal: a schedule has times, and machines start when they do. It is commented out.';
  if (cron.startsWith('@') && !nicknames.includes(nickname))
    return `${cron} has no equal here. It is commented out.`;
  if (cron.includes('~'))
    return `"${cron}" has a random range (~), which has no equal here; jitter spreads starts. It is commented out.`;
  return '';
}
