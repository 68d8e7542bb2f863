// Reads the jobs of XXL-JOB from a dump of its table `xxl_job_info`. Columns go by name where the dump names them, in its INSERT
// or its CREATE TABLE; else by the order of the tables that XXL-JOB ships.

import type { ScheduleOptions } from '@muster/sdk';
import type { Imported, ImportedEntry } from './imported.ts';
import { fitDescription, handlerName, isZone, NameGiver } from './names.ts';
import { readSqlTable, type SqlRow } from './sql-rows.ts';
import { type Job, jobPolicies } from './xxl-job-policies.ts';

/** How a dump is read. */
export interface XxlJobOptions {
  /** Zone of the scheduler, which is not in its tables. Undefined: UTC, with a warning. */
  readonly zone?: string | undefined;
}

/** Columns since 2.3.0, up to 3.x. */
const columnsNow = [
  ...['id', 'job_group', 'job_desc', 'add_time', 'update_time', 'author', 'alarm_email'],
  ...['schedule_type', 'schedule_conf', 'misfire_strategy', 'executor_route_strategy'],
  ...['executor_handler', 'executor_param', 'executor_block_strategy', 'executor_timeout'],
  ...['executor_fail_retry_count', 'glue_type', 'glue_source', 'glue_remark', 'glue_updatetime'],
  ...['child_jobid', 'trigger_status', 'trigger_last_time', 'trigger_next_time'],
];

/** Columns of 2.1 and 2.2, which know cron expressions only. */
const columnsBefore = [
  ...['id', 'job_group', 'job_cron', 'job_desc', 'add_time', 'update_time', 'author'],
  ...['alarm_email', 'executor_route_strategy', 'executor_handler', 'executor_param'],
  ...['executor_block_strategy', 'executor_timeout', 'executor_fail_retry_count', 'glue_type'],
  ...['glue_source', 'glue_remark', 'glue_updatetime', 'child_jobid', 'trigger_status'],
  ...['trigger_last_time', 'trigger_next_time'],
];

/** Reads the text of a dump. Never throws. */
export function readXxlJobs(dump: string, { zone }: XxlJobOptions): Imported {
  const table = readSqlTable(dump, 'xxl_job_info');
  const warnings = [...table.warnings];
  const told = new Set<string>();
  const once = (warning: string) => {
    if (!told.has(warning)) warnings.push(warning);
    told.add(warning);
  };
  if (table.rows.length === 0) once('The dump inserts nothing into xxl_job_info.');
  if (zone === undefined && table.rows.length > 0)
    once(
      'XXL-JOB uses the zone of its server, which is not in the dump: UTC is assumed. --zone gives another.',
    );
  const names = new NameGiver();
  const handlers = new Map<string, string>();
  const groups = new Set<string>();
  const entries = table.rows.flatMap((row): ImportedEntry[] => {
    const job = jobOf(row, table.columns, once);
    if (job === undefined) return [];
    groups.add(job('job_group'));
    return [entryOf(job, row.line, { zone, names, handlers })];
  });
  if (groups.size > 0)
    once(
      `job_group (${[...groups].join(', ')}) says which executors run a job; here every agent that serves the handler may.`,
    );
  return { entries, warnings };
}

function jobOf(
  row: SqlRow,
  created: readonly string[] | undefined,
  once: (warning: string) => void,
): Job | undefined {
  const { length } = row.values;
  const assumed = [columnsNow, columnsBefore].find((columns) => columns.length === length);
  const named = row.columns ?? created;
  const columns = named ?? assumed;
  if (columns === undefined || columns.length !== length) {
    const known = `${columnsNow.length} (2.3 and later) or ${columnsBefore.length} (2.1 and 2.2)`;
    once(
      `Line ${row.line}: a row has ${length} values, not ${named?.length ?? known}: it is left out. Dump with --complete-insert, which names the columns.`,
    );
    return undefined;
  }
  if (named === undefined)
    once(
      `The dump does not name its columns; from their number the order of XXL-JOB ${columns === columnsNow ? '2.3 and later' : '2.1 and 2.2'} is assumed.`,
    );
  return (column) => row.values[columns.indexOf(column)] ?? '';
}

interface Around {
  readonly zone: string | undefined;
  readonly names: NameGiver;
  /** Handlers by the name that they get here. */
  readonly handlers: Map<string, string>;
}

function entryOf(job: Job, line: number, around: Around): ImportedEntry {
  const { handler, warnings: renamed } = handlerOf(job, around.handlers);
  const times = timesOf(job, around.zone);
  const { description, warnings: cut } = fitDescription(job('job_desc'));
  const policies = jobPolicies(job);
  const param = job('executor_param');
  const glue = job('glue_type');
  const isBean = glue === '' || glue === 'BEAN';
  const options: ScheduleOptions = {
    name: around.names.give(`${handler}-${job('id')}`, `job-${line}`),
    ...(description === undefined ? {} : { description }),
    handler,
    ...times.options,
    ...(param === '' ? {} : { input: inputOf(param) }),
    ...policies.options,
  };
  const notes = [
    isBean
      ? ''
      : `glue_type is ${glue}: its code is in the table and not in a handler. It is commented out.`,
    times.fault,
    ...times.warnings,
    ...cut,
    ...(isBean ? renamed : []),
    ...policies.warnings,
  ].filter((each) => each !== '');
  return { options, warnings: notes, line, applicable: isBean && times.fault === '' };
}

function handlerOf(job: Job, known: Map<string, string>): { handler: string; warnings: string[] } {
  const given = job('executor_handler').trim();
  const handler = handlerName(given) || `job-${job('id')}`;
  const warnings = [];
  if (handler !== given) warnings.push(`The handler "${given}" is called "${handler}" here.`);
  const other = known.get(handler);
  if (other !== undefined && other !== given)
    warnings.push(`"${other}" is called so too: give one of them another name.`);
  known.set(handler, other ?? given);
  return { handler, warnings };
}

interface Times {
  readonly options: Pick<ScheduleOptions, 'quartz' | 'every' | 'afterEnd' | 'zone'>;
  readonly warnings: readonly string[];
  /** Why there are no times; empty if there are. */
  readonly fault: string;
}

function timesOf(job: Job, zoneGiven: string | undefined): Times {
  const type = job('schedule_type') || (job('job_cron') === '' ? 'NONE' : 'CRON');
  const conf = (job('schedule_conf') || job('job_cron')).trim();
  const own = job('schedule_timezone');
  const zone = own === '' ? zoneGiven : own;
  const warnings =
    zone === undefined || isZone(zone) ? [] : [`"${zone}" is no IANA time zone: correct it.`];
  const seconds = Number(conf);
  const isCount = Number.isInteger(seconds) && seconds > 0;
  if (type === 'CRON' && conf !== '')
    return {
      options: { quartz: conf, ...(zone === undefined ? {} : { zone }) },
      warnings,
      fault: '',
    };
  if (type === 'FIX_RATE' && isCount)
    return { options: { every: `${seconds}s` }, warnings: [], fault: '' };
  if (type === 'FIX_DELAY' && isCount)
    return { options: { afterEnd: `${seconds}s` }, warnings: [], fault: '' };
  const fault =
    type === 'NONE'
      ? 'schedule_type is NONE: it has no times, and is triggered by hand or by another job. It is commented out.'
      : `schedule_type is ${type} with "${conf}", which has no equal here. It is commented out.`;
  return { options: {}, warnings: [], fault };
}

/** The parameter: JSON if it is JSON that loses nothing when it is read, else the text. */
function inputOf(param: string): unknown {
  let exact = true;
  try {
    const value: unknown = JSON.parse(param, (_key, part: unknown) => {
      if (typeof part === 'number' && Number.isInteger(part)) exact &&= Number.isSafeInteger(part);
      return part;
    });
    return exact ? value : param;
  } catch {
    return param;
  }
}
