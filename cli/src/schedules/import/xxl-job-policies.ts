// What XXL-JOB does when a job is late, overlaps, fails or takes too long, in the words of schedules; and what has none.

import type { ScheduleOptions } from '@muster/sdk';

/** A row of `xxl_job_info`: the value of a column, empty if it has none. */
export type Job = (column: string) => string;

type Policies = Pick<ScheduleOptions, 'misfire' | 'overlap' | 'timeout' | 'retry'>;

/** How many times wait in line for SERIAL_EXECUTION: the most that a schedule may have. */
const bufferMax = 1_000;
const attemptsMax = 1_000;

/** The policies of a job, and what is different or has no equal. */
export function jobPolicies(job: Job): { options: Policies; warnings: string[] } {
  const misfire = misfireOf(job('misfire_strategy'));
  const overlap = overlapOf(job('executor_block_strategy'));
  const timeout = Number(job('executor_timeout'));
  const attempts = Number(job('executor_fail_retry_count')) + 1;
  const isCount = Number.isInteger(attempts) && attempts >= 1;
  return {
    options: {
      misfire: misfire.rule,
      ...(overlap.overlap === undefined ? {} : { overlap: overlap.overlap }),
      retry: { maxAttempts: isCount ? Math.min(attempts, attemptsMax) : 1 },
      ...(timeout > 0 ? { timeout: `${timeout}s` } : {}),
    },
    warnings: [
      misfire.warning,
      overlap.warning,
      isCount && attempts <= attemptsMax
        ? ''
        : `executor_fail_retry_count is "${job('executor_fail_retry_count')}": at most ${attemptsMax} attempts are possible.`,
      ...withoutEqual(job),
    ].filter((each) => each !== ''),
  };
}

function misfireOf(strategy: string): { rule: 'SKIP' | 'ONCE'; warning: string } {
  if (strategy === 'FIRE_ONCE_NOW') return { rule: 'ONCE', warning: '' };
  const known = strategy === '' || strategy === 'DO_NOTHING';
  return {
    rule: 'SKIP',
    warning: known ? '' : `misfire_strategy ${strategy} is not known; skip is assumed.`,
  };
}

function overlapOf(strategy: string): { overlap?: Policies['overlap']; warning: string } {
  switch (strategy) {
    case 'DISCARD_LATER':
      return { overlap: 'SKIP', warning: '' };
    case 'COVER_EARLY':
      return { overlap: 'CANCEL', warning: '' };
    case 'SERIAL_EXECUTION':
    case '':
      return {
        overlap: { rule: 'BUFFER', buffer: bufferMax },
        warning: `SERIAL_EXECUTION is per executor and without a bound in XXL-JOB; here it is for the whole cluster, and ${bufferMax} times may wait.`,
      };
    default:
      return {
        warning: `executor_block_strategy ${strategy} is not known; overlapping runs are allowed.`,
      };
  }
}

function withoutEqual(job: Job): string[] {
  const route = job('executor_route_strategy');
  const children = job('child_jobid');
  return [
    route === 'SHARDING_BROADCAST'
      ? 'executor_route_strategy SHARDING_BROADCAST runs a job on every executor; here each time makes one task.'
      : route === '' || route === 'FIRST'
        ? ''
        : `executor_route_strategy ${route} has no equal: any agent with a free slot runs it.`,
    children === ''
      ? ''
      : `child_jobid ${children}: jobs that follow this one have to be submitted by its handler.`,
    job('alarm_email') === ''
      ? ''
      : `alarm_email ${job('alarm_email')} is not taken over: follow the events of failed tasks.`,
    job('author') === '' ? '' : `author ${job('author')} is not taken over.`,
    job('trigger_status') === '0'
      ? 'It was stopped (trigger_status 0): pause it after applying.'
      : '',
  ];
}
