// Crontabs as they are found on machines.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCrontab } from './crontab.ts';
import { assertRoundTrip, assertSome, optionsAt } from './round-trip.ts';

const own = `# m h  dom mon dow   command
SHELL=/bin/bash
MAILTO="ops@example.com"
PATH=/usr/local/bin:/usr/bin
CRON_TZ=Europe/Berlin

# Nightly backup
# of the database
0 3 * * * /usr/local/bin/backup.sh --full db
*/5 * * * * cd /srv/app && php artisan schedule:run >> /dev/null 2>&1
@daily /usr/local/bin/backup.sh
@reboot /usr/bin/startup
# 0 4 * * * /old/job

30 8 1,15 * MON-FRI mail -s "hi" root%Hello%World 100\\%
15 2 * * 0~6 /usr/bin/spread
0 * * *
`;

const system = `# /etc/crontab: system-wide crontab
17 *	* * *	root    cd / && run-parts --report /etc/cron.hourly
25 6	* * *	www-data	/usr/bin/php -q /var/www/clean.php
`;

describe('a crontab', () => {
  const imported = readCrontab(own, { withUser: false });
  const { entries, warnings } = imported;

  it('becomes schedules of shell.exec that do what cron does', () => {
    assert.deepEqual(optionsAt(imported, 0), {
      name: 'backup',
      description: 'Nightly backup\nof the database',
      handler: 'shell.exec',
      cron: '0 3 * * *',
      zone: 'Europe/Berlin',
      input: { command: '/usr/local/bin/backup.sh', args: ['--full', 'db'] },
      misfire: 'SKIP',
      retry: { maxAttempts: 1 },
    });
    assert.deepEqual(
      entries.map(({ options, line, applicable }) => [options.name, line, applicable]),
      [
        ['backup', 9, true],
        ['artisan', 10, true],
        ['backup-2', 11, true],
        ['startup', 12, false],
        ['mail', 15, true],
        ['spread', 16, false],
      ],
    );
    assert.equal(optionsAt(imported, 2).cron, '@daily');
    assert.equal(optionsAt(imported, 1).description, undefined);
    assertRoundTrip(imported);
  });

  it('gives a shell what needs one, and says so', () => {
    assert.deepEqual(optionsAt(imported, 1).input, {
      command: '/bin/bash',
      args: ['-c', 'cd /srv/app && php artisan schedule:run >> /dev/null 2>&1'],
    });
    assertSome(entries[1]?.warnings ?? [], /needs a shell.*must allow \/bin\/bash/);
    assert.deepEqual(entries[0]?.warnings, []);
  });

  it('has standard input after a percent sign', () => {
    assert.deepEqual(optionsAt(imported, 4).input, {
      command: '/bin/bash',
      args: ['-c', 'mail -s "hi" root'],
      stdin: 'Hello\nWorld 100%\n',
    });
    assertSome(entries[4]?.warnings ?? [], /begins its standard input/);
  });

  it('loses nothing without a word', () => {
    assertSome(entries[3]?.warnings ?? [], /@reboot has no equal/);
    assertSome(entries[5]?.warnings ?? [], /random range \(~\)/);
    assertSome(warnings, /^Line 2: SHELL=\/bin\/bash/);
    assertSome(warnings, /^Line 3: MAILTO=ops@example\.com is not taken over; nothing is mailed/);
    assertSome(warnings, /^Line 4: PATH=/);
    assertSome(warnings, /^Line 13 is a job that is commented out; .*: 0 4 \* \* \* \/old\/job$/);
    assertSome(warnings, /^Line 17 is no job of a crontab; it is left out: 0 \* \* \*$/);
    assert.equal(warnings.filter((warning) => /zone of its machine/.test(warning)).length, 0);
  });

  it('of a system names users', () => {
    const found = readCrontab(system, { withUser: true });
    assert.equal(optionsAt(found, 0).cron, '17 * * * *');
    assert.deepEqual(optionsAt(found, 0).input, {
      command: '/bin/sh',
      args: ['-c', 'cd / && run-parts --report /etc/cron.hourly'],
    });
    assert.equal(optionsAt(found, 1).name, 'clean');
    assertSome(found.entries[1]?.warnings ?? [], /ran as the user "www-data"/);
    assertSome(found.warnings, /UTC is assumed/);
    assert.equal(optionsAt(found, 1).zone, undefined);
    assertRoundTrip(found);
  });

  it('has the zone that is given, until it names one', () => {
    const text = '0 1 * * * a\nTZ="Mars/Base"\n0 1 * * * b\nCRON_TZ=\n0 1 * * * c\n';
    const found = readCrontab(text, { withUser: false, zone: 'Asia/Tokyo' });
    assert.deepEqual(
      found.entries.map(({ options }) => options.zone),
      ['Asia/Tokyo', 'Mars/Base', 'Asia/Tokyo'],
    );
    assertSome(found.warnings, /Line 2: TZ is "Mars\/Base", which is no IANA time zone/);
    assertRoundTrip(found);
  });

  it('gives the same for the same, whatever stands there', () => {
    const odd =
      '@every_minute x\n-*/10 * * * * quiet\n* * * * * 日本語\n* * * * * "/opt/My App/run.sh"\n\u0000\n';
    const found = readCrontab(odd, { withUser: false });
    assert.deepEqual(readCrontab(odd, { withUser: false }), found);
    assert.deepEqual(
      found.entries.map(({ options, applicable }) => [options.name, options.cron, applicable]),
      [
        ['x', '@every_minute', false],
        ['quiet', '*/10 * * * *', true],
        ['line-3', '* * * * *', true],
        ['my', '* * * * *', true],
      ],
    );
    assertRoundTrip(found);
  });
});
