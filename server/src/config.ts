/**
 * One frozen configuration from flags and `MUSTER_*` variables. Flags win over variables, variables over defaults.
 *
 * An unknown or malformed setting stops the start with a `ConfigError` that names it, the value and the way out: a
 * setting that is silently ignored is found at night.
 */

import type { AnySetting } from './settings/kinds.ts';
import { type Config, type SettingKey, settings } from './settings/settings.ts';
import { nearestName } from './wire/nearest-name.ts';

export { agreedSettings } from './settings/agreed.ts';
export type { Config, RoleName } from './settings/settings.ts';

/** Why the coordinator does not start; the message is for the person who started it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Variables of clients, agents and tests that may stand in the same environment; the coordinator does not read them. */
const foreignVariables = /^MUSTER_(ADDRESS|TOKEN|NAMESPACE|DEBUG|(CLIENT|AGENT|TEST)_.*)$/;

const keys = Object.keys(settings) as SettingKey[];
const flags = new Map(keys.map((key) => [flagOf(settings[key]), key]));
const variables = new Map(
  keys.flatMap((key) => variablesOf(settings[key]).map((variable) => [variable, key] as const)),
);

/** The flag of a setting, for example `--grpc-address`. */
export function flagOf(setting: AnySetting): string {
  return `--${setting.name}`;
}

/** The variables of a setting, for example `MUSTER_GRPC_ADDRESS`. */
export function variablesOf(setting: AnySetting): string[] {
  const own = `MUSTER_${setting.name.replaceAll('-', '_').toUpperCase()}`;
  return setting.extraVariable === undefined ? [own] : [own, setting.extraVariable];
}

/** Reads the configuration of a process. Throws `ConfigError`. */
export function loadConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  return resolve(new Map([...readVariables(environment), ...readFlags(args)]));
}

/** A configuration of defaults and these values; for tests and for programs that embed a coordinator. */
export function configOf(values: Partial<Config> = {}): Config {
  const config = { ...resolve(new Map()), ...values };
  checkTogether(config);
  return Object.freeze(config);
}

/** Where a text came from, for messages. */
type Given = { readonly text: string; readonly source: string };

function readFlags(args: readonly string[]): Map<SettingKey, Given> {
  const given = new Map<SettingKey, Given>();
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const [flag = '', inline] = splitOnce(arg, '=');
    const key = flags.get(flag);
    if (key === undefined) throw unknown('flag', flag, [...flags.keys()]);
    if (given.has(key)) throw new ConfigError(`Flag ${flag} is given twice.`);
    const setting: AnySetting = settings[key];
    const next = args[at + 1];
    const alone =
      inline === undefined && setting.switch === true && !/^(true|false)$/.test(next ?? '');
    if (inline === undefined && !alone) {
      if (next === undefined || next.startsWith('--'))
        throw new ConfigError(`Flag ${flag} needs a value (${setting.unit}).`);
      at += 1;
    }
    given.set(key, { text: alone ? 'true' : (inline ?? next ?? ''), source: `flag ${flag}` });
  }
  return given;
}

function readVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Map<SettingKey, Given> {
  const given = new Map<SettingKey, Given>();
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith('MUSTER_') || text === undefined) continue;
    const key = variables.get(variable);
    if (key === undefined) {
      if (foreignVariables.test(variable)) continue;
      throw unknown('variable', variable, [...variables.keys()]);
    }
    const earlier = given.get(key);
    if (earlier !== undefined && earlier.text !== text)
      throw new ConfigError(
        `Variables ${earlier.source.slice('variable '.length)} and ${variable} disagree. Set one of them.`,
      );
    given.set(key, { text, source: `variable ${variable}` });
  }
  return given;
}

function unknown(kind: 'flag' | 'variable', name: string, known: readonly string[]): ConfigError {
  const nearest = nearestName(name, known);
  const hint = nearest === '' ? '' : ` Did you mean ${nearest}?`;
  return new ConfigError(
    `There is no ${kind} ${name}.${hint} docs/configuration.md lists all settings.`,
  );
}

function resolve(given: ReadonlyMap<SettingKey, Given>): Config {
  const values = keys.map((key) => {
    const setting: AnySetting = settings[key];
    const { text, source } = given.get(key) ?? { text: setting.default, source: 'the default' };
    try {
      return [key, setting.parse(text)] as const;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`Setting ${setting.name} (${source}) is malformed: ${why}.`);
    }
  });
  // Each value was parsed by the setting of its key, which is where Config has its types from.
  const config = Object.fromEntries(values) as Config;
  checkTogether(config);
  return Object.freeze(config);
}

/** Rules between settings. */
function checkTogether(config: Config): void {
  if ((config.tlsCertificateFile === '') !== (config.tlsKeyFile === ''))
    throw new ConfigError(
      'Settings tls-certificate-file and tls-key-file are given together or not at all.',
    );
  if (config.tlsClientAuthorityFile !== '' && config.tlsCertificateFile === '')
    throw new ConfigError(
      'Setting tls-client-authority-file needs tls-certificate-file and tls-key-file.',
    );
  if (config.silenceTimeoutMs <= config.heartbeatIntervalMs)
    throw new ConfigError('Setting silence-timeout must be longer than heartbeat-interval.');
  if (config.sessionTimeoutMs <= config.silenceTimeoutMs)
    throw new ConfigError('Setting session-timeout must be longer than silence-timeout.');
  if (config.coordinatorTimeoutMs <= config.coordinatorBeatIntervalMs)
    throw new ConfigError(
      'Setting coordinator-timeout must be longer than coordinator-beat-interval.',
    );
  checkNats(config);
  checkExposure(config);
}

/** One way to say who we are, nothing by halves, and nothing for a NATS that is not there. */
function checkNats(config: Config): void {
  const { natsServers, natsCredentialsFile, natsUser, natsTokenFile } = config;
  if ((natsUser === '') !== (config.natsPasswordFile === ''))
    throw new ConfigError(
      'Settings nats-user and nats-password-file are given together or not at all.',
    );
  if ((config.natsTlsCertificateFile === '') !== (config.natsTlsKeyFile === ''))
    throw new ConfigError(
      'Settings nats-tls-certificate-file and nats-tls-key-file are given together or not at all.',
    );
  const identities = { natsCredentialsFile, natsUser, natsTokenFile } as const;
  const [one, other] = (['natsCredentialsFile', 'natsUser', 'natsTokenFile'] as const).filter(
    (key) => identities[key] !== '',
  );
  if (one !== undefined && other !== undefined)
    throw new ConfigError(
      `Settings ${settings[one].name} and ${settings[other].name} both say who this coordinator is to NATS. Give one of them.`,
    );
  if (config.eventsStream !== '' && config.events.length === 0)
    throw new ConfigError(
      `Setting events-stream is ${config.eventsStream}, but events is none, so nothing would be kept. Name the events, or all.`,
    );
  if (natsServers.length > 0) return;
  const files = ['natsTlsCaFile', 'natsTlsCertificateFile'] as const;
  const idle = one ?? files.find((key) => config[key] !== '');
  if (idle !== undefined || config.events.length > 0)
    throw new ConfigError(
      `Setting ${settings[idle ?? 'events'].name} needs nats-servers, which is empty.`,
    );
}

/** An open port without TLS or tokens lets anyone run code on the agents. */
function checkExposure(config: Config): void {
  const missing = [
    ...(config.tlsCertificateFile === '' ? ['tls-certificate-file and tls-key-file'] : []),
    ...(config.tokensFile === '' ? ['tokens-file'] : []),
  ].join(', and ');
  if (missing === '' || config.insecure) return;
  for (const key of ['grpcAddress', 'httpAddress'] as const) {
    const { host } = config[key];
    if (isLoopback(host)) continue;
    throw new ConfigError(
      `Setting ${settings[key].name} listens on ${host}, which others can reach, so ${missing} must be given too. ` +
        'Listen on 127.0.0.1, give them, or take the risk with --insecure.',
    );
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** What `--help` prints. */
export function helpText(): string {
  const lines = keys.map((key) => {
    const setting: AnySetting = settings[key];
    const { default: fallback, unit, doc } = setting;
    return `  ${flagOf(setting)}  (${variablesOf(setting).join(', ')}; ${unit}; default: ${fallback || 'none'})\n      ${doc}`;
  });
  return `The Muster coordinator. Settings are flags or variables; flags win.\n\n${lines.join('\n')}\n`;
}
