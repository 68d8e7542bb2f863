// Reads a command line: which command, which options, which positionals. What is not known is
// refused with the nearest known name.

import { parseArgs } from 'node:util';
import { nearestName } from '@muster/sdk/internal';
import { UsageError } from '../exit-codes.ts';
import type { Command, Options } from './command.ts';

/** Options that every command has. */
export const everywhere = {
  help: { type: 'boolean', short: 'h', doc: 'Show this help.' },
} as const satisfies Options;

/** A command line that was understood as far as the command. */
export interface Found {
  readonly command: Command;
  /** What follows the words of the command. */
  readonly rest: readonly string[];
}

/** The command that the words name; the longest name wins. Throws `UsageError` with the nearest name. */
export function findCommand(words: readonly string[], commands: readonly Command[]): Found {
  const matching = commands
    .filter((command) => command.name.split(' ').every((word, at) => words[at] === word))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (matching !== undefined) {
    return { command: matching, rest: words.slice(matching.name.split(' ').length) };
  }
  const [first = '', second = ''] = words;
  const names = commands.map((command) => command.name);
  const below = names.filter((name) => name.startsWith(`${first} `));
  if (below.length > 0) {
    const verbs = below.map((name) => name.slice(first.length + 1));
    const near = nearestName(second, verbs);
    const what =
      second === '' || second.startsWith('-')
        ? `"muster ${first}" needs one more word`
        : `There is no command "muster ${first} ${second}"`;
    const hint =
      near === undefined ? `: ${verbs.join(', ')}` : `. Did you mean "${first} ${near}"?`;
    throw new UsageError(`${what}${hint}`, first);
  }
  const near = nearestName(first, [...new Set(names.map((name) => name.split(' ')[0] ?? ''))]);
  const hint = near === undefined ? '"muster --help" lists them.' : `Did you mean "${near}"?`;
  throw new UsageError(`There is no command "${first}". ${hint}`);
}

/** What was given to a command. */
export interface Given {
  readonly values: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly positionals: readonly string[];
}

/** Reads options and positionals of a command. Throws `UsageError`. */
export function readArguments(command: Command, rest: readonly string[]): Given {
  if (command.passThrough === true) return { values: {}, positionals: rest };
  const options: Options = { ...command.options, ...everywhere };
  checkKnown(command, rest, options);
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, short, multiple }]) => [
          name,
          { type, ...(short === undefined ? {} : { short }), multiple: multiple === true },
        ]),
      ),
      allowPositionals: true,
    });
    const given = { values: values as Given['values'], positionals };
    if (given.values.help !== true) checkCount(command, positionals);
    return given;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message.replaceAll('\n', ' '), command.name);
  }
}

/** `parseArgs` names an unknown option; only we know the nearest one. */
function checkKnown(command: Command, rest: readonly string[], options: Options): void {
  for (const [at, word] of rest.entries()) {
    if (word === '--') return;
    if (!word.startsWith('--')) continue;
    const name = word.slice(2).split('=')[0] ?? '';
    if (name in options || isValue(rest[at - 1], options)) continue;
    const near = nearestName(name, Object.keys(options));
    const known = Object.keys(options).map((key) => `--${key}`);
    const hint = near === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "--${near}"?`;
    throw new UsageError(
      `"muster ${command.name}" has no option "--${name}". ${hint}`,
      command.name,
    );
  }
}

function isValue(before: string | undefined, options: Options): boolean {
  if (before === undefined || !before.startsWith('--')) return false;
  return options[before.slice(2)]?.type === 'string';
}

function checkCount(command: Command, positionals: readonly string[]): void {
  const [least, most] = command.count;
  if (positionals.length >= least && positionals.length <= most) return;
  const shape = `muster ${command.name} ${command.positionals}`.trim();
  const what =
    positionals.length < least
      ? `Something is missing: ${shape}`
      : `"${positionals[most]}" is too much: ${shape}`;
  throw new UsageError(what, command.name);
}
