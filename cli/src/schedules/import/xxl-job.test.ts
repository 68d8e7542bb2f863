// Jobs of XXL-JOB as mysqldump writes them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertRoundTrip, assertSome, optionsAt } from './round-trip.ts';
import { readSqlTable } from './sql-rows.ts';
import { readXxlJobs } from './xxl-job.ts';

const columns =
  '(`id`, `job_group`, `job_desc`, `add_time`, `update_time`, `author`, `alarm_email`, `schedule_type`, `schedule_conf`, `misfire_strategy`, `executor_route_strategy`, `executor_handler`, `executor_param`, `executor_block_strategy`, `executor_timeout`, `executor_fail_retry_count`, `glue_type`, `glue_source`, `glue_remark`, `glue_updatetime`, `child_jobid`, `trigger_status`, `trigger_last_time`, `trigger_next_time`)';

const times = "'2018-11-03 22:21:31','2018-11-03 22:21:31'";
const row = (
  id: number,
  middle: string,
  end = "'BEAN','','GLUE代码初始化','2018-11-03 22:21:31','',1,0,0",
) => `(${id},1,'测试任务${id}',${times},${middle},${end})`;

/** Rows in the order of 2.3 and later. */
const rows = [
  row(
    1,
    `'XXL','','CRON','0 0 0 * * ? *','DO_NOTHING','FIRST','demoJobHandler','','SERIAL_EXECUTION',0,0`,
  ),
  row(
    2,
    `'','a@b.c','FIX_RATE','30','FIRE_ONCE_NOW','ROUND','sync.Orders','{\\"a\\": \\"it''s\\\\n\\"}','DISCARD_LATER',600,3`,
  ),
  row(
    3,
    `NULL,NULL,'NONE','','DO_NOTHING','FIRST','byHand','x\\'; DROP TABLE y; --','COVER_EARLY',0,0`,
    "'BEAN','','',NULL,'1,2',0,0,0",
  ),
  row(
    4,
    `'','','CRON','0 0 12 ? * MON','DO_NOTHING','SHARDING_BROADCAST','','','COVER_EARLY',0,0`,
    "'GLUE_SHELL','#!/bin/bash\\necho \\'hi\\';\\n','v1','2018-11-03 22:21:31','',1,0,0",
  ),
  row(
    5,
    `'','','CRON','0 0 12 ? * MON','DO_NOTHING','FIRST','bigNumber','{"id": 12345678901234567890}','DISCARD_LATER',0,0`,
  ),
];

const dump = `-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS \`xxl_job_info\`;
INSERT INTO \`xxl_job_group\` VALUES (1,'x','y',0,NULL,NULL);
INSERT INTO \`xxl_job_info\` ${columns} VALUES
${rows.join(',\n')};
UNLOCK TABLES;
`;

describe('a dump of XXL-JOB', () => {
  const imported = readXxlJobs(dump, { zone: 'Asia/Shanghai' });
  const { entries, warnings } = imported;

  it('becomes schedules with the same times and policies', () => {
    assert.deepEqual(optionsAt(imported, 0), {
      name: 'demo-job-handler-1',
      description: '测试任务1',
      handler: 'demo-job-handler',
      quartz: '0 0 0 * * ? *',
      zone: 'Asia/Shanghai',
      misfire: 'SKIP',
      overlap: { rule: 'BUFFER', buffer: 1_000 },
      retry: { maxAttempts: 1 },
    });
    assert.deepEqual(optionsAt(imported, 1), {
      name: 'sync.orders-2',
      description: '测试任务2',
      handler: 'sync.orders',
      every: '30s',
      input: { a: "it's\n" },
      misfire: 'ONCE',
      overlap: 'SKIP',
      retry: { maxAttempts: 4 },
      timeout: '600s',
    });
    assert.equal(optionsAt(imported, 2).overlap, 'CANCEL');
    assertRoundTrip(imported);
  });

  it('keeps as a comment what has no times or no handler', () => {
    assert.deepEqual(
      entries.map(({ applicable }) => applicable),
      [true, true, false, false, true],
    );
    assertSome(entries[2]?.warnings ?? [], /schedule_type is NONE/);
    assertSome(entries[3]?.warnings ?? [], /glue_type is GLUE_SHELL/);
  });

  it('loses nothing without a word', () => {
    assertSome(entries[0]?.warnings ?? [], /"demoJobHandler" is called "demo-job-handler"/);
    assertSome(entries[0]?.warnings ?? [], /SERIAL_EXECUTION is per executor and without a bound/);
    assertSome(entries[0]?.warnings ?? [], /author XXL/);
    assertSome(entries[1]?.warnings ?? [], /alarm_email a@b\.c/);
    assertSome(entries[1]?.warnings ?? [], /executor_route_strategy ROUND has no equal/);
    assertSome(entries[2]?.warnings ?? [], /was stopped .*pause it after applying/);
    assertSome(entries[2]?.warnings ?? [], /child_jobid 1,2/);
    assertSome(entries[3]?.warnings ?? [], /SHARDING_BROADCAST runs a job on every executor/);
    assertSome(warnings, /job_group \(1\)/);
    assert.equal(optionsAt(imported, 2).input, "x'; DROP TABLE y; --");
    assert.equal(optionsAt(imported, 4).input, '{"id": 12345678901234567890}');
    assert.deepEqual(
      entries.map(({ line }) => line),
      [6, 7, 8, 9, 10],
    );
  });

  it('is read by the columns of its table, or by their number', () => {
    const without = `INSERT INTO xxl_job_info VALUES ${rows.join(',')};`;
    const assumed = readXxlJobs(without, {});
    assertSome(assumed.warnings, /the order of XXL-JOB 2\.3 and later is assumed/);
    assertSome(assumed.warnings, /UTC is assumed/);
    assert.deepEqual(optionsAt(assumed, 1), optionsAt(imported, 1));
    const old = `INSERT INTO \`xxl-job\`.\`xxl_job_info\` VALUES (7,1,'0 0/5 * * * ?','old',${times},'','','FIRST','oldJob','p','SERIAL_EXECUTION',0,2,'BEAN','','',NULL,'',1,0,0);`;
    const before = readXxlJobs(old, {});
    assert.deepEqual(
      [optionsAt(before, 0).name, optionsAt(before, 0).quartz, optionsAt(before, 0).retry],
      ['old-job-7', '0 0/5 * * * ?', { maxAttempts: 3 }],
    );
    assertSome(before.warnings, /the order of XXL-JOB 2\.1 and 2\.2 is assumed/);
    const created =
      "CREATE TABLE `xxl_job_info` (\n `executor_handler` varchar(255) DEFAULT NULL,\n `id` decimal(10,2) COMMENT 'a, (b',\n `schedule_type` varchar(9), `schedule_conf` varchar(128),\n PRIMARY KEY (`id`), KEY `k` (`a`,`b`)) ENGINE=InnoDB;";
    const own = readXxlJobs(
      `${created}\nINSERT INTO xxl_job_info VALUES ('job.a',9,'CRON','0 0 1 ? * 1');`,
      {},
    );
    assert.deepEqual(
      [optionsAt(own, 0).name, optionsAt(own, 0).quartz],
      ['job.a-9', '0 0 1 ? * 1'],
    );
    for (const each of [assumed, before, own]) assertRoundTrip(each);
  });

  it('that is no dump, or is cut off, says so', () => {
    assertSome(readXxlJobs('hello', {}).warnings, /inserts nothing into xxl_job_info/);
    const odd = readXxlJobs('INSERT INTO xxl_job_info VALUES (1,2,3);', {});
    assert.deepEqual(odd.entries, []);
    assertSome(odd.warnings, /Line 1: a row has 3 values, not 24 .* or 22 .*: it is left out/);
    const cut = readXxlJobs(`INSERT INTO xxl_job_info ${columns} VALUES ${rows[0]},(2,'abc`, {
      zone: 'UTC',
    });
    assert.equal(cut.entries.length, 1);
    assertSome(cut.warnings, /cannot be read to its end: is the dump cut off\?/);
  });
});

describe('values of SQL', () => {
  const valuesOf = (list: string) =>
    readSqlTable(`INSERT INTO t VALUES (${list})`, 't').rows[0]?.values;

  it('are read with the escapes of MySQL', () => {
    assert.deepEqual(valuesOf(String.raw`'a\'b', 'c''d', 'e\\', '\n\t\0\Z\%\q', "x""y", ''`), [
      ...["a'b", "c'd", 'e\\', '\n\t\0\u001a\\%q', 'x"y', ''],
    ]);
    assert.deepEqual(
      valuesOf(`-1, 2.5, null, _utf8mb4 'é', now(), concat('a', 'b'), 0x41`)?.slice(0, 4),
      [...['-1', '2.5', null, 'é']],
    );
    assert.equal(valuesOf("'-- no comment', '# nor this', '/* nor that */'")?.length, 3);
  });

  it('of a large dump are read in a moment', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => rows[0]?.replace('(1,', `(${at},`));
    const begin = performance.now();
    const { entries } = readXxlJobs(
      `INSERT INTO xxl_job_info ${columns} VALUES ${many.join(',\n')};`,
      {},
    );
    assert.equal(entries.length, 10_000);
    assert.equal(entries.at(-1)?.line, 10_000);
    assert.ok(performance.now() - begin < 5_000);
  });
});
