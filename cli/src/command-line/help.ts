// The texts of `--help`, written from the commands themselves.

import { exitCodes } from '../exit-codes.ts';
import { everywhere } from './arguments.ts';
import type { Command, Options } from './command.ts';

/** `muster --help`: all commands and the exit codes. */
export function generalHelp(commands: readonly Command[]): string[] {
  return [
    'Muster: a distributed task runtime.',
    '',
    'Usage: muster COMMAND [ARGUMENTS]',
    '',
    ...aligned(commands.map((command) => [command.name, command.summary])),
    '',
    'Exit codes:',
    ...aligned(Object.values(exitCodes).map(({ code, doc }) => [String(code), doc])),
    '',
    '"muster COMMAND --help" tells more, with examples.',
  ];
}

/** `muster COMMAND --help`. */
export function commandHelp(command: Command): string[] {
  const options = { ...command.options, ...everywhere };
  return [
    command.summary,
    '',
    `Usage: muster ${command.name} ${command.positionals}`.trimEnd().concat(' [OPTIONS]'),
    '',
    ...(command.details === undefined ? [] : [...command.details, '']),
    'Options:',
    ...aligned(optionLines(options)),
    '',
    'Examples:',
    ...command.examples.flatMap(([line, doc]) => [`  ${line}`, `      ${doc}`]),
  ];
}

/** Help for words that only begin the names of commands, such as `task`. */
export function groupHelp(word: string, commands: readonly Command[]): string[] {
  const below = commands.filter((command) => command.name.startsWith(`${word} `));
  return [
    `Usage: muster ${word} COMMAND [ARGUMENTS]`,
    '',
    ...aligned(below.map((command) => [command.name, command.summary])),
    '',
    `"muster ${word} COMMAND --help" tells more, with examples.`,
  ];
}

function optionLines(options: Options): [string, string][] {
  return Object.entries(options).map(([name, { type, short, value, multiple, doc }]) => {
    const dashes = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
    const words = type === 'string' ? `${dashes} ${value ?? 'VALUE'}` : dashes;
    return [words, multiple ? `${doc} May be repeated.` : doc];
  });
}

function aligned(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, doc]) => `  ${name.padEnd(width)}  ${doc}`);
}
