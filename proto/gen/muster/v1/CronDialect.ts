// Original file: muster/v1/schedule.proto

/**
 * How a cron expression is read: Sunday is 0 or 7 in one dialect and 1 in the other.
 */
export const CronDialect = {
  /**
   * Refused where there is an expression: the dialects differ in what a number of a weekday means.
   */
  CRON_DIALECT_UNSPECIFIED: 'CRON_DIALECT_UNSPECIFIED',
  /**
   * As crontab(5): `minute hour day month weekday`, weekdays 0 to 7 with Sunday as 0 and 7; days of the month and of the week
   * are joined by OR when both are restricted. With 6 fields seconds come first, with 7 years come last.
   */
  CRON_DIALECT_UNIX: 'CRON_DIALECT_UNIX',
  /**
   * As Quartz, and so XXL-JOB and PowerJob: `second minute hour day month weekday [year]`, weekdays 1 to 7 with Sunday as 1;
   * one of the two day fields is `?`.
   */
  CRON_DIALECT_QUARTZ: 'CRON_DIALECT_QUARTZ',
} as const;

/**
 * How a cron expression is read: Sunday is 0 or 7 in one dialect and 1 in the other.
 */
export type CronDialect =
  /**
   * Refused where there is an expression: the dialects differ in what a number of a weekday means.
   */
  | 'CRON_DIALECT_UNSPECIFIED'
  | 0
  /**
   * As crontab(5): `minute hour day month weekday`, weekdays 0 to 7 with Sunday as 0 and 7; days of the month and of the week
   * are joined by OR when both are restricted. With 6 fields seconds come first, with 7 years come last.
   */
  | 'CRON_DIALECT_UNIX'
  | 1
  /**
   * As Quartz, and so XXL-JOB and PowerJob: `second minute hour day month weekday [year]`, weekdays 1 to 7 with Sunday as 1;
   * one of the two day fields is `?`.
   */
  | 'CRON_DIALECT_QUARTZ'
  | 2

/**
 * How a cron expression is read: Sunday is 0 or 7 in one dialect and 1 in the other.
 */
export type CronDialect__Output = typeof CronDialect[keyof typeof CronDialect]
