/**
 * The kinds of settings: how a text becomes a value, and what is said when it does not.
 *
 * Parsers throw a plain Error whose message completes "setting X: …"; config.ts adds where the text came from.
 */

/** One setting. */
export type Setting<Value> = {
  readonly name: string;
  /** A second variable that sets it, for names that people know. */
  readonly extraVariable?: string;
  readonly unit: string;
  readonly default: string;
  readonly doc: string;
  /** True if the flag may stand alone, meaning `true`. */
  readonly switch?: true;
  parse(text: string): Value;
};

/** A setting of any kind. */
export type AnySetting = Setting<unknown>;

/** What a setting's parser answers. */
export type ValueOf<Kind> = Kind extends Setting<infer Value> ? Value : never;

/** What every kind needs to be told. */
type Facts = Pick<AnySetting, 'name' | 'extraVariable' | 'default' | 'doc'>;

/** Where a server listens. */
export type Address = { readonly host: string; readonly port: number };

/** Free text. */
export function textSetting(facts: Facts): Setting<string> {
  return { ...facts, unit: 'text', parse: (text) => text };
}

/** `true` or `false`; a flag that stands alone means `true`. */
export function flagSetting(facts: Facts): Setting<boolean> {
  return {
    ...facts,
    unit: 'true or false',
    switch: true,
    parse(text) {
      if (text === 'true' || text === '1') return true;
      if (text === 'false' || text === '0') return false;
      throw new Error(`"${text}" is neither "true" nor "false"`);
    },
  };
}

/** One word of several. */
export function choiceSetting<const Word extends string>(
  words: readonly Word[],
  facts: Facts,
): Setting<Word> {
  return {
    ...facts,
    unit: words.join(', '),
    parse(text) {
      const word = words.find((candidate) => candidate === text);
      if (word === undefined) throw new Error(`"${text}" is not one of ${words.join(', ')}`);
      return word;
    },
  };
}

/** A whole number in a range. */
export function countSetting(least: number, most: number, facts: Facts): Setting<number> {
  return {
    ...facts,
    unit: `${least} to ${most}`,
    parse(text) {
      if (!/^\d{1,12}$/.test(text)) throw new Error(`"${text}" is not a whole number`);
      return within(Number(text), least, most, text, (bound) => String(bound));
    },
  };
}

const byteUnits = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** A number of bytes in a range: `1048576`, `512KiB`, `1MiB`. */
export function bytesSetting(least: number, most: number, facts: Facts): Setting<number> {
  return {
    ...facts,
    unit: `${bytesText(least)} to ${bytesText(most)}`,
    parse(text) {
      const [, digits = '', unit = ''] = /^(\d{1,12})(|B|KiB|MiB|GiB)$/.exec(text) ?? [];
      if (digits === '') throw new Error(`"${text}" is not a size such as 1048576, 512KiB or 1MiB`);
      const bytes = Number(digits) * byteUnits[unit as keyof typeof byteUnits];
      return within(bytes, least, most, text, bytesText);
    },
  };
}

const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration in a range, in milliseconds: `500ms`, `3s`, `10m`, `24h`, `7d`. */
export function durationSetting(least: string, most: string, facts: Facts): Setting<number> {
  return {
    ...facts,
    unit: `${least} to ${most}`,
    parse(text) {
      const bounds = [parseDuration(least), parseDuration(most)] as const;
      return within(parseDuration(text), ...bounds, text, (bound) =>
        bound === bounds[0] ? least : most,
      );
    },
  };
}

/** `host:port`; an IPv6 host stands in brackets. */
export function addressSetting(facts: Facts): Setting<Address> {
  return { ...facts, unit: 'host:port', parse: parseAddress };
}

/** `all`, or some of the names with commas; answers them in the order of the table. */
export function rolesSetting<const Name extends string>(
  names: readonly Name[],
  facts: Facts,
): Setting<readonly Name[]> {
  return {
    ...facts,
    unit: 'names with commas',
    parse(text) {
      const asked = text.split(',').map((word) => word.trim());
      if (text === 'all') return names;
      const unknown = asked.find((word) => !names.some((name) => name === word));
      if (unknown !== undefined)
        throw new Error(`"${unknown}" is no role; there are ${names.join(', ')}, and "all"`);
      return names.filter((name) => asked.includes(name));
    },
  };
}

/** `none`, `all`, or some of the names with commas; answers them in the order of the table. */
export function namesSetting<const Name extends string>(
  names: readonly Name[],
  facts: Facts,
): Setting<readonly Name[]> {
  return {
    ...facts,
    unit: 'none, all, or names with commas',
    parse(text) {
      if (text === 'all') return names;
      if (text === 'none' || text === '') return [];
      const asked = text.split(',').map((word) => word.trim());
      const unknown = asked.find((word) => !names.some((name) => name === word));
      if (unknown !== undefined)
        throw new Error(`"${unknown}" is none of ${names.join(', ')}; there are "all" and "none"`);
      return names.filter((name) => asked.includes(name));
    },
  };
}

const serverPattern = /^(?:(?:nats|tls):\/\/)?(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;

/** Servers with commas, each `host:port`, with `nats://` or `tls://` before it if need be. Never with a password. */
export function serversSetting(facts: Facts): Setting<readonly string[]> {
  return {
    ...facts,
    unit: 'servers with commas',
    parse(text) {
      const servers = text
        .split(',')
        .map((server) => server.trim())
        .filter((server) => server !== '');
      // What stands before an @ may be a secret, and is not repeated.
      if (servers.some((server) => server.includes('@')))
        throw new Error('a server holds a user or a password; they have settings of their own');
      const bad = servers.find((server) => !serverPattern.test(server));
      if (bad !== undefined)
        throw new Error(`"${bad}" is not host:port, nats://host:port or tls://host:port`);
      return servers;
    },
  };
}

/** Words with dots between them, as subjects of NATS begin. */
export function subjectSetting(facts: Facts): Setting<string> {
  return {
    ...facts,
    unit: 'words with dots',
    parse(text) {
      if (!/^[a-zA-Z0-9_-]{1,64}(?:\.[a-zA-Z0-9_-]{1,64}){0,7}$/.test(text))
        throw new Error(`"${text}" is not words of a-z A-Z 0-9 _ - with dots between them`);
      return text;
    },
  };
}

/** The name of a stream of NATS; empty: none. */
export function streamSetting(facts: Facts): Setting<string> {
  return {
    ...facts,
    unit: 'name',
    parse(text) {
      if (!/^[a-zA-Z0-9_-]{0,255}$/.test(text))
        throw new Error(`"${text}" is not a name of a-z A-Z 0-9 _ -, such as MUSTER_EVENTS`);
      return text;
    },
  };
}

function parseAddress(text: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535)
    throw new Error(`"${text}" is not host:port, such as 127.0.0.1:7420 or [::1]:7420`);
  return { host, port };
}

function parseDuration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  if (digits === '') throw new Error(`"${text}" is not a duration such as 500ms, 3s, 10m, 24h, 7d`);
  return Number(digits) * durationUnits[unit as keyof typeof durationUnits];
}

function bytesText(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB'] as const)
    if (bytes >= byteUnits[unit] && bytes % byteUnits[unit] === 0)
      return `${bytes / byteUnits[unit]}${unit}`;
  return `${bytes}B`;
}

function within(
  value: number,
  least: number,
  most: number,
  text: string,
  show: (bound: number) => string,
): number {
  if (value < least) throw new Error(`"${text}" is less than ${show(least)}`);
  if (value > most) throw new Error(`"${text}" is more than ${show(most)}`);
  return value;
}
