// The configuration: what wins, what is refused and how, and that the docs say the same.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ConfigError, configOf, flagOf, helpText, loadConfig, variablesOf } from './config.ts';
import type { AnySetting } from './settings/kinds.ts';
import { settings } from './settings/settings.ts';

const all: readonly AnySetting[] = Object.values(settings);

function refusal(args: readonly string[], environment: Record<string, string> = {}): string {
  try {
    loadConfig(args, environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  assert.fail('It was accepted.');
}

describe('the configuration', () => {
  it('is frozen, and has the defaults of the documentation', () => {
    const config = loadConfig([], { HOME: '/root' });
    assert.ok(Object.isFrozen(config));
    assert.deepEqual(config.grpcAddress, { host: '127.0.0.1', port: 7420 });
    assert.equal(config.sessionTimeoutMs, 7000);
    assert.deepEqual(config.roles, ['dispatch', 'api', 'scheduling', 'monitoring']);
  });

  it('takes flags in both forms, and lets them win over variables', () => {
    const config = loadConfig(['--log-level=debug', '--database', 'memory', '--insecure'], {
      MUSTER_LOG_LEVEL: 'warn',
      MUSTER_PAYLOAD_BYTES_MAX: '512KiB',
    });
    assert.equal(config.logLevel, 'debug');
    assert.equal(config.database, 'memory');
    assert.equal(config.insecure, true);
    assert.equal(config.payloadBytesMax, 512 * 1024);
  });

  it('reads the database from MUSTER_DATABASE_URL, and refuses two that disagree', () => {
    const url = 'postgres://localhost/muster';
    assert.equal(loadConfig([], { MUSTER_DATABASE_URL: url }).database, url);
    assert.match(
      refusal([], { MUSTER_DATABASE_URL: url, MUSTER_DATABASE: 'memory' }),
      /MUSTER_DATABASE_URL and MUSTER_DATABASE disagree/,
    );
  });

  it('names an unknown setting and the nearest known one', () => {
    assert.match(
      refusal(['--grpc-adress', 'x']),
      /no flag --grpc-adress\. Did you mean --grpc-address\?/,
    );
    assert.match(
      refusal([], { MUSTER_LOGLEVEL: 'info' }),
      /no variable MUSTER_LOGLEVEL\. Did you mean MUSTER_LOG_LEVEL\?/,
    );
    assert.match(refusal(['start']), /no flag start/);
  });

  it('leaves the variables of clients and agents alone', () => {
    loadConfig([], { MUSTER_TOKEN: 'x', MUSTER_ADDRESS: 'x', MUSTER_TEST_POSTGRES_URL: 'x' });
  });

  it('says which setting is malformed, where it stands, and what is expected', () => {
    const cases: readonly (readonly [string[], RegExp])[] = [
      [
        ['--silence-timeout', '3'],
        /silence-timeout \(flag --silence-timeout\).*"3" is not a duration/,
      ],
      [['--session-timeout', '11m'], /"11m" is more than 10m/],
      [['--retention-window', '1d'], /"1d" is less than 2d/],
      [['--grpc-address', 'localhost'], /not host:port/],
      [['--grpc-address', '127.0.0.1:70000'], /not host:port/],
      [['--roles', 'api,dispach'], /"dispach" is no role/],
      [['--log-level', 'loud'], /"loud" is not one of trace, debug/],
      [['--payload-bytes-max', '1MB'], /"1MB" is not a size/],
      [['--streams-max', '-1'], /"-1" is not a whole number/],
      [['--streams-max'], /Flag --streams-max needs a value/],
      [['--insecure', '--insecure'], /given twice/],
    ];
    for (const [args, pattern] of cases) assert.match(refusal(args), pattern);
    assert.match(
      refusal([], { MUSTER_HEARTBEAT_INTERVAL: 'soon' }),
      /\(variable MUSTER_HEARTBEAT_INTERVAL\)/,
    );
  });

  it('keeps the silences in order', () => {
    assert.match(refusal(['--heartbeat-interval', '3s']), /silence-timeout must be longer/);
    assert.match(refusal(['--session-timeout', '2s']), /session-timeout must be longer/);
  });

  it('listens beyond loopback only with TLS and tokens, or by --insecure', () => {
    const open = ['--grpc-address', '0.0.0.0:7420'];
    const tls = ['--tls-certificate-file', 'c', '--tls-key-file', 'k'];
    assert.match(
      refusal(open),
      /tls-certificate-file and tls-key-file, and tokens-file must be given/,
    );
    assert.match(refusal([...open, ...tls]), /so tokens-file must be given/);
    assert.match(refusal([...open, '--tokens-file', 't']), /so tls-certificate-file/);
    loadConfig([...open, ...tls, '--tokens-file', 't'], {});
    loadConfig([...open, '--insecure'], {});
    assert.match(
      refusal(['--http-address', '0.0.0.0:7421']),
      /Setting http-address listens on 0\.0\.0\.0/,
    );
    loadConfig(['--grpc-address', '[::1]:0'], {});
    assert.match(refusal(['--tls-key-file', 'k']), /together or not at all/);
  });

  it('asks for one identity and whole pairs for NATS, and for servers', () => {
    const servers = ['--nats-servers', 'a:4222, tls://b'];
    const user = ['--nats-user', 'u', '--nats-password-file', 'p'];
    const config = loadConfig([...servers, ...user, '--events', 'failed,submitted'], {});
    assert.deepEqual(config.natsServers, ['a:4222', 'tls://b']);
    assert.deepEqual(config.events, ['submitted', 'failed']);
    assert.equal(loadConfig([...servers, '--events', 'all'], {}).events.length, 16);
    const cases: readonly (readonly [string[], RegExp])[] = [
      [user, /nats-user needs nats-servers, which is empty/],
      [['--nats-tls-ca-file', 'c'], /nats-tls-ca-file needs nats-servers/],
      [['--events', 'all'], /Setting events needs nats-servers/],
      [[...servers, '--events', 'ended'], /"ended" is none of submitted, started/],
      [[...servers, '--nats-user', 'u'], /nats-user and nats-password-file are given together/],
      [[...servers, '--nats-tls-key-file', 'k'], /nats-tls-certificate-file and nats-tls-key-file/],
      [
        [...servers, ...user, '--nats-token-file', 't'],
        /nats-user and nats-token-file both say who/,
      ],
      [['--nats-servers', 'nats:/a'], /"nats:\/a" is not host:port/],
      [['--nats-subject-prefix', 'a.>'], /"a\.>" is not words/],
    ];
    for (const [args, pattern] of cases) assert.match(refusal(args), pattern);
    const secret = refusal(['--nats-servers', 'nats://u:secret@a']);
    assert.match(secret, /a server holds a user or a password/);
    assert.doesNotMatch(secret, /secret/);
  });

  it('can be made from values, with the same rules', () => {
    assert.equal(configOf({ database: 'memory' }).database, 'memory');
    assert.throws(() => configOf({ grpcAddress: { host: '0.0.0.0', port: 1 } }), ConfigError);
  });

  it('is described wholly by --help and by docs/configuration.md', () => {
    const docs = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const help = helpText();
    for (const setting of all) {
      const row = docs.split('\n').find((line) => line.startsWith(`| \`${setting.name}\` |`));
      assert.ok(row, `docs/configuration.md has no row for ${setting.name}`);
      const fallback = setting.default === '' ? 'none' : `\`${setting.default}\``;
      for (const part of [...variablesOf(setting), fallback, setting.unit, setting.doc])
        assert.ok(
          row.includes(part),
          `docs/configuration.md: the row of ${setting.name} lacks "${part}"`,
        );
      assert.ok(help.includes(flagOf(setting)));
    }
    const rows = docs.split('\n').filter((line) => /^\| `[a-z-]+` \| `MUSTER_/.test(line));
    assert.equal(rows.length, all.length, 'docs/configuration.md has rows of no setting');
  });
});
